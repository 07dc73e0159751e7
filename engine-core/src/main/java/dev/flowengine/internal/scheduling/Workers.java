package dev.flowengine.internal.scheduling;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The workers of an engine: a fixed number of threads and one queue, first in first out over all executions. */
public final class Workers {
    private final int count;
    private final ThreadPoolExecutor pool;

    /**
     * Creates workers; their threads start when needed.
     *
     * @param count how many
     */
    public Workers(int count) {
        this.count = count;
        // Work that arrives after the shutdown belongs to executions that have ended: it is dropped.
        this.pool = new ThreadPoolExecutor(
                count,
                count,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                EngineThread.factory("flowengine-worker-"),
                new ThreadPoolExecutor.DiscardPolicy());
    }

    /** Adds a worker to those there are, which starts at once if work is waiting. */
    public void addOne() {
        pool.setMaximumPoolSize(pool.getMaximumPoolSize() + 1);
        pool.setCorePoolSize(pool.getCorePoolSize() + 1);
    }

    /** Stops the workers once they have done what is queued. */
    public void shutdown() {
        pool.shutdown();
    }

    int count() {
        return count;
    }

    void execute(Runnable task) {
        pool.execute(task);
    }
}
