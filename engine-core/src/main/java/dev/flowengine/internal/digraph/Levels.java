package dev.flowengine.internal.digraph;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/** Longest paths in an acyclic graph, in one pass along its topological order. */
public final class Levels {
    private Levels() {}

    /**
     * For each node the greatest sum of lengths over the nodes of a path that leads to it, its own not counted.
     *
     * @param graph the graph
     * @param length length of a node, 0 or more
     * @return a level per node; -1 for nodes on a cycle and what they lead to
     */
    public static int[] of(IntDigraph graph, IntUnaryOperator length) {
        int[] levels = new int[graph.nodes()];
        int[] order = graph.topologicalOrder();
        for (int node : order) {
            int below = levels[node] + length.applyAsInt(node);
            for (int i = 0; i < graph.outDegree(node); i++) {
                int next = graph.successor(node, i);
                levels[next] = Math.max(levels[next], below);
            }
        }
        return order.length == levels.length ? levels : onlyOrdered(levels, order);
    }

    private static int[] onlyOrdered(int[] levels, int[] order) {
        int[] result = new int[levels.length];
        Arrays.fill(result, -1);
        for (int node : order) {
            result[node] = levels[node];
        }
        return result;
    }
}
