package dev.flowengine.examples;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** The time of one replay: recorded seconds, passed faster or slower. Thread-safe. */
final class ReplayClock {
    private static final double NANOS_PER_SECOND = 1e9;

    private final double speed;
    private final LongAdder busyNanos = new LongAdder();

    /**
     * A clock that has not measured anything.
     *
     * @param speed recorded seconds for each second that passes
     */
    ReplayClock(double speed) {
        this.speed = speed;
    }

    /** Blocks the calling thread for as long as a recorded time takes here; not at all if that is nothing. */
    void pass(double recordedSeconds) throws InterruptedException {
        long begin = System.nanoTime();
        long nanos = nanos(recordedSeconds);
        try {
            // The latch never opens. It is awaited, not slept on, so that a cancelled body ends at once.
            boolean opened = nanos > 0 && new CountDownLatch(1).await(nanos, TimeUnit.NANOSECONDS);
            assert !opened;
        } finally {
            busyNanos.add(System.nanoTime() - begin);
        }
    }

    /** How long a recorded time takes here. */
    long nanos(double recordedSeconds) {
        return Math.round(recordedSeconds / speed * NANOS_PER_SECOND);
    }

    /** How long callers were blocked, all together. */
    long busyNanos() {
        return busyNanos.sum();
    }
}
