package dev.flowengine.persistence;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Makes instants such that every database can keep them. */
final class StoreTime {
    private static final Instant FIRST = Instant.parse("1000-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999Z");

    private StoreTime() {}

    static Instant storable(Instant instant) {
        if (instant.isBefore(FIRST)) {
            return FIRST;
        }
        return instant.isAfter(LAST) ? LAST : instant.truncatedTo(ChronoUnit.MICROS);
    }

    static Optional<Instant> storable(Optional<Instant> instant) {
        return instant.map(StoreTime::storable);
    }
}
