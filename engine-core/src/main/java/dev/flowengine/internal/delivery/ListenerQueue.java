package dev.flowengine.internal.delivery;

import dev.flowengine.event.ExecutionEvent;
import dev.flowengine.event.ExecutionListener;
import dev.flowengine.extension.TimeSource;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells one listener what it has not been told yet. One thread at a time does, so that it sees events in order. */
final class ListenerQueue {
    private static final Logger LOG = LoggerFactory.getLogger(ListenerQueue.class);
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
        try {
            for (int idle = 0; idle < LINGER_ROUNDS; idle++) {
                ExecutionEvent event = events.next();
                if (event == null) {
                    tellingSince = IDLE;
                    LockSupport.parkNanos(LINGER_NANOS);
                } else {
                    tell(event);
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
            warn(event, e);
        }
    }

    private void warn(ExecutionEvent event, Throwable thrown) {
        String name = listener.getClass().getName();
        try {
            LOG.warn(
                    "listener {} failed on {} of execution {}; the execution is not affected",
                    name,
                    event.wireName(),
                    event.executionId(),
                    thrown);
        } catch (Throwable unloggable) {
            warnWithout(thrown.getClass().getName(), name);
        }
    }

    /** What was thrown may itself throw when it is written down. The next events must be told all the same. */
    private static void warnWithout(String thrown, String listener) {
        try {
            LOG.warn("listener {} failed with {}, which cannot be logged", listener, thrown);
        } catch (Throwable noLog) {
            // Then there is nobody to tell.
        }
    }
}
