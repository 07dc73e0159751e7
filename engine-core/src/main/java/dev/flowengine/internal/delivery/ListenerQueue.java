package dev.flowengine.internal.delivery;

import dev.flowengine.event.ExecutionEvent;
import dev.flowengine.event.ExecutionListener;
import dev.flowengine.extension.TimeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells one listener what it has not been told yet. One thread at a time does, so that it sees events in order. */
final class ListenerQueue {
    private static final Logger LOG = LoggerFactory.getLogger(ListenerQueue.class);
    private static final int BATCH = 256;
    /** How long, and how often in a row, a delivery waits for further events: less than waking a thread for each costs. */
    private static final long LINGER_NANOS = 50_000;

    private static final int LINGER_ROUNDS = 10;
    private static final long IDLE = 0;

    private final ExecutionListener listener;
    private final Executor executor;
    private final TimeSource time;
    private final EventBuffer events;
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private volatile long tellingSince;

    ListenerQueue(ExecutionListener listener, int capacity, Executor executor, TimeSource time) {
        this.listener = listener;
        this.executor = executor;
        this.time = time;
        this.events = new EventBuffer(capacity);
    }

    void add(List<ExecutionEvent> happened) {
        events.add(happened);
        schedule();
    }

    ListenerState state() {
        long since = tellingSince;
        long nanos = since == IDLE ? 0 : Math.max(0, time.nanoTime() - since);
        return new ListenerState(listener.getClass().getName(), events.size(), events.dropped(), nanos);
    }

    private void schedule() {
        // One delivery at a time, so that the listener sees the events in order.
        if (scheduled.get() || !scheduled.compareAndSet(false, true)) {
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
        List<ExecutionEvent> batch = new ArrayList<>(BATCH);
        try {
            for (int idle = 0; idle < LINGER_ROUNDS; idle++) {
                events.take(BATCH, batch);
                if (batch.isEmpty()) {
                    tellingSince = IDLE;
                    LockSupport.parkNanos(LINGER_NANOS);
                } else {
                    batch.forEach(this::tell);
                    batch.clear();
                    idle = -1;
                }
            }
        } finally {
            tellingSince = IDLE;
            scheduled.set(false);
            if (!events.isEmpty()) {
                schedule();
            }
        }
    }

    /** Never zero, which means that nothing is being told. */
    private long now() {
        return time.nanoTime() | 1;
    }

    private void tell(ExecutionEvent event) {
        tellingSince = now();
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
