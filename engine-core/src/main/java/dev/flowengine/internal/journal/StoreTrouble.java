package dev.flowengine.internal.journal;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * How to treat a store that fails for the moment: after longer and longer pauses, with less and less at a time, so that
 * what is overloaded is not loaded further. The pauses are jittered over their whole length (Brooker, <i>Exponential
 * backoff and jitter</i>, AWS Architecture Blog, 2015), so that engines that failed together do not come back together.
 *
 * <p>For one thread.
 */
final class StoreTrouble {
    private static final long SHORTEST_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final int mostAtOnce;
    private int atOnce;
    private long pause = SHORTEST_NANOS;

    StoreTrouble(int mostAtOnce) {
        this.mostAtOnce = mostAtOnce;
        this.atOnce = mostAtOnce;
    }

    /** How many writes to try together. */
    int atOnce() {
        return atOnce;
    }

    void succeeded() {
        pause = SHORTEST_NANOS;
        atOnce = Math.min(mostAtOnce, 2 * atOnce);
    }

    /** The store has failed; tells how long to leave it alone. */
    Duration failed() {
        long longest = pause;
        pause = Math.min(LONGEST_NANOS, 2 * pause);
        atOnce = Math.max(1, atOnce / 2);
        return Duration.ofNanos(longest / 2 + ThreadLocalRandom.current().nextLong(longest / 2 + 1));
    }
}
