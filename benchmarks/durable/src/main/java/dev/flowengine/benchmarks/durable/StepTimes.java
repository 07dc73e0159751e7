package dev.flowengine.benchmarks.durable;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How long steps take: from the beginning of one body to the beginning of the next of the same flow, which is when the
 * first one is kept; of the last one, to the end of the flow. Thread-safe.
 */
public final class StepTimes {
    private static final int FLOWS = 1 << 16;
    /** Buckets for each power of two: what is told is wrong by a 64th at most. */
    private static final int FINENESS = 64;

    private final AtomicLongArray begun = new AtomicLongArray(FLOWS);
    private final AtomicLongArray buckets = new AtomicLongArray(FINENESS * Long.SIZE);

    /**
     * The body of a step of a flow begins, or its flow has ended.
     *
     * @param flow number of the flow
     */
    public void step(long flow) {
        long now = System.nanoTime();
        long before = begun.getAndSet(slot(flow), now);
        if (before != 0) {
            add(now - before);
        }
    }

    /**
     * A flow has ended.
     *
     * @param flow its number
     */
    public void ended(long flow) {
        step(flow);
        begun.set(slot(flow), 0);
    }

    /** Adds a time that was measured otherwise. */
    void add(long nanos) {
        buckets.incrementAndGet(bucket(Math.max(1, nanos)));
    }

    void clear() {
        for (int i = 0; i < buckets.length(); i++) {
            buckets.set(i, 0);
        }
    }

    /** The time in microseconds that such a part of the steps did not exceed. */
    double micros(double part) {
        long all = 0;
        for (int i = 0; i < buckets.length(); i++) {
            all += buckets.get(i);
        }
        long below = (long) Math.ceil(part * all);
        for (int i = 0; i < buckets.length(); i++) {
            below -= buckets.get(i);
            if (below <= 0) {
                return upperEnd(i) / 1_000.0;
            }
        }
        return 0;
    }

    private static int slot(long flow) {
        return (int) (flow % FLOWS);
    }

    private static int bucket(long nanos) {
        int power = Long.SIZE - 1 - Long.numberOfLeadingZeros(nanos);
        long rest = nanos - (1L << power);
        return power * FINENESS + (int) (((double) rest / (1L << power)) * FINENESS);
    }

    private static double upperEnd(int bucket) {
        double start = 1L << (bucket / FINENESS);
        return start + start * (bucket % FINENESS + 1) / FINENESS;
    }
}
