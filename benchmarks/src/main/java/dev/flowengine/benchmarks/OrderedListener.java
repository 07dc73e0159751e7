package dev.flowengine.benchmarks;

import dev.flowengine.event.EventsDropped;
import dev.flowengine.event.ExecutionEvent;
import dev.flowengine.event.ExecutionFinished;
import dev.flowengine.event.ExecutionListener;
import java.util.concurrent.Semaphore;

/** A listener that counts what it is told, and is waited for. */
final class OrderedListener implements ExecutionListener {
    private final Semaphore ends = new Semaphore(0);
    private long events;
    private volatile long told;

    @Override
    public void onEvent(ExecutionEvent event) {
        events++;
        if (event instanceof EventsDropped) {
            throw new IllegalStateException("the listener was left behind");
        }
        if (event instanceof ExecutionFinished) {
            told = events;
            events = 0;
            ends.release();
        }
    }

    /** Waits until it was told of the end of an execution, and of everything before; gives the number of events. */
    long awaitEnd() throws InterruptedException {
        ends.acquire();
        return told;
    }
}
