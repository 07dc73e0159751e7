package dev.flowengine.internal.attempt;

import dev.flowengine.internal.scheduling.BodySlot;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * A body that can be cut short: the thread it holds, the stage it may go on as, and its place among the bodies. What is
 * asked of it before it has begun happens when it begins.
 */
final class BodyGuard {
    private final BodySlot slot;
    private @Nullable Thread thread;
    private final List<Future<?>> stages = new ArrayList<>(0);
    private boolean interrupted;
    private boolean givenUp;

    BodyGuard(BodySlot slot) {
        this.slot = slot;
    }

    /** The calling thread runs the body from now on. */
    synchronized void enter() {
        thread = Thread.currentThread();
        if (interrupted) {
            thread.interrupt();
        }
        if (givenUp) {
            slot.giveUp();
        }
    }

    /** Guarded as the interrupt is, so that one meant for this body reaches its thread while it runs it, or not at all. */
    synchronized void leave() {
        thread = null;
        if (interrupted) {
            Thread.interrupted();
        }
    }

    /** The body has returned, or is about to, and its work goes on without a thread. Returns what is to be cancelled. */
    synchronized @Nullable Future<?> goesOnAs(Future<?> stage) {
        stages.add(stage);
        return interrupted ? stage : null;
    }

    /** Whether the work of the body has gone on without a thread. */
    synchronized boolean wasAsync() {
        return !stages.isEmpty();
    }

    /** Interrupts the thread. Returns the stages, if there are any: they are to be cancelled, which runs code of the host. */
    synchronized List<Future<?>> interrupt() {
        interruptThread();
        return List.copyOf(stages);
    }

    /** Interrupts the thread of what has no stage. */
    synchronized void interruptThread() {
        interrupted = true;
        if (thread != null) {
            thread.interrupt();
        }
    }

    /** Gives the place of the body to another. */
    synchronized void giveUp() {
        givenUp = true;
        if (thread != null) {
            slot.giveUp();
        }
    }
}
