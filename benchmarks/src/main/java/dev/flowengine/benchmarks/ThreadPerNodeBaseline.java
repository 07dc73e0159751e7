package dev.flowengine.benchmarks;

import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A graph run by hand for work that may block: an atomic countdown per node, its state tracked, and a virtual thread for
 * every node that is ready; before Java 21 a thread of a pool of at most 256.
 */
final class ThreadPerNodeBaseline implements AutoCloseable {
    private static final int PLATFORM_THREADS = 256;

    private final LayeredGraph graph;
    private final int[] sourceCounts;
    private final NodeWork work;
    private final ExecutorService threads = threads();

    ThreadPerNodeBaseline(LayeredGraph graph, NodeWork work) {
        this.graph = graph;
        this.sourceCounts = graph.sourceCounts();
        this.work = work;
    }

    CountdownRun run() throws InterruptedException {
        CountdownRun run = new CountdownRun(graph, sourceCounts);
        run.queued(LayeredGraph.ROOT);
        start(run, LayeredGraph.ROOT);
        run.await();
        return run;
    }

    @Override
    public void close() {
        threads.shutdown();
    }

    private void start(CountdownRun run, int node) {
        threads.execute(() -> runNode(run, node));
    }

    private void runNode(CountdownRun run, int node) {
        try {
            run.running(node);
            work.run(node);
            run.completed(node);
            int end = graph.targetsTo(node);
            for (int i = graph.targetsFrom(node); i < end; i++) {
                int target = graph.target(i);
                if (run.release(target)) {
                    start(run, target);
                }
            }
            run.ended(1);
        } catch (Throwable e) {
            run.failed(e);
        }
    }

    private static ExecutorService threads() {
        try {
            // By name, because the code compiles on 17.
            return (ExecutorService)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        } catch (NoSuchMethodException before21) {
            ThreadPoolExecutor pool = new ThreadPoolExecutor(
                    PLATFORM_THREADS, PLATFORM_THREADS, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
            pool.allowCoreThreadTimeOut(true);
            return pool;
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("no virtual threads on Java " + Runtime.version(), e);
        }
    }
}
