package dev.flowengine.internal.kernel;

import dev.flowengine.extension.TimeSource;
import dev.flowengine.internal.attempt.NodeTimes;
import dev.flowengine.internal.machine.NodeTable;
import dev.flowengine.model.NodeStatus;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * How long the bodies of the nodes of one flow took, on average over the executions that have ended. The mean follows
 * what changes: the latest duration weighs at least one part in {@value #MEMORY}.
 *
 * <p>Thread-safe. Nobody waits for it, and it costs little: an execution that ends while another is being counted is left
 * out, and so is one that ends so soon after that counting all would take more than a small part of the time.
 */
final class NodeDurations {
    static final long UNKNOWN = -1;

    private static final int MEMORY = 100;

    /** After counting an execution for some time, none is counted for so many times as long. */
    private static final int REST = 50;

    private final int nodes;
    private final TimeSource time;
    private final ReentrantLock counting = new ReentrantLock();
    private volatile @Nullable Means means;
    /** Guarded by the lock. */
    private long restedAt;

    NodeDurations(int nodes, TimeSource time) {
        this.nodes = nodes;
        this.time = time;
        this.restedAt = time.nanoTime();
    }

    /** The mean duration of a node by its number in the flow, in nanoseconds. */
    long mean(int number) {
        Means known = means;
        return known == null ? UNKNOWN : known.plusOne.get(number) - 1;
    }

    /** Whether any execution has been counted. */
    boolean isEmpty() {
        return means == null;
    }

    /** Counts an execution that has ended. Linear in its nodes. */
    void add(RunSnapshot end) {
        NodeTimes times = end.times();
        if (times == null || !counting.tryLock()) {
            return;
        }
        try {
            long begin = time.nanoTime();
            if (begin - restedAt < 0) {
                return;
            }
            Means known = means == null ? new Means(nodes) : means;
            NodeTable table = end.table();
            for (int node = 0; node < end.layout().size(); node++) {
                NodeStatus status = table.status(node);
                if (status == NodeStatus.COMPLETED || status == NodeStatus.FAILED) {
                    known.add(end.compiled().numberInFlow(node), times.nanos(node));
                }
            }
            means = known;
            long done = time.nanoTime();
            restedAt = done + REST * (done - begin);
        } finally {
            counting.unlock();
        }
    }

    /** Created with the first execution that ends: a flow that is only planned or drawn takes no room. */
    private static final class Means {
        /** Zero where nothing is known. */
        private final AtomicLongArray plusOne;
        /** Guarded by the lock. */
        private final byte[] counts;

        Means(int nodes) {
            this.plusOne = new AtomicLongArray(nodes);
            this.counts = new byte[nodes];
        }

        void add(int number, long nanos) {
            if (nanos == NodeTimes.NONE) {
                return;
            }
            counts[number] = (byte) Math.min(MEMORY, counts[number] + 1);
            long mean = Math.max(0, plusOne.getPlain(number) - 1);
            plusOne.setRelease(number, mean + (nanos - mean) / counts[number] + 1);
        }
    }
}
