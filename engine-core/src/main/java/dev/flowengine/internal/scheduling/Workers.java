package dev.flowengine.internal.scheduling;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The workers of an engine: a fixed number of threads and one queue, first in first out over all executions; and one
 * thread beside them for what must not wait while all of them are in the middle of a body.
 */
public final class Workers implements Executor {
    private static final int IDLE_SECONDS = 30;

    private final int count;
    private final ThreadPoolExecutor pool;
    private final ThreadPoolExecutor control;
    /** What is queued or runs; grows under the lock only, together with the queue. */
    private final AtomicInteger unfinished = new AtomicInteger();

    private final ReentrantLock lock = new ReentrantLock();
    private boolean closed;

    /**
     * Creates workers; their threads start when needed.
     *
     * @param count how many
     */
    public Workers(int count) {
        this.count = count;
        this.pool = threads(count, 0, "flowengine-worker-");
        this.control = threads(1, IDLE_SECONDS, "flowengine-control-");
        control.allowCoreThreadTimeOut(true);
    }

    /** Stops the workers once they have done what is queued. */
    public void shutdown() {
        lock.lock();
        try {
            closed = true;
            pool.shutdown();
            control.shutdown();
        } finally {
            lock.unlock();
        }
    }

    /**
     * How many workers there are.
     *
     * @return at least 1
     */
    public int count() {
        return count;
    }

    /** Whether a task waits for a worker. */
    boolean areAwaited() {
        return !pool.getQueue().isEmpty();
    }

    /**
     * Runs a task, unless the workers have been stopped: then it belongs to an execution that has ended.
     *
     * @param task may take as long as a body takes
     */
    @Override
    public void execute(Runnable task) {
        lock.lock();
        try {
            if (!closed) {
                enqueue(task);
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Runs a task that never blocks nor runs a body, without waiting for any body: on a worker if one is free, which is
     * then the one that will run what the task makes ready; else beside the workers. Once these have been stopped, here.
     */
    void executePromptly(Runnable task) {
        if (!isTaken(task)) {
            task.run();
        }
    }

    private boolean isTaken(Runnable task) {
        lock.lock();
        try {
            if (closed) {
                return false;
            }
            if (unfinished.get() < count) {
                // No more tasks than workers are unfinished, this one included: each of them has a worker.
                enqueue(task);
            } else {
                control.execute(task);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void enqueue(Runnable task) {
        unfinished.incrementAndGet();
        try {
            pool.execute(() -> runCounted(task));
        } catch (RuntimeException | Error noThread) {
            unfinished.decrementAndGet();
            throw noThread;
        }
    }

    private void runCounted(Runnable task) {
        try {
            task.run();
        } finally {
            unfinished.decrementAndGet();
        }
    }

    private static ThreadPoolExecutor threads(int count, int idleSeconds, String prefix) {
        return new ThreadPoolExecutor(
                count, count, idleSeconds, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), EngineThread.factory(prefix));
    }
}
