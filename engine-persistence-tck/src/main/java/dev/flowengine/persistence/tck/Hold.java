package dev.flowengine.persistence.tck;

import java.util.concurrent.CountDownLatch;

/** A write that stands still until somebody lets it go on: a slow store, without any time passing. Thread-safe. */
public final class Hold {
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    Hold() {}

    /**
     * Waits until the write has come to the place where it stands still.
     *
     * @throws InterruptedException if the waiting thread is interrupted
     */
    public void awaitReached() throws InterruptedException {
        reached.await();
    }

    /**
     * Whether the write has come to the place where it stands still.
     *
     * @return true from then on
     */
    public boolean isReached() {
        return reached.getCount() == 0;
    }

    /** Lets the write go on, or not stand still at all. */
    public void release() {
        released.countDown();
    }

    void pass() {
        reached.countDown();
        boolean interrupted = false;
        while (released.getCount() > 0) {
            try {
                released.await();
            } catch (InterruptedException e) {
                // A driver in the middle of a write does not hear it either.
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
