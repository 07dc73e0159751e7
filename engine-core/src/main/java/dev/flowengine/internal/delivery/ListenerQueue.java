package dev.flowengine.internal.delivery;

import dev.flowengine.event.ExecutionEvent;
import dev.flowengine.event.ExecutionListener;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The events one listener has not been told yet. One thread at a time tells it, so that it sees them in order. */
final class ListenerQueue {
    private static final Logger LOG = LoggerFactory.getLogger(ListenerQueue.class);
    private static final int BATCH = 64;

    private final ExecutionListener listener;
    private final Executor executor;
    private final Queue<ExecutionEvent> events = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();

    ListenerQueue(ExecutionListener listener, Executor executor) {
        this.listener = listener;
        this.executor = executor;
    }

    void add(ExecutionEvent event) {
        events.add(event);
        schedule();
    }

    private void schedule() {
        // One delivery at a time, so that the listener sees the events in order.
        if (!scheduled.compareAndSet(false, true)) {
            return;
        }
        try {
            executor.execute(this::deliver);
        } catch (RuntimeException | Error e) {
            // No thread now: the next event tries again, and no execution may suffer from it.
            scheduled.set(false);
            LOG.warn("events for listener {} are held up", listener.getClass().getName(), e);
        }
    }

    private void deliver() {
        try {
            ExecutionEvent event = events.poll();
            for (int delivered = 1; event != null; delivered++) {
                tell(event);
                event = delivered < BATCH ? events.poll() : null;
            }
        } finally {
            scheduled.set(false);
            if (!events.isEmpty()) {
                schedule();
            }
        }
    }

    private void tell(ExecutionEvent event) {
        try {
            listener.onEvent(event);
        } catch (Throwable e) {
            LOG.warn(
                    "listener {} failed on {} of execution {}; the execution is not affected",
                    listener.getClass().getName(),
                    event.wireName(),
                    event.executionId(),
                    e);
        }
    }
}
