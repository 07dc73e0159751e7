package dev.flowengine.internal.scheduling;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The workers of an engine: a fixed number of threads and one queue, first in first out over all executions; and one
 * thread beside them for what must not wait while all of them are in the middle of a body.
 */
public final class Workers implements Executor {
    private static final int IDLE_SECONDS = 30;

    private final int count;
    private final ThreadPoolExecutor pool;
    private final ThreadPoolExecutor control;
    private final AtomicInteger unfinished = new AtomicInteger();

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
        pool.shutdown();
        control.shutdown();
    }

    int count() {
        return count;
    }

    /**
     * Runs a task.
     *
     * @param task may take as long as a body takes
     */
    @Override
    public void execute(Runnable task) {
        unfinished.incrementAndGet();
        pool.execute(() -> runCounted(task));
    }

    /**
     * Runs a task that never blocks nor runs a body, without waiting for any body: on a worker if one is free, which is
     * then the one that will run what the task makes ready; else beside the workers.
     */
    void executePromptly(Runnable task) {
        // No more tasks than workers are unfinished, this one included: each of them has a worker.
        if (unfinished.incrementAndGet() <= count) {
            pool.execute(() -> runCounted(task));
        } else {
            unfinished.decrementAndGet();
            control.execute(task);
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
        // Work that arrives after the shutdown belongs to executions that have ended: it is dropped.
        return new ThreadPoolExecutor(
                count,
                count,
                idleSeconds,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                EngineThread.factory(prefix),
                new ThreadPoolExecutor.DiscardPolicy());
    }
}
