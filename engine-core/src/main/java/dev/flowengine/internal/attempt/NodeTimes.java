package dev.flowengine.internal.attempt;

import dev.flowengine.extension.TimeSource;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Instant;
import java.util.Optional;

/** When the bodies of an execution started and ended. Written by the threads that run them, readable by any. */
public final class NodeTimes {
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
        return instant(ended, node);
    }

    void start(int node) {
        // Of an earlier attempt.
        ENTRY.setRelease(ended, node, 0L);
        ENTRY.setRelease(started, node, time.nanoTime() - originNanos);
    }

    void end(int node) {
        ENTRY.setRelease(ended, node, time.nanoTime() - originNanos);
    }

    private Optional<Instant> instant(long[] entries, int node) {
        long entry = (long) ENTRY.getAcquire(entries, node);
        return entry == 0 ? Optional.empty() : Optional.of(origin.plusNanos(entry - 1));
    }
}
