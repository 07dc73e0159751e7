package dev.flowengine.internal.machine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of an execution in the order in which they started. Those that run on engine workers start in the order of
 * the {@link ReadyQueue}, which costs them nothing; the others are recorded by the threads that start them, each with the
 * number of nodes taken from the queue before it.
 *
 * <p>A node is listed after every node that had started before it was recorded or taken. Of two nodes that start at the
 * same moment either may come first, and a reading at that moment may list one of them only.
 */
public final class StartLog {
    private static final VarHandle ENTRY = MethodHandles.arrayElementVarHandle(long[].class);

    private final ReadyQueue queue;
    private final long[] entries;
    private final AtomicInteger count = new AtomicInteger();
    private final @Nullable AtomicIntegerArray listed;
    private final AtomicInteger repeated = new AtomicInteger();

    /**
     * Creates an empty log.
     *
     * @param queued how many nodes may start through the queue, each once
     * @param recorded how many nodes may be recorded, each once
     */
    public StartLog(int queued, int recorded) {
        this(queued, recorded, 0);
    }

    /**
     * Creates an empty log in which nodes may be recorded again and again: each is listed where it started first.
     *
     * @param queued how many nodes may start through the queue, each once
     * @param recorded how many nodes may be recorded
     * @param nodes how many nodes there are, if some of them may be recorded again; else 0
     */
    public StartLog(int queued, int recorded, int nodes) {
        this.queue = new ReadyQueue(queued);
        this.entries = new long[recorded];
        this.listed = nodes == 0 ? null : new AtomicIntegerArray(nodes);
    }

    /**
     * The nodes that wait for an engine worker.
     *
     * @return the queue whose order this log includes
     */
    public ReadyQueue queue() {
        return queue;
    }

    /**
     * Records the start of a node that does not come from the queue.
     *
     * @param node its number
     */
    public void record(int node) {
        if (listed != null && !listed.compareAndSet(node, 0, 1)) {
            repeated.incrementAndGet();
            return;
        }
        int position = count.get();
        // Read between reading and changing the count, so that the numbers of taken nodes ascend with the positions.
        int taken = queue.taken();
        while (!count.compareAndSet(position, position + 1)) {
            position = count.get();
            taken = queue.taken();
        }
        // Stored plus one: an entry whose place is taken but not yet written reads as zero.
        ENTRY.setRelease(entries, position, (long) taken << Integer.SIZE | (node + 1));
    }

    /**
     * How many starts there have been.
     *
     * @return their number, which never goes back but by an overflow
     */
    public int count() {
        return queue.taken() + count.get() + repeated.get();
    }

    /**
     * The starts so far.
     *
     * @return numbers of nodes, in order; without a start that is just being recorded. What was listed once is listed in
     *     every later reading, in the same order, though others may come in between.
     */
    public int[] nodes() {
        // The queue first: whatever a node taken from it waited for is then among the entries.
        int taken = queue.taken();
        int recorded = Math.min(count.get(), entries.length);
        int[] nodes = new int[taken + recorded];
        int fromQueue = 0;
        int found = 0;
        for (int i = 0; i < recorded; i++) {
            long entry = (long) ENTRY.getAcquire(entries, i);
            if (entry == 0) {
                continue;
            }
            int before = (int) (entry >>> Integer.SIZE);
            if (before > taken) {
                break;
            }
            while (fromQueue < before) {
                nodes[found++] = queue.taken(fromQueue++);
            }
            nodes[found++] = (int) entry - 1;
        }
        while (fromQueue < taken) {
            nodes[found++] = queue.taken(fromQueue++);
        }
        return Arrays.copyOf(nodes, found);
    }
}
