package dev.flowengine.internal.kernel;

import dev.flowengine.extension.TimeSource;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The clock of the host, which may fail: then time goes on by the clock of the machine from where it was known last. No
 * execution may hang, or lose what it has done, because the time could not be told.
 */
final class DependableTime implements TimeSource {
    private final TimeSource hosts;
    private final TimeSource machines = TimeSource.system();
    private volatile @Nullable Known last;

    DependableTime(TimeSource hosts) {
        this.hosts = hosts;
    }

    /**
     * The time now.
     *
     * @throws RuntimeException if the host's clock fails that has never told the time
     */
    @Override
    public Instant instant() {
        try {
            Instant now = hosts.instant();
            Known known = last;
            if (known == null || known.instant.getEpochSecond() != now.getEpochSecond()) {
                last = new Known(now, nanoTime(), machines.nanoTime());
            }
            return now;
        } catch (RuntimeException | Error broken) {
            Known known = last;
            if (known == null) {
                throw broken;
            }
            return known.instant.plusNanos(nanoTime() - known.nanos);
        }
    }

    @Override
    public long nanoTime() {
        try {
            return hosts.nanoTime();
        } catch (RuntimeException | Error broken) {
            Known known = last;
            long now = machines.nanoTime();
            return known == null ? now : known.nanos + now - known.machinesNanos;
        }
    }

    /** An instant the host's clock has told, and how much time had passed by then, by either clock. */
    private record Known(Instant instant, long nanos, long machinesNanos) {}
}
