package dev.flowengine.internal.machine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The nodes of one execution whose bodies run on engine workers, in the order in which they became ready: one thread at a
 * time adds, any number take. Taking a node starts it, so this is also the order in which they start.
 *
 * <p>Each node is added at most once, so the queue is an array that never wraps.
 */
public final class ReadyQueue {
    /** What {@link #poll()} returns when there is no node to take. */
    public static final int EMPTY = -1;

    private static final int HELD = Integer.MIN_VALUE;
    private static final VarHandle TAIL;

    static {
        try {
            TAIL = MethodHandles.lookup().findVarHandle(ReadyQueue.class, "tail", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final int[] nodes;
    private final AtomicInteger head = new AtomicInteger();

    @SuppressWarnings("unused") // through TAIL
    private int tail;

    ReadyQueue(int capacity) {
        this.nodes = new int[capacity];
    }

    /**
     * Adds a node; for one thread at a time, each seeing what the one before did.
     *
     * @param node its number
     */
    public void add(int node) {
        int end = (int) TAIL.get(this);
        nodes[end] = node;
        TAIL.setRelease(this, end + 1);
    }

    /**
     * Takes the node that waits longest.
     *
     * @return its number, or {@link #EMPTY}
     */
    public int poll() {
        while (true) {
            int first = head.get();
            if ((first & HELD) != 0 || first >= (int) TAIL.getAcquire(this)) {
                return EMPTY;
            }
            if (head.compareAndSet(first, first + 1)) {
                return nodes[first];
            }
        }
    }

    /**
     * How many nodes can be taken, at least for a moment.
     *
     * @return their number; 0 while the queue is held
     */
    public int size() {
        int first = head.get();
        return (first & HELD) != 0 ? 0 : Math.max(0, (int) TAIL.getAcquire(this) - first);
    }

    /** Lets no node be taken from now on; for the thread that may add. Returns how many are left waiting. */
    int hold() {
        int first = head.getAndUpdate(value -> value | HELD) & ~HELD;
        return (int) TAIL.get(this) - first;
    }

    /** Lets nodes be taken again. Returns how many wait. */
    int release() {
        int first = head.getAndUpdate(value -> value & ~HELD) & ~HELD;
        return (int) TAIL.get(this) - first;
    }

    /** Adds the nodes that are left waiting to a list; for the thread that may add, while the queue is held. */
    void drainTo(IntList list) {
        for (int i = taken(); i < (int) TAIL.get(this); i++) {
            list.add(nodes[i]);
        }
    }

    /** How many nodes have been taken. */
    int taken() {
        return head.get() & ~HELD;
    }

    /** A node that has been taken, by its position in the order of taking. */
    int taken(int position) {
        return nodes[position];
    }
}
