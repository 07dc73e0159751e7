package dev.flowengine.internal.attempt;

import dev.flowengine.extension.TimeSource;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** When the bodies of an execution started and ended. Written by the threads that run them, readable by any. */
public final class NodeTimes {
    /** Instead of a duration. */
    public static final long NONE = -1;

    private static final VarHandle ENTRY = MethodHandles.arrayElementVarHandle(long[].class);

    private final TimeSource time;
    private final Instant origin;
    private final long originNanos;
    /** Of each node when it started, then when it ended: side by side, because whoever needs one needs the other. */
    private final long[] entries;

    /**
     * Creates an empty table.
     *
     * @param nodes how many nodes there are
     * @param time the clock
     * @param origin when the execution was admitted: now
     */
    public NodeTimes(int nodes, TimeSource time, Instant origin) {
        this(nodes, time, origin, Duration.ZERO);
    }

    /**
     * Creates an empty table for an execution that was admitted some time ago.
     *
     * @param nodes how many nodes there are
     * @param time the clock
     * @param origin when the execution was admitted
     * @param since how long ago that was
     */
    public NodeTimes(int nodes, TimeSource time, Instant origin, Duration since) {
        this.time = time;
        this.origin = origin;
        // One less, so that no entry is ever zero: zero means there is none.
        this.originNanos = time.nanoTime() - 1 - Math.max(0, TimeUnit.NANOSECONDS.convert(since));
        this.entries = new long[Math.multiplyExact(2, nodes)];
    }

    private NodeTimes(NodeTimes original) {
        this.time = original.time;
        this.origin = original.origin;
        this.originNanos = original.originNanos;
        this.entries = new long[original.entries.length];
        for (int i = 0; i < entries.length; i++) {
            entries[i] = original.entry(i);
        }
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
        return ifAny(entry(2 * node));
    }

    /**
     * When the body of a node ended.
     *
     * @param node its number
     * @return the instant, if it did
     */
    public Optional<Instant> endedAt(int node) {
        return nanos(node) == NONE ? Optional.empty() : ifAny(entry(2 * node + 1));
    }

    /**
     * How long the body of a node took.
     *
     * @param node its number
     * @return nanoseconds, or {@link #NONE} if it did not start, or has not ended since it last did
     */
    public long nanos(int node) {
        long end = entry(2 * node + 1);
        long start = entry(2 * node);
        return start == 0 || end < start ? NONE : end - start;
    }

    /**
     * How long after the admission of the execution the body of a node ended.
     *
     * @param node its number
     * @return nanoseconds; -1 if it has not
     */
    public long endedAfter(int node) {
        return entry(2 * node + 1) - 1;
    }

    /**
     * Nobody waits for the body of a node any more: its time is over, as if it had ended.
     *
     * @param node its number
     */
    public void giveUp(int node) {
        end(node);
    }

    /**
     * Takes over when a body started and ended elsewhere.
     *
     * @param node number of its node
     * @param startedAt when it started
     * @param endedAt when it ended; null if it has not
     */
    public void found(int node, Instant startedAt, @Nullable Instant endedAt) {
        ENTRY.setRelease(entries, 2 * node, sinceOrigin(startedAt));
        if (endedAt != null) {
            ENTRY.setRelease(entries, 2 * node + 1, Math.max(sinceOrigin(startedAt), sinceOrigin(endedAt)));
        }
    }

    /** At least 1, however clocks differ. */
    private long sinceOrigin(Instant instant) {
        return Math.max(1, TimeUnit.NANOSECONDS.convert(Duration.between(origin, instant)) + 1);
    }

    /**
     * The body of a node starts now.
     *
     * @param node its number
     */
    public void start(int node) {
        start(node, time.nanoTime() - originNanos - 1);
    }

    /**
     * The body of a node starts.
     *
     * @param node its number
     * @param nanos how long after the admission of the execution; not negative
     */
    public void start(int node, long nanos) {
        // Of an earlier attempt.
        ENTRY.setRelease(entries, 2 * node + 1, 0L);
        ENTRY.setRelease(entries, 2 * node, nanos + 1);
    }

    void end(int node) {
        ENTRY.setRelease(entries, 2 * node + 1, time.nanoTime() - originNanos);
    }

    private long entry(int index) {
        return (long) ENTRY.getAcquire(entries, index);
    }

    private Optional<Instant> ifAny(long entry) {
        return entry == 0 ? Optional.empty() : Optional.of(origin.plusNanos(entry - 1));
    }
}
