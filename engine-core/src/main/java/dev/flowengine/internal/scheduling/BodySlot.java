package dev.flowengine.internal.scheduling;

import java.util.concurrent.atomic.AtomicBoolean;

/** A place among the bodies that run at once: held by a body until it returns, or until nobody waits for it any more. */
public final class BodySlot {
    private final BodyThreads threads;
    private final AtomicBoolean held = new AtomicBoolean(true);

    BodySlot(BodyThreads threads) {
        this.threads = threads;
    }

    /** Gives the place to another body at once, although this one may keep its thread for ever. */
    public void giveUp() {
        if (held.compareAndSet(true, false)) {
            threads.abandoned();
        }
    }

    /** The body has returned; false if its place was given up. */
    boolean returned() {
        return held.compareAndSet(true, false);
    }
}
