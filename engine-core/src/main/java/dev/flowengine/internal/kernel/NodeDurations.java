package dev.flowengine.internal.kernel;

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
 * <p>Thread-safe. Nobody waits for it: an execution that ends while another is being counted is left out.
 */
final class NodeDurations {
    static final long UNKNOWN = -1;

    private static final int MEMORY = 100;

    private final int nodes;
    private final ReentrantLock counting = new ReentrantLock();
    private volatile @Nullable Means means;

    NodeDurations(int nodes) {
        this.nodes = nodes;
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
            Means known = means == null ? new Means(nodes) : means;
            NodeTable table = end.table();
            for (int node = 0; node < end.layout().size(); node++) {
                NodeStatus status = table.status(node);
                if (status == NodeStatus.COMPLETED || status == NodeStatus.FAILED) {
                    known.add(end.compiled().numberInFlow(node), times.nanos(node));
                }
            }
            means = known;
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
