package dev.flowengine.internal.scheduling;

import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
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
    private final @Nullable Executor handOver;
    private final @Nullable ExecutorService owned;
    private final int limit;
    private final int maxAbandoned;
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger abandoned = new AtomicInteger();
    private final Queue<BodyTask> waiting = new ConcurrentLinkedQueue<>();

    private BodyThreads(
            Executor executor,
            @Nullable Executor handOver,
            @Nullable ExecutorService owned,
            int limit,
            int maxAbandoned) {
        this.executor = executor;
        this.handOver = handOver;
        this.owned = owned;
        this.limit = limit;
        this.maxAbandoned = maxAbandoned;
    }

    /**
     * Threads of the engine's own.
     *
     * @param limit how many bodies may run at once; 0 for the default of the platform
     * @param maxAbandoned how many threads may be held by bodies nobody waits for any more
     * @return the threads
     */
    public static BodyThreads ofEngine(int limit, int maxAbandoned) {
        ThreadFactory virtual = VirtualThreads.factory("flowengine-body");
        if (virtual != null) {
            Executor perTask = task -> virtual.newThread(task).start();
            return new BodyThreads(perTask, null, null, limit == 0 ? UNLIMITED : limit, maxAbandoned);
        }
        ExecutorService elastic = new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                EngineThread.factory("flowengine-body-"));
        int most = limit == 0 ? DEFAULT_PLATFORM_THREADS : limit;
        return new BodyThreads(elastic, null, elastic, most, maxAbandoned);
    }

    /**
     * Threads of the host.
     *
     * @param executor runs the bodies
     * @param limit how many bodies may run at once; 0 for as many as the executor takes
     * @param handOver runs what gives a body to the executor, which may well run the body there and then, or block
     * @return the threads
     */
    public static BodyThreads ofHost(Executor executor, int limit, Executor handOver) {
        return new BodyThreads(
                task -> executor.execute(() -> EngineThread.borrow(task)),
                handOver,
                null,
                limit == 0 ? UNLIMITED : limit,
                UNLIMITED);
    }

    /**
     * Runs a body when there is room for it.
     *
     * @param task the body
     */
    public void start(BodyTask task) {
        if (tooManyAreAbandoned()) {
            task.refused(tooManyAbandoned());
        } else if (limit == UNLIMITED) {
            execute(new BodySlot(this, task), task);
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
        return handOver != null;
    }

    /**
     * How many bodies may run at once.
     *
     * @return the limit, or {@link #UNLIMITED}
     */
    public int limit() {
        return limit;
    }

    /**
     * Whether a thread whose body has returned may wait for something else before it is given back: another body finds a thread
     * meanwhile.
     *
     * @return false if bodies may wait in line, or if these are the host's threads, or virtual ones that may hold their carrier
     */
    public boolean mayWait() {
        boolean blocksNobody = owned != null || (!areHosts() && VirtualThreads.yieldInMonitors());
        return blocksNobody && (limit == UNLIMITED || running.get() < limit);
    }

    /**
     * How many threads are held by bodies nobody waits for any more.
     *
     * @return their number now
     */
    public int abandonedNow() {
        return abandoned.get();
    }

    /**
     * How many threads may be held by such bodies before no further body is started.
     *
     * @return the number; {@link #UNLIMITED} for threads of the host, where they are only counted
     */
    public int maxAbandoned() {
        return maxAbandoned;
    }

    /** Gives the engine's own threads back once they are done. */
    public void shutdown() {
        if (owned != null) {
            owned.shutdown();
        }
    }

    /** A running body was given up: another takes its place. */
    void abandoned() {
        abandoned.incrementAndGet();
        if (limit != UNLIMITED) {
            running.decrementAndGet();
            admit();
        }
    }

    /** A body that was given up has returned after all. */
    void cameBack() {
        abandoned.decrementAndGet();
    }

    private boolean tooManyAreAbandoned() {
        return abandoned.get() > maxAbandoned;
    }

    private FlowException tooManyAbandoned() {
        return FlowException.of(
                        FailureKind.LIMIT_EXCEEDED,
                        abandoned.get() + " bodies have not returned although they timed out or were cancelled, and "
                                + "hold their threads; no more than " + maxAbandoned + " may")
                .suggestedResolution("Let bodies end when they are interrupted or their cancellation is requested.")
                .build();
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
        } else if (tooManyAreAbandoned()) {
            running.decrementAndGet();
            next.refused(tooManyAbandoned());
        } else {
            execute(() -> runInLine(next), next);
        }
    }

    private void execute(Runnable work, BodyTask task) {
        if (handOver == null) {
            executeNow(work, task);
        } else {
            handOver.execute(() -> {
                executeNow(work, task);
                // If that was refused there is room, which whoever made this one go ahead did not see.
                admit();
            });
        }
    }

    private void executeNow(Runnable work, BodyTask task) {
        try {
            executor.execute(work);
        } catch (RuntimeException | Error e) {
            if (limit != UNLIMITED) {
                running.decrementAndGet();
            }
            task.refused(e);
        }
    }

    /** Runs a body and then, on the same thread, those that wait. */
    private void runInLine(BodyTask first) {
        for (BodyTask task = first; task != null; task = waiting.poll()) {
            if (!new BodySlot(this, task).returnsInPlace()) {
                return;
            }
            if (!areHosts()) {
                // Bodies may leave the flag set; the next one on this thread must not see it.
                Thread.interrupted();
            }
        }
        running.decrementAndGet();
        // A body that arrived after the last look found no room: there is room now.
        admit();
    }
}
