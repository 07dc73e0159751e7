package dev.flowengine.examples;

import dev.flowengine.node.NodeContext;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Counts ten items on every shelf, and looks up between two items to see whether it should stop. */
final class PatientClerk implements Clerk {
    private static final int ITEMS = 10;

    private final long nanosPerItem;

    /** Takes the given time for each shelf. */
    PatientClerk(Duration shelfTime) {
        this.nanosPerItem = shelfTime.toNanos() / ITEMS;
    }

    @Override
    public int count(NodeContext context) throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        for (int item = 0; item < ITEMS; item++) {
            context.cancellation().throwIfRequested();
            // The latch never opens. It is awaited, not slept on, so that an interrupted body ends at once.
            boolean opened = never.await(nanosPerItem, TimeUnit.NANOSECONDS);
            assert !opened;
        }
        return ITEMS;
    }
}
