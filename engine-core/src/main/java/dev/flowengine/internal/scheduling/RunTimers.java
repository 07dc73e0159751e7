package dev.flowengine.internal.scheduling;

import dev.flowengine.extension.TimeSource;
import dev.flowengine.extension.Timer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
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
     * @param task is run when it is due, on the thread of the timer; short, and never blocks
     */
    public synchronized void arm(Object key, Duration delay, boolean standsStill, Runnable task) {
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
            entry.stop();
        }
    }

    /**
     * Gives an entry more time.
     *
     * @param key names it
     * @param more how much
     * @return false if there is no such entry
     */
    public synchronized boolean extend(Object key, Duration more) {
        Entry entry = entries.get(key);
        if (entry == null) {
            return false;
        }
        boolean running = entry.stop();
        entry.left = entry.left.compareTo(FOREVER.minus(more)) < 0 ? entry.left.plus(more) : FOREVER;
        if (running) {
            entry.start();
        }
        return true;
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
        entries.values().forEach(Entry::stop);
        entries.clear();
    }

    private synchronized boolean remove(Entry due) {
        return entries.remove(due.key, due);
    }

    /** One thing to happen; guarded by the lock of the timers around it. */
    private final class Entry {
        private final Object key;
        private final boolean standsStill;
        private final Runnable task;
        private Duration left;
        private long startedAt;
        private Timer.@Nullable Scheduled scheduled;
        private int run;

        Entry(Object key, Duration left, boolean standsStill, Runnable task) {
            this.key = key;
            this.left = left;
            this.standsStill = standsStill;
            this.task = task;
        }

        void start() {
            if (scheduled == null) {
                int current = ++run;
                startedAt = time.nanoTime();
                scheduled = timer.schedule(left, () -> fire(current));
            }
        }

        /** Stops its time; false if it stood still already. */
        boolean stop() {
            if (scheduled == null) {
                return false;
            }
            scheduled.cancel();
            scheduled = null;
            Duration rest = left.minusNanos(time.nanoTime() - startedAt);
            left = rest.isNegative() ? Duration.ZERO : rest;
            return true;
        }

        private void fire(int which) {
            synchronized (RunTimers.this) {
                // Stopped, and perhaps started again, while the timer was about to call.
                if (which != run || scheduled == null || !remove(this)) {
                    return;
                }
            }
            task.run();
        }
    }
}
