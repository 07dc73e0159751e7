package dev.flowengine.internal.kernel;

import dev.flowengine.extension.TimeSource;
import dev.flowengine.model.ExecutionStatus;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Lets go of executions that do nothing but wait, so that they take no memory here. Each is taken up again, here or elsewhere, a
 * little before it is due, so that it is not late; or because somebody asks something of it.
 *
 * <p>For one thread.
 */
final class Offloading {
    private static final int LOOKS = 4;
    /** It may take one whole interval until somebody looks for what is due, and a while to take it up. */
    private static final int EARLIER = 2;

    private final TimeSource time;
    private final Map<String, DurableRun> owned;
    private final Duration after;
    private final Duration lead;
    private final long afterNanos;
    private long lookedAt;

    /**
     * Creates it.
     *
     * @param settings after how long executions are let go of, and how often somebody looks for those that are due
     * @param time the clock
     * @param owned those that go on here
     */
    Offloading(StoreSettings settings, TimeSource time, Map<String, DurableRun> owned) {
        this.time = time;
        this.owned = owned;
        this.after = settings.offloadAfter();
        this.lead = settings.sweepInterval().multipliedBy(EARLIER);
        this.afterNanos = TimeUnit.NANOSECONDS.convert(after);
        this.lookedAt = time.nanoTime();
    }

    /** Looks for executions that have done nothing but wait for a while. */
    void look() {
        long now = time.nanoTime();
        if (afterNanos == 0 || now - lookedAt < afterNanos / LOOKS) {
            return;
        }
        lookedAt = now;
        for (DurableRun durable : owned.values()) {
            if (durable.run().status() == ExecutionStatus.WAITING && durable.hasRested(now, afterNanos)) {
                durable.offload(after.plus(lead), lead);
            }
        }
    }
}
