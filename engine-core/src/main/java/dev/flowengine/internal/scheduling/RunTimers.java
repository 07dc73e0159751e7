package dev.flowengine.internal.scheduling;

import dev.flowengine.extension.TimeSource;
import dev.flowengine.extension.Timer;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What is still to happen in one execution. Time can be made to stand still for entries that allow it: they keep what is
 * left of theirs. Thread-safe; nothing is called while its lock is held but the timer.
 */
public final class RunTimers {
    private static final Duration FOREVER = Duration.ofSeconds(Long.MAX_VALUE);

    private final Timer timer;
    private final TimeSource time;
    private final Map<Object, Entry> entries = new HashMap<>();
    private boolean held;
    private boolean closed;

    /**
     * Creates timers without entries.
     *
     * @param timer wakes them
     * @param time measures them
     */
    public RunTimers(Timer timer, TimeSource time) {
        this.timer = timer;
        this.time = time;
    }

    /**
     * Adds an entry, in place of one with the same key. Without effect after {@link #close()}.
     *
     * @param key names the entry
     * @param delay after which it is due
     * @param standsStill whether its time stands still while these timers are held
     * @param task is given all the time the entry had when that is over, on the thread of the timer; short, never blocks
     */
    public synchronized void arm(Object key, Duration delay, boolean standsStill, Consumer<Duration> task) {
        if (closed) {
            return;
        }
        disarm(key);
        Entry entry = new Entry(key, delay, standsStill, task);
        entries.put(key, entry);
        if (!held || !standsStill) {
            entry.start();
        }
    }

    /**
     * Removes an entry.
     *
     * @param key names it
     */
    public synchronized void disarm(Object key) {
        Entry entry = entries.remove(key);
        if (entry != null) {
            entry.cancel();
        }
    }

    /**
     * Gives an entry more time.
     *
     * @param key names it
     * @param more how much
     * @return the time it has now; null if there is no such entry
     */
    public synchronized @Nullable Granted extend(Object key, Duration more) {
        Entry entry = entries.get(key);
        if (entry == null) {
            return null;
        }
        boolean running = entry.stop();
        entry.left = sum(entry.left, more);
        entry.total = sum(entry.total, more);
        if (running) {
            entry.start();
        }
        return new Granted(entry.left, entry.total);
    }

    /** Lets time stand still for the entries that allow it. */
    public synchronized void hold() {
        held = true;
        entries.values().stream().filter(entry -> entry.standsStill).forEach(Entry::stop);
    }

    /** Takes back a {@link #hold()}. */
    public synchronized void release() {
        held = false;
        entries.values().stream().filter(entry -> entry.standsStill).forEach(Entry::start);
    }

    /** Removes every entry, and lets none be added. */
    public synchronized void close() {
        closed = true;
        clear();
    }

    /** Removes every entry. */
    public synchronized void clear() {
        entries.values().forEach(Entry::cancel);
        entries.clear();
    }

    private static Duration sum(Duration time, Duration more) {
        return time.compareTo(FOREVER.minus(more)) < 0 ? time.plus(more) : FOREVER;
    }

    /**
     * The time of an entry.
     *
     * @param left what is left of it
     * @param total all of it, from when the entry was added
     */
    public record Granted(Duration left, Duration total) {}

    private synchronized boolean remove(Entry due) {
        return entries.remove(due.key, due);
    }

    /** One thing to happen; guarded by the lock of the timers around it. */
    private final class Entry {
        private final Object key;
        private final boolean standsStill;
        private final Consumer<Duration> task;
        private Duration left;
        private Duration total;
        private long startedAt;
        private Timer.@Nullable Scheduled scheduled;
        private int run;

        Entry(Object key, Duration left, boolean standsStill, Consumer<Duration> task) {
            this.key = key;
            this.left = left;
            this.total = left;
            this.standsStill = standsStill;
            this.task = task;
        }

        void start() {
            if (scheduled == null) {
                int current = ++run;
                startedAt = time.nanoTime();
                scheduled = schedule(() -> fire(current));
            }
        }

        private Timer.Scheduled schedule(Runnable fire) {
            try {
                return timer.schedule(left, fire);
            } catch (RuntimeException | Error refused) {
                throw FlowException.of(
                                FailureKind.INVALID_FLOW_STATE,
                                "the engine's timer could not be set to " + left + ": " + refused)
                        .cause(refused)
                        .suggestedResolution("Look at the timer that was given to the engine's builder.")
                        .build();
            }
        }

        /** Stops its time; false if it stood still already. */
        boolean stop() {
            if (scheduled == null) {
                return false;
            }
            cancel();
            Duration rest = left.minusNanos(time.nanoTime() - startedAt);
            left = rest.isNegative() ? Duration.ZERO : rest;
            return true;
        }

        void cancel() {
            Timer.Scheduled stopped = scheduled;
            scheduled = null;
            try {
                if (stopped != null) {
                    stopped.cancel();
                }
            } catch (RuntimeException | Error refused) {
                // It may still call, which then finds that its time is not what is waited for any more.
            }
        }

        private void fire(int which) {
            synchronized (RunTimers.this) {
                // Stopped, and perhaps started again, while the timer was about to call.
                if (which != run || scheduled == null || !remove(this)) {
                    return;
                }
            }
            task.accept(total);
        }
    }
}
