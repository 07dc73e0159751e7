package dev.flowengine.internal.delivery;

import dev.flowengine.event.ExecutionEvent;
import dev.flowengine.event.ExecutionListener;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The events one listener has not been told yet. One thread at a time tells it, so that it sees them in order. */
final class ListenerQueue {
    private static final Logger LOG = LoggerFactory.getLogger(ListenerQueue.class);
    private static final int BATCH = 64;

    private final ExecutionListener listener;
    private final Executor executor;
    private final Queue<ExecutionEvent> events = new ConcurrentLinkedQueue<>();
    private final AtomicInteger pending = new AtomicInteger();

    ListenerQueue(ExecutionListener listener, Executor executor) {
        this.listener = listener;
        this.executor = executor;
    }

    void add(ExecutionEvent event) {
        events.add(event);
        // Only the step from none to one submits, so that one thread at a time delivers.
        if (pending.getAndIncrement() == 0) {
            executor.execute(this::deliver);
        }
    }

    private void deliver() {
        int delivered = 0;
        ExecutionEvent event = events.poll();
        while (event != null) {
            tell(event);
            delivered++;
            event = delivered < BATCH ? events.poll() : null;
        }
        if (pending.addAndGet(-delivered) > 0) {
            executor.execute(this::deliver);
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
