package dev.flowengine.benchmarks;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;

/** A graph run by hand as a CompletableFuture per node on a ForkJoinPool: what comes with Java, states left out. */
final class FutureBaseline implements AutoCloseable {
    private final int[][] sources;
    private final NodeWork work;
    private final ForkJoinPool pool = new ForkJoinPool(Runtime.getRuntime().availableProcessors());

    FutureBaseline(LayeredGraph graph, NodeWork work) {
        this.sources = new int[graph.size()][];
        for (int node = 0; node < sources.length; node++) {
            sources[node] = graph.sources(node);
        }
        this.work = work;
    }

    /** Runs the graph; fails unless every node completed. */
    void run() {
        CompletableFuture<?>[] nodes = new CompletableFuture<?>[sources.length];
        nodes[LayeredGraph.ROOT] = CompletableFuture.supplyAsync(() -> call(LayeredGraph.ROOT), pool);
        for (int i = 1; i < nodes.length; i++) {
            int node = i;
            nodes[node] = CompletableFuture.allOf(sourcesOf(node, nodes)).thenApplyAsync(ignored -> call(node), pool);
        }
        CompletableFuture.allOf(nodes).join();
    }

    @Override
    public void close() {
        pool.shutdown();
    }

    private CompletableFuture<?>[] sourcesOf(int node, CompletableFuture<?>[] nodes) {
        int[] numbers = sources[node];
        CompletableFuture<?>[] futures = new CompletableFuture<?>[numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            futures[i] = nodes[numbers[i]];
        }
        return futures;
    }

    private Object call(int node) {
        try {
            return work.run(node);
        } catch (Exception e) {
            throw new IllegalStateException("node " + node + " failed", e);
        }
    }
}
