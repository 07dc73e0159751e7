package dev.flowengine.examples;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Events come a little after what they tell of: lets a program wait for the last one before it writes on. */
final class EndOfEvents {
    private static final long PATIENCE_SECONDS = 10;

    private final CountDownLatch last = new CountDownLatch(1);

    /** Called by a listener that has dealt with the last event. */
    void reached() {
        last.countDown();
    }

    /**
     * Waits for the last event, but not for ever: events may be missing, results never.
     *
     * @return whether it came
     */
    boolean await() throws InterruptedException {
        return last.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
}
