package dev.flowengine.internal.kernel;

import dev.flowengine.extension.TimeSource;
import java.time.Instant;

/**
 * The clock of the host, which may fail: then time goes on by the clock of the machine from where it was known last. No
 * execution may hang, or lose what it has done, because the time could not be told.
 */
final class DependableTime implements TimeSource {
    private final TimeSource hosts;
    private final TimeSource machines = TimeSource.system();
    private final long hostsOrigin;
    private final long machinesOrigin;
    private volatile Known last;

    /** Reads the host's clock: one that does not work at all is refused. */
    DependableTime(TimeSource hosts) {
        this.hosts = hosts;
        this.hostsOrigin = hosts.nanoTime();
        this.machinesOrigin = machines.nanoTime();
        this.last = new Known(hosts.instant(), hostsOrigin);
    }

    @Override
    public Instant instant() {
        long nanos = nanoTime();
        try {
            Instant now = hosts.instant();
            last = new Known(now, nanos);
            return now;
        } catch (RuntimeException broken) {
            Known known = last;
            return known.instant.plusNanos(nanos - known.nanos);
        }
    }

    @Override
    public long nanoTime() {
        try {
            return hosts.nanoTime();
        } catch (RuntimeException broken) {
            return hostsOrigin + machines.nanoTime() - machinesOrigin;
        }
    }

    /** An instant the host's clock has told, and how much time had passed by then. */
    private record Known(Instant instant, long nanos) {}
}
