package dev.flowengine.internal.attempt;

import dev.flowengine.internal.scheduling.BodySlot;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * A body that can be cut short: the thread it holds, the stage it may go on as, and its place among the bodies. What is
 * asked of it before it has begun happens when it begins.
 *
 * <p>Beginning and ending takes no lock, because hardly any body is cut short: the body writes its thread and then reads
 * what was asked of it, whoever asks writes that and then reads the thread, so at least one of them sees the other.
 */
final class BodyGuard {
    private final BodySlot slot;
    private volatile @Nullable Thread thread;
    private volatile boolean interrupted;
    private volatile boolean givenUp;
    private @Nullable List<Future<?>> stages;

    BodyGuard(BodySlot slot) {
        this.slot = slot;
    }

    /** The calling thread runs the body from now on. */
    void enter() {
        Thread current = Thread.currentThread();
        thread = current;
        if (interrupted) {
            current.interrupt();
        }
        if (givenUp) {
            slot.giveUp();
        }
    }

    /** An interrupt meant for this body reaches its thread before this returns, or not at all. */
    void leave() {
        thread = null;
        if (interrupted) {
            clearInterrupt();
        }
    }

    /** Guarded as the interrupt is: it may be on its way. */
    private synchronized void clearInterrupt() {
        Thread.interrupted();
    }

    /** The body has returned, or is about to, and its work goes on without a thread. Returns what is to be cancelled. */
    synchronized @Nullable Future<?> goesOnAs(Future<?> stage) {
        List<Future<?>> all = stages == null ? new ArrayList<>(1) : stages;
        all.add(stage);
        stages = all;
        return interrupted ? stage : null;
    }

    /** Whether the work of the body has gone on without a thread. */
    synchronized boolean wasAsync() {
        return stages != null;
    }

    /** Interrupts the thread. Returns the stages, if there are any: they are to be cancelled, which runs code of the host. */
    synchronized List<Future<?>> interrupt() {
        interruptThread();
        return stages == null ? List.of() : List.copyOf(stages);
    }

    /** Interrupts the thread of what has no stage. */
    synchronized void interruptThread() {
        interrupted = true;
        Thread running = thread;
        if (running != null) {
            running.interrupt();
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
