package dev.flowengine.internal.scheduling;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The threads that run bodies which may block: virtual ones where there are such, else a pool that grows and shrinks, or
 * the host's own. At most so many bodies run at once; the others wait in line, all executions in one, holding nothing.
 */
public final class BodyThreads {
    /** No limit on bodies that run at once. */
    public static final int UNLIMITED = Integer.MAX_VALUE;

    private static final int DEFAULT_PLATFORM_THREADS = 256;
    private static final int IDLE_SECONDS = 30;

    private final Executor executor;
    private final @Nullable ExecutorService owned;
    private final boolean hosts;
    private final int limit;
    private final AtomicInteger running = new AtomicInteger();
    private final Queue<BodyTask> waiting = new ConcurrentLinkedQueue<>();

    private BodyThreads(Executor executor, @Nullable ExecutorService owned, boolean hosts, int limit) {
        this.executor = executor;
        this.owned = owned;
        this.hosts = hosts;
        this.limit = limit;
    }

    /**
     * Threads of the engine's own.
     *
     * @param limit how many bodies may run at once; 0 for the default of the platform
     * @return the threads
     */
    public static BodyThreads ofEngine(int limit) {
        ThreadFactory virtual = VirtualThreads.factory("flowengine-body");
        if (virtual != null) {
            Executor perTask =
                    task -> virtual.newThread(() -> EngineThread.borrow(task)).start();
            return new BodyThreads(perTask, null, false, limit == 0 ? UNLIMITED : limit);
        }
        ExecutorService elastic = new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                EngineThread.factory("flowengine-body-"));
        return new BodyThreads(elastic, elastic, false, limit == 0 ? DEFAULT_PLATFORM_THREADS : limit);
    }

    /**
     * Threads of the host.
     *
     * @param executor runs the bodies
     * @param limit how many bodies may run at once; 0 for as many as the executor takes
     * @return the threads
     */
    public static BodyThreads ofHost(Executor executor, int limit) {
        return new BodyThreads(
                task -> executor.execute(() -> EngineThread.borrow(task)), null, true, limit == 0 ? UNLIMITED : limit);
    }

    /**
     * Runs a body when there is room for it.
     *
     * @param task the body
     */
    public void start(BodyTask task) {
        if (limit == UNLIMITED) {
            execute(task, task);
        } else {
            waiting.add(task);
            admit();
        }
    }

    /**
     * Whether these are the host's threads, which do no work for the engine but bodies.
     *
     * @return true if so
     */
    public boolean areHosts() {
        return hosts;
    }

    /** Gives the engine's own threads back once they are done. */
    public void shutdown() {
        if (owned != null) {
            owned.shutdown();
        }
    }

    private void admit() {
        int now = running.get();
        while (now < limit && !waiting.isEmpty()) {
            if (running.compareAndSet(now, now + 1)) {
                runNext();
            }
            now = running.get();
        }
    }

    private void runNext() {
        BodyTask next = waiting.poll();
        if (next == null) {
            running.decrementAndGet();
        } else {
            execute(() -> runInLine(next), next);
        }
    }

    private void execute(Runnable work, BodyTask task) {
        try {
            executor.execute(work);
        } catch (RuntimeException | Error e) {
            if (work != task) {
                running.decrementAndGet();
            }
            task.refused(e);
        }
    }

    /** Runs a body and then, on the same thread, those that wait. */
    private void runInLine(BodyTask first) {
        try {
            for (BodyTask task = first; task != null; task = waiting.poll()) {
                task.run();
                if (!hosts) {
                    // Bodies may leave the flag set; the next one on this thread must not see it.
                    Thread.interrupted();
                }
            }
        } finally {
            running.decrementAndGet();
            // A body that arrived after the last look found no room: there is room now.
            admit();
        }
    }
}
