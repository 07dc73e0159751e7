package dev.flowengine.internal.scheduling;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The nodes of one execution that wait for an engine worker, first in first out: one thread at a time adds, any number
 * take. Each node is added at most once, so the queue is an array that never wraps.
 */
final class ReadyQueue {
    private static final VarHandle TAIL;

    static {
        try {
            TAIL = MethodHandles.lookup().findVarHandle(ReadyQueue.class, "tail", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    static final int EMPTY = -1;

    private final int[] nodes;
    private final AtomicInteger head = new AtomicInteger();

    @SuppressWarnings("unused") // through TAIL
    private int tail;

    ReadyQueue(int capacity) {
        this.nodes = new int[capacity];
    }

    /** Adds a node; for one thread at a time, each seeing what the one before did. */
    void add(int node) {
        int end = (int) TAIL.get(this);
        nodes[end] = node;
        TAIL.setRelease(this, end + 1);
    }

    /** Takes the node that waits longest, or {@link #EMPTY}. */
    int poll() {
        while (true) {
            int first = head.get();
            if (first >= (int) TAIL.getAcquire(this)) {
                return EMPTY;
            }
            if (head.compareAndSet(first, first + 1)) {
                return nodes[first];
            }
        }
    }

    /** How many nodes wait, at least for a moment. */
    int size() {
        return Math.max(0, (int) TAIL.getAcquire(this) - head.get());
    }
}
