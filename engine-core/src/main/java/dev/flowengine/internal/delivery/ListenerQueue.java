package dev.flowengine.internal.delivery;

import dev.flowengine.event.ExecutionEvent;
import dev.flowengine.event.ExecutionListener;
import dev.flowengine.extension.TimeSource;
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
    /** As long as so many events in a row take no longer than this, the clock is not looked at between them. */
    private static final int LONGEST_STRIDE = 64;

    private static final long LOOK_NANOS = 1_000_000;
    private static final long IDLE = 0;

    private final ExecutionListener listener;
    private final int capacity;
    private final Executor executor;
    private final TimeSource time;
    private final EventBuffer events;
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final SingleWriterLong tellingSince = new SingleWriterLong();

    ListenerQueue(ExecutionListener listener, int capacity, Executor executor, TimeSource time) {
        this.listener = listener;
        this.capacity = capacity;
        this.executor = executor;
        this.time = time;
        this.events = new EventBuffer(capacity);
    }

    void add(EventBatch happened) {
        events.add(happened);
        schedule();
    }

    ListenerState state() {
        long since = tellingSince.get();
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
                long waiting = events.takeOver();
                if (waiting > 0) {
                    tellAll();
                    idle = -1;
                }
                if (waiting <= capacity / 2) {
                    // Also while events come: taking each as it comes makes those that add it wait for the memory it is
                    // in.
                    LockSupport.parkNanos(LINGER_NANOS);
                }
            }
        } finally {
            tellingSince.set(IDLE);
            scheduled.set(false);
            if (!events.isEmpty()) {
                schedule();
            }
        }
    }

    private void tellAll() {
        long since = now();
        int stride = 1;
        int untilLook = 0;
        for (ExecutionEvent event = events.next(); event != null; event = events.next()) {
            if (untilLook == 0) {
                long now = now();
                stride = now - since < LOOK_NANOS ? Math.min(2 * stride, LONGEST_STRIDE) : 1;
                untilLook = stride;
                since = now;
                tellingSince.set(now);
            }
            untilLook--;
            tell(event);
        }
        tellingSince.set(IDLE);
    }

    /** Never zero, which means that nothing is being told. */
    private long now() {
        return time.nanoTime() | 1;
    }

    private void tell(ExecutionEvent event) {
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
