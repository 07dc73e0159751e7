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
     * @return numbers of nodes, in order; ends before the first start that is just being recorded
     */
    public int[] nodes() {
        return read(true);
    }

    /**
     * The starts of an execution that has ended.
     *
     * @return numbers of nodes, in order; without the starts that are just being recorded, by bodies nobody waited for
     */
    public int[] nodesAtEnd() {
        return read(false);
    }

    private int[] read(boolean upToFirstGap) {
        int[] nodes = new int[Math.min(count.get(), entries.length)];
        int found = 0;
        for (int i = 0; i < nodes.length; i++) {
            int entry = (int) ENTRY.getAcquire(entries, i);
            if (entry != 0) {
                nodes[found++] = entry - 1;
            } else if (upToFirstGap) {
                break;
            }
        }
        return Arrays.copyOf(nodes, found);
    }
}
