package dev.flowengine.internal.journal;

import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what has to be done again and again for as long as an engine runs, and sooner if somebody says so. Whatever goes
 * wrong, it comes again. Thread-safe.
 */
public final class Sweeper {
    private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);
    private static final long LOG_EVERY_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final long intervalNanos;
    private final Runnable sweep;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private boolean nudged;
    private boolean closed;
    private long loggedAt;
    private boolean logged;

    /**
     * Creates a sweeper that has not begun.
     *
     * @param interval how long to wait from one sweep to the next
     * @param sweep what is to be done
     * @param threads creates its thread
     */
    public Sweeper(Duration interval, Runnable sweep, ThreadFactory threads) {
        this.intervalNanos = TimeUnit.NANOSECONDS.convert(interval);
        this.sweep = sweep;
        this.thread = threads.newThread(this::sweepUntilClosed);
    }

    /** Begins. */
    public void start() {
        thread.start();
    }

    /** There is something to do. */
    public void nudge() {
        signal(() -> nudged = true);
    }

    /**
     * Ends it after the sweep that is under way.
     *
     * @param atMost how long to wait for that
     * @throws InterruptedException if the thread is interrupted while waiting
     */
    public void close(Duration atMost) throws InterruptedException {
        signal(() -> closed = true);
        if (thread.isAlive()) {
            thread.join(Math.max(1, atMost.toMillis()));
        }
    }

    private void signal(Runnable change) {
        lock.lock();
        try {
            change.run();
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void sweepUntilClosed() {
        while (awaitTurn()) {
            try {
                sweep.run();
            } catch (Throwable failure) {
                log(failure);
            }
        }
    }

    private boolean awaitTurn() {
        lock.lock();
        try {
            // A quarter of chance, so that engines that were started together do not all come at once.
            long left = intervalNanos - ThreadLocalRandom.current().nextLong(intervalNanos / 4 + 1);
            while (left > 0 && !nudged && !closed) {
                left = news.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            // Nobody interrupts this thread but a store that leaves the flag set.
        } finally {
            nudged = false;
            lock.unlock();
        }
        return !isClosed();
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** What fails again and again is logged once a minute. */
    private void log(Throwable failure) {
        long now = System.nanoTime();
        if (!logged || now - loggedAt > LOG_EVERY_NANOS) {
            logged = true;
            loggedAt = now;
            LOG.warn("looking after stored executions failed, and is tried again: {}", failure.getMessage());
            LOG.debug("the failure in full", failure);
        }
    }
}
