package dev.flowengine.internal.delivery;

import dev.flowengine.event.ExecutionEvent;
import dev.flowengine.event.ExecutionListener;
import dev.flowengine.extension.TimeSource;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells one listener what it has not been told yet. One thread at a time does, so that it sees events in order. */
final class ListenerQueue {
    private static final Logger LOG = LoggerFactory.getLogger(ListenerQueue.class);
    /** How long, and how often in a row, a delivery waits for further events: less than waking a thread for each costs. */
    private static final long LINGER_NANOS = 50_000;

    private static final int LINGER_ROUNDS = 10;
    /** After so many events the clock is looked at: after each would cost more than telling some listeners. */
    private static final int AT_ONCE = 8;

    private static final long IDLE = 0;

    private final ExecutionListener listener;
    private final int capacity;
    private final Executor executor;
    private final TimeSource time;
    private final EventBuffer events;
    private final WarningLimit warnings;
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final SingleWriterLong tellingSince = new SingleWriterLong();

    ListenerQueue(ExecutionListener listener, int capacity, Executor executor, TimeSource time) {
        this.listener = listener;
        this.capacity = capacity;
        this.executor = executor;
        this.time = time;
        this.events = new EventBuffer(capacity);
        this.warnings = new WarningLimit(time);
    }

    /** Never throws: whoever adds is deciding an execution, which is not to suffer. */
    void add(EventBatch happened) {
        try {
            events.add(happened);
            schedule();
        } catch (RuntimeException | Error e) {
            events.lost(happened.size());
            logged(() -> LOG.warn("events are lost for listener {}", name(), e));
        }
    }

    ListenerState state() {
        long since = tellingSince.get();
        long nanos = since == IDLE ? 0 : Math.max(0, time.nanoTime() - since);
        return new ListenerState(name(), events.size(), events.dropped(), nanos);
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
            logged(() -> LOG.warn("events for listener {} are held up", name(), e));
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
        tellingSince.set(now());
        for (long told = 1; ; told++) {
            ExecutionEvent event = nextOrLost();
            if (event == null) {
                break;
            }
            tell(event);
            if (told % AT_ONCE == 0) {
                tellingSince.set(now());
            }
        }
        tellingSince.set(IDLE);
    }

    /** The next event that can be made, if there is one. */
    private @Nullable ExecutionEvent nextOrLost() {
        while (true) {
            try {
                return events.next();
            } catch (RuntimeException | Error e) {
                events.lost(1);
                logged(() -> LOG.warn("an event is lost for listener {}", name(), e));
            }
        }
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
        } finally {
            // A listener may leave the flag set; its next event must not see it.
            Thread.interrupted();
        }
    }

    private void warn(ExecutionEvent event, Throwable thrown) {
        logged(() -> LOG.warn(
                "listener {} failed on {} of execution {}; the execution is not affected",
                name(),
                event.wireName(),
                event.executionId(),
                thrown));
    }

    private String name() {
        return listener.getClass().getName();
    }

    /** Writes so many in a while. What was thrown may itself throw when it is written down: the next events must be told. */
    private void logged(Runnable warning) {
        try {
            WarningLimit.Turn turn = warnings.next();
            if (turn.keptBack() > 0) {
                LOG.warn("listener {}: {} more warnings were not written", name(), turn.keptBack());
            }
            if (turn.granted()) {
                warning.run();
            }
            if (turn.last()) {
                LOG.warn("listener {}: too many warnings; for a minute they are only counted", name());
            }
        } catch (Throwable unloggable) {
            warnPlainly();
        }
    }

    private void warnPlainly() {
        try {
            LOG.warn("listener {}: something failed that cannot be logged", name());
        } catch (Throwable noLog) {
            // Then there is nobody to tell.
        }
    }
}
