package dev.flowengine.testing;

import dev.flowengine.FlowEngineBuilder;
import dev.flowengine.extension.TimeSource;
import dev.flowengine.extension.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A clock and a timer that stand still until a test advances them. Whatever is due by then is run on the thread of the
 * test, in the order of its time, each at its own time; what is due without any delay is run at once, on a thread of its
 * own. Thread-safe.
 */
public final class VirtualTime implements TimeSource, Timer {
    private static final Instant ORIGIN = Instant.parse("2026-01-01T00:00:00Z");
    private static final long PATIENCE_SECONDS = 30;

    /** Guards the state; never held while a task is run. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition changed = lock.newCondition();
    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(Comparator.<Task>comparingLong(task -> task.due).thenComparingLong(task -> task.order));

    /** One task at a time, whoever runs it. */
    private final ReentrantLock turn = new ReentrantLock();

    private final ExecutorService immediate;
    private long now;
    private long scheduledSoFar;

    /** A time that stands still at an arbitrary instant. */
    public VirtualTime() {
        ThreadPoolExecutor one =
                new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "virtual-time");
                    thread.setDaemon(true);
                    return thread;
                });
        one.allowCoreThreadTimeOut(true);
        this.immediate = one;
    }

    /** Gives an engine this time. */
    public FlowEngineBuilder in(FlowEngineBuilder builder) {
        return builder.timeSource(this).timer(this);
    }

    @Override
    public Instant instant() {
        return ORIGIN.plusNanos(nanoTime());
    }

    @Override
    public long nanoTime() {
        lock.lock();
        try {
            return now;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Scheduled schedule(Duration delay, Runnable work) {
        if (delay.isNegative()) {
            throw new IllegalArgumentException("a delay of " + delay);
        }
        lock.lock();
        try {
            Task task = new Task(saturatedSum(now, delay), scheduledSoFar++, work);
            tasks.add(task);
            changed.signalAll();
            if (delay.isZero()) {
                immediate.execute(() -> runDue(nanoTime()));
            }
            return () -> cancel(task);
        } finally {
            lock.unlock();
        }
    }

    /** Lets time pass, and runs what is due meanwhile, also what such tasks schedule; returns once all of it has run. */
    public void advance(Duration by) {
        runDue(saturatedSum(nanoTime(), by));
    }

    /** Lets time pass until the next task is due, and runs what is due then. */
    public void advanceToNext() {
        advance(untilNext().orElseThrow(() -> new AssertionError("nothing is scheduled")));
    }

    /** How many tasks wait for their time. */
    public int pending() {
        lock.lock();
        try {
            return tasks.size();
        } finally {
            lock.unlock();
        }
    }

    /** How long it is until the next task is due; empty if nothing is scheduled. */
    public Optional<Duration> untilNext() {
        lock.lock();
        try {
            Task next = tasks.peek();
            return next == null ? Optional.empty() : Optional.of(Duration.ofNanos(next.due - now));
        } finally {
            lock.unlock();
        }
    }

    /** Waits until at least so many tasks wait for their time. */
    public void awaitPending(int atLeast) {
        lock.lock();
        try {
            long left = TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
            while (tasks.size() < atLeast) {
                if (left <= 0) {
                    throw new AssertionError(tasks.size() + " tasks are scheduled, not " + atLeast);
                }
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted while waiting for tasks", e);
        } finally {
            lock.unlock();
        }
    }

    private void runDue(long until) {
        turn.lock();
        try {
            for (Task next = nextDue(until); next != null; next = nextDue(until)) {
                next.work.run();
            }
        } finally {
            turn.unlock();
        }
    }

    /** Takes the next task that is due by then and moves the clock to its time, or to the end if there is none. */
    private @Nullable Task nextDue(long until) {
        lock.lock();
        try {
            Task next = tasks.peek();
            if (next == null || next.due > until) {
                now = Math.max(now, until);
                return null;
            }
            now = Math.max(now, next.due);
            return tasks.poll();
        } finally {
            lock.unlock();
        }
    }

    private void cancel(Task task) {
        lock.lock();
        try {
            tasks.remove(task);
        } finally {
            lock.unlock();
        }
    }

    private static long saturatedSum(long nanos, Duration more) {
        long added = TimeUnit.NANOSECONDS.convert(more);
        return added > Long.MAX_VALUE - nanos ? Long.MAX_VALUE : nanos + added;
    }

    /** Something to run, by its time and then by the order in which it was scheduled. */
    private static final class Task {
        private final long due;
        private final long order;
        private final Runnable work;

        Task(long due, long order, Runnable work) {
            this.due = due;
            this.order = order;
            this.work = work;
        }
    }
}
