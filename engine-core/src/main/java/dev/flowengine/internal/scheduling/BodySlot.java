package dev.flowengine.internal.scheduling;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A body and its place among those that run at once, which it holds until it returns, or until nobody waits for it any
 * more.
 */
public final class BodySlot implements Runnable {
    private static final VarHandle HELD;

    static {
        try {
            HELD = MethodHandles.lookup().findVarHandle(BodySlot.class, "held", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final BodyThreads threads;
    private final BodyTask task;

    @SuppressWarnings("unused") // through HELD
    private boolean held = true;

    BodySlot(BodyThreads threads, BodyTask task) {
        this.threads = threads;
        this.task = task;
    }

    /** Runs the body. */
    @Override
    public void run() {
        returnsInPlace();
    }

    /** Gives the place to another body at once, although this one may keep its thread for ever. */
    public void giveUp() {
        if (HELD.compareAndSet(this, true, false)) {
            threads.abandoned();
        }
    }

    /** Runs the body; false if its place was given to another before it returned. */
    boolean returnsInPlace() {
        task.run(this);
        boolean inPlace = HELD.compareAndSet(this, true, false);
        if (!inPlace) {
            threads.cameBack();
        }
        return inPlace;
    }
}
