package dev.flowengine.jdbc;

import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes the numbers of runs, without asking the database: about the milliseconds since 1970, so that rows of one time stand
 * together, and chance below, so that processes seldom make the same. If they do, the later one is told by the key of the
 * table and makes another.
 */
final class RunNumbers {
    private static final int CHANCE_BITS = 21;

    private final AtomicLong last = new AtomicLong();
    private final long startMillis;
    private final long startNanos;

    /** Begins at an instant of the store's time. */
    RunNumbers(Instant start) {
        this.startMillis = start.toEpochMilli();
        this.startNanos = System.nanoTime();
    }

    long next() {
        long millis = startMillis + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
        long chance = ThreadLocalRandom.current().nextLong(1L << CHANCE_BITS);
        long wanted = (millis << CHANCE_BITS) | chance;
        return last.updateAndGet(before -> Math.max(before + 1, wanted));
    }
}
