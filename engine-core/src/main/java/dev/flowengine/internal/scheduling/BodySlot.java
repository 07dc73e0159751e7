package dev.flowengine.internal.scheduling;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A body and its place among those that run at once, which it holds until it returns, or until nobody waits for it any
 * more. A thread that runs nothing else may go on with a body that this one made ready, which spares a thread; after so
 * many in a row another gets its processor.
 */
public final class BodySlot implements Runnable {
    private static final int MOST_IN_A_ROW = 256;
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
    /** How many bodies the thread has run before. */
    private final int before;

    private @Nullable BodyTask next;

    @SuppressWarnings("unused") // through HELD
    private boolean held = true;

    BodySlot(BodyThreads threads, BodyTask task) {
        this(threads, task, 0);
    }

    private BodySlot(BodyThreads threads, BodyTask task, int before) {
        this.threads = threads;
        this.task = task;
        this.before = before;
    }

    /** Runs the body, and then those its thread goes on with. */
    @Override
    public void run() {
        BodySlot slot = this;
        while (slot != null) {
            slot.returnsInPlace();
            slot = slot.following();
        }
    }

    private @Nullable BodySlot following() {
        BodyTask follower = next;
        if (follower == null) {
            return null;
        }
        // Bodies may leave the flag set; the next one on this thread must not see it.
        Thread.interrupted();
        return new BodySlot(threads, follower, before + 1);
    }

    /** Whether the thread can go on with another body; for that thread, once its body has returned. */
    boolean mayGoOn() {
        return next == null && before < MOST_IN_A_ROW && threads.goOnInPlace();
    }

    /** Whether the thread goes on with another body. */
    boolean goesOn() {
        return next != null;
    }

    /** Has the thread go on with another body. */
    void goOnWith(BodyTask other) {
        next = other;
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
