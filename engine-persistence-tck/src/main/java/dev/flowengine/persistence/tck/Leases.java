package dev.flowengine.persistence.tck;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The clock of a store in memory, and the leases judged by it. Guarded by the store. */
final class Leases {
    private final InstantSource clock;
    private final Map<String, Instant> ends = new HashMap<>();
    private Duration offset = Duration.ZERO;

    Leases(InstantSource clock) {
        this.clock = clock;
    }

    Instant now() {
        return clock.instant().plus(offset).truncatedTo(ChronoUnit.MICROS);
    }

    void advance(Duration by) {
        offset = offset.plus(by);
    }

    void renew(String workerId, Instant end) {
        ends.put(workerId, end);
    }

    void end(String workerId) {
        ends.remove(workerId);
    }

    boolean isLive(String workerId) {
        return endOf(workerId).filter(end -> end.isAfter(now())).isPresent();
    }

    /** When the lease of a worker ends or has ended; empty if nothing is known of it. */
    Optional<Instant> endOf(String workerId) {
        return Optional.ofNullable(ends.get(workerId));
    }
}
