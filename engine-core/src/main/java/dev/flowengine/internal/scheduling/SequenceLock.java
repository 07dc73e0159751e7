package dev.flowengine.internal.scheduling;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Lets any thread copy a state that one writer at a time changes in place, at the price of two plain stores for the
 * writer: a sequence number, odd during a change, tells a reader whether its copy is of one moment (Lameter,
 * <i>Effective synchronization on Linux/NUMA systems</i>, 2005). A reader that keeps finding changes makes the writer
 * wait for the time of one copy, so neither can starve the other.
 */
final class SequenceLock {
    private static final int OPTIMISTIC_READS = 16;
    private static final VarHandle SEQUENCE;

    static {
        try {
            SEQUENCE = MethodHandles.lookup().findVarHandle(SequenceLock.class, "sequence", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final AtomicInteger impatientReaders = new AtomicInteger();
    private final ReentrantLock turn = new ReentrantLock();
    private boolean gaveTurn;

    @SuppressWarnings("unused") // through SEQUENCE
    private long sequence;

    /** Begins a change; for one writer at a time, each seeing what the one before did. */
    void beginChange() {
        if (impatientReaders.get() > 0) {
            turn.lock();
            gaveTurn = true;
        }
        SEQUENCE.setOpaque(this, (long) SEQUENCE.getOpaque(this) + 1);
        VarHandle.storeStoreFence();
    }

    /** Ends the change. */
    void endChange() {
        SEQUENCE.setRelease(this, (long) SEQUENCE.getOpaque(this) + 1);
        if (gaveTurn) {
            gaveTurn = false;
            turn.unlock();
        }
    }

    /**
     * Copies the state.
     *
     * @param copy may be called several times, and may see a state in the middle of a change, which is thrown away: it
     *     must not fail on one
     */
    <T> T read(Supplier<T> copy) {
        for (int i = 0; i < OPTIMISTIC_READS; i++) {
            long before = (long) SEQUENCE.getAcquire(this);
            if ((before & 1) == 0) {
                T result = copy.get();
                if (isUnchangedSince(before)) {
                    return result;
                }
            }
            Thread.onSpinWait();
        }
        return readInTurn(copy);
    }

    private <T> T readInTurn(Supplier<T> copy) {
        impatientReaders.incrementAndGet();
        turn.lock();
        try {
            // At most the change that is under way, and one that did not see this reader yet, are still to end.
            while (true) {
                long before = (long) SEQUENCE.getAcquire(this);
                if ((before & 1) == 0) {
                    T result = copy.get();
                    if (isUnchangedSince(before)) {
                        return result;
                    }
                }
                Thread.onSpinWait();
            }
        } finally {
            turn.unlock();
            impatientReaders.decrementAndGet();
        }
    }

    private boolean isUnchangedSince(long before) {
        VarHandle.acquireFence();
        return (long) SEQUENCE.getOpaque(this) == before;
    }
}
