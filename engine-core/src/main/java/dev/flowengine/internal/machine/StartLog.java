package dev.flowengine.internal.machine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/** The nodes of an execution in the order in which they started, recorded by the threads that start them. */
public final class StartLog {
    private static final VarHandle ENTRY = MethodHandles.arrayElementVarHandle(int[].class);

    private final int[] entries;
    private final AtomicInteger count = new AtomicInteger();

    /**
     * Creates an empty log.
     *
     * @param nodes how many nodes may start, each once
     */
    public StartLog(int nodes) {
        this.entries = new int[nodes];
    }

    /**
     * Records the start of a node.
     *
     * @param node its number
     */
    public void record(int node) {
        // Stored plus one: an entry whose place is taken but not yet written reads as zero.
        ENTRY.setRelease(entries, count.getAndIncrement(), node + 1);
    }

    /**
     * The starts so far.
     *
     * @return numbers of nodes; ends before the first start that is just being recorded
     */
    public int[] nodes() {
        int[] nodes = new int[Math.min(count.get(), entries.length)];
        for (int i = 0; i < nodes.length; i++) {
            int entry = (int) ENTRY.getAcquire(entries, i);
            if (entry == 0) {
                return Arrays.copyOf(nodes, i);
            }
            nodes[i] = entry - 1;
        }
        return nodes;
    }
}
