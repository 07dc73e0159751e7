package dev.flowengine.internal.scheduling;

import dev.flowengine.extension.TimeSource;
import dev.flowengine.extension.Timer;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
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
    /** Not a monitor: the timer is the host's, and may block. */
    private final ReentrantLock lock = new ReentrantLock();

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
    public void arm(Object key, Duration delay, boolean standsStill, Consumer<Duration> task) {
        arm(key, new Granted(delay, delay), standsStill, task);
    }

    /**
     * Adds an entry of whose time a part is over, in place of one with the same key. Without effect after {@link #close()}.
     *
     * @param key names the entry
     * @param time what is left of its time, and all of it
     * @param standsStill whether its time stands still while these timers are held
     * @param task is given all the time the entry had when that is over, on the thread of the timer; short, never blocks
     */
    public void arm(Object key, Granted time, boolean standsStill, Consumer<Duration> task) {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            disarm(key);
            Entry entry = new Entry(key, time, standsStill, task);
            entries.put(key, entry);
            if (!held || !standsStill) {
                entry.start();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Removes an entry.
     *
     * @param key names it
     */
    public void disarm(Object key) {
        lock.lock();
        try {
            Entry entry = entries.remove(key);
            if (entry != null) {
                entry.cancel();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Gives an entry more time.
     *
     * @param key names it
     * @param more how much
     * @return the time it has now; null if there is no such entry
     */
    public @Nullable Granted extend(Object key, Duration more) {
        lock.lock();
        try {
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
        } finally {
            lock.unlock();
        }
    }

    /**
     * When the next of the entries is due whose time can stand still.
     *
     * @return what is left until then, not negative; null if there is none
     */
    public @Nullable Duration next() {
        lock.lock();
        try {
            return entries.values().stream()
                    .filter(entry -> entry.standsStill)
                    .map(Entry::rest)
                    .min(Comparator.naturalOrder())
                    .orElse(null);
        } finally {
            lock.unlock();
        }
    }

    /** Lets time stand still for the entries that allow it. */
    public void hold() {
        lock.lock();
        try {
            held = true;
            entries.values().stream().filter(entry -> entry.standsStill).forEach(Entry::stop);
        } finally {
            lock.unlock();
        }
    }

    /** Takes back a {@link #hold()}. */
    public void release() {
        lock.lock();
        try {
            held = false;
            entries.values().stream().filter(entry -> entry.standsStill).forEach(Entry::start);
        } finally {
            lock.unlock();
        }
    }

    /** Removes every entry, and lets none be added. */
    public void close() {
        lock.lock();
        try {
            closed = true;
            clear();
        } finally {
            lock.unlock();
        }
    }

    /** Removes every entry. */
    public void clear() {
        lock.lock();
        try {
            entries.values().forEach(Entry::cancel);
            entries.clear();
        } finally {
            lock.unlock();
        }
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
    public record Granted(Duration left, Duration total) {

        /**
         * What is left of a time of which some has been used up.
         *
         * @param total all of it
         * @param used how much is gone, maybe more than there was
         * @return what is left, at least nothing
         */
        public static Granted rest(Duration total, Duration used) {
            Duration left = total.minus(used);
            return new Granted(left.isNegative() ? Duration.ZERO : left, total);
        }
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

        Entry(Object key, Granted granted, boolean standsStill, Consumer<Duration> task) {
            this.key = key;
            this.left = granted.left();
            this.total = granted.total();
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
            Duration rest = rest();
            cancel();
            left = rest;
            return true;
        }

        /** What is left of its time. */
        Duration rest() {
            if (scheduled == null) {
                return left;
            }
            Duration rest = left.minusNanos(time.nanoTime() - startedAt);
            return rest.isNegative() ? Duration.ZERO : rest;
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
            Duration granted;
            lock.lock();
            try {
                // Stopped, and perhaps started again, while the timer was about to call.
                if (which != run || scheduled == null || !entries.remove(key, this)) {
                    return;
                }
                granted = total;
            } finally {
                lock.unlock();
            }
            task.accept(granted);
        }
    }
}
