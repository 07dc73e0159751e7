package dev.flowengine.internal.attempt;

import dev.flowengine.extension.TimeSource;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Instant;
import java.util.Optional;

/** When the bodies of an execution started and ended. Written by the threads that run them, readable by any. */
public final class NodeTimes {
    /** Instead of a duration. */
    public static final long NONE = -1;

    private static final VarHandle ENTRY = MethodHandles.arrayElementVarHandle(long[].class);

    private final TimeSource time;
    private final Instant origin;
    private final long originNanos;
    private final long[] started;
    private final long[] ended;

    /**
     * Creates an empty table.
     *
     * @param nodes how many nodes there are
     * @param time the clock
     * @param origin when the execution was admitted: now
     */
    public NodeTimes(int nodes, TimeSource time, Instant origin) {
        this.time = time;
        this.origin = origin;
        // One less, so that no entry is ever zero: zero means there is none.
        this.originNanos = time.nanoTime() - 1;
        this.started = new long[nodes];
        this.ended = new long[nodes];
    }

    private NodeTimes(NodeTimes original) {
        this.time = original.time;
        this.origin = original.origin;
        this.originNanos = original.originNanos;
        this.started = copy(original.started);
        this.ended = copy(original.ended);
    }

    /**
     * A copy that is not written any more.
     *
     * @return an independent table
     */
    public NodeTimes copy() {
        return new NodeTimes(this);
    }

    /**
     * When the body of a node started.
     *
     * @param node its number
     * @return the instant, if it did
     */
    public Optional<Instant> startedAt(int node) {
        return instant(started, node);
    }

    /**
     * When the body of a node ended.
     *
     * @param node its number
     * @return the instant, if it did
     */
    public Optional<Instant> endedAt(int node) {
        return nanos(node) == NONE ? Optional.empty() : instant(ended, node);
    }

    /**
     * How long the body of a node took.
     *
     * @param node its number
     * @return nanoseconds, or {@link #NONE} if it did not start, or has not ended since it last did
     */
    public long nanos(int node) {
        long end = (long) ENTRY.getAcquire(ended, node);
        long start = (long) ENTRY.getAcquire(started, node);
        return start == 0 || end < start ? NONE : end - start;
    }

    /**
     * Nobody waits for the body of a node any more: its time is over, as if it had ended.
     *
     * @param node its number
     */
    public void giveUp(int node) {
        end(node);
    }

    void start(int node) {
        // Of an earlier attempt.
        ENTRY.setRelease(ended, node, 0L);
        ENTRY.setRelease(started, node, time.nanoTime() - originNanos);
    }

    void end(int node) {
        ENTRY.setRelease(ended, node, time.nanoTime() - originNanos);
    }

    private static long[] copy(long[] entries) {
        long[] copy = new long[entries.length];
        for (int node = 0; node < copy.length; node++) {
            copy[node] = (long) ENTRY.getAcquire(entries, node);
        }
        return copy;
    }

    private Optional<Instant> instant(long[] entries, int node) {
        long entry = (long) ENTRY.getAcquire(entries, node);
        return entry == 0 ? Optional.empty() : Optional.of(origin.plusNanos(entry - 1));
    }
}
