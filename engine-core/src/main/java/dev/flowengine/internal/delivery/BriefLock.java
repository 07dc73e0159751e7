package dev.flowengine.internal.delivery;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/**
 * A lock for what takes some nanoseconds, is done for every node of an execution, and hardly ever meets anybody: half the
 * price of one that knows its owner and who waits. Whoever does meet somebody tries again, soon without a processor, so
 * that a holder which has lost its own gets on. Not reentrant, not fair.
 */
final class BriefLock {
    private static final int SPINS = 64;
    private static final long PAUSE_NANOS = 10_000;
    private static final VarHandle HELD;

    static {
        try {
            HELD = MethodHandles.lookup().findVarHandle(BriefLock.class, "held", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @SuppressWarnings("unused") // through HELD
    private boolean held;

    void lock() {
        for (int tries = 1; !HELD.compareAndSet(this, false, true); tries++) {
            if (tries < SPINS) {
                Thread.onSpinWait();
            } else {
                LockSupport.parkNanos(this, PAUSE_NANOS);
            }
        }
    }

    void unlock() {
        HELD.setRelease(this, false);
    }
}
