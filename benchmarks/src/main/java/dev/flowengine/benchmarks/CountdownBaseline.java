package dev.flowengine.benchmarks;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RecursiveAction;

/**
 * A graph run by hand on a ForkJoinPool: an atomic countdown per node, its state tracked. Whoever completes a node goes
 * on with the first one that became ready, forks the others, and counts what it ran in one step at its end.
 */
final class CountdownBaseline implements AutoCloseable {
    private static final int NONE = -1;

    private final LayeredGraph graph;
    private final int[] sourceCounts;
    private final NodeWork work;
    private final ForkJoinPool pool = new ForkJoinPool(Runtime.getRuntime().availableProcessors());

    CountdownBaseline(LayeredGraph graph, NodeWork work) {
        this.graph = graph;
        this.sourceCounts = graph.sourceCounts();
        this.work = work;
    }

    CountdownRun run() throws InterruptedException {
        CountdownRun run = new CountdownRun(graph, sourceCounts);
        run.queued(LayeredGraph.ROOT);
        pool.execute(new Chain(run, LayeredGraph.ROOT));
        run.await();
        return run;
    }

    @Override
    public void close() {
        pool.shutdown();
    }

    private int runNode(CountdownRun run, int node) throws Exception {
        run.running(node);
        work.run(node);
        run.completed(node);
        int kept = NONE;
        int end = graph.targetsTo(node);
        for (int i = graph.targetsFrom(node); i < end; i++) {
            int target = graph.target(i);
            if (!run.release(target)) {
                continue;
            }
            if (kept == NONE) {
                kept = target;
            } else {
                new Chain(run, target).fork();
            }
        }
        return kept;
    }

    /** A node and whatever can be run in place after it. */
    private final class Chain extends RecursiveAction {
        private static final long serialVersionUID = 1;

        private final transient CountdownRun run;
        private final int first;

        Chain(CountdownRun run, int first) {
            this.run = run;
            this.first = first;
        }

        @Override
        protected void compute() {
            try {
                int ended = 0;
                for (int node = first; node != NONE; node = runNode(run, node)) {
                    ended++;
                }
                run.ended(ended);
            } catch (Throwable e) {
                run.failed(e);
            }
        }
    }
}
