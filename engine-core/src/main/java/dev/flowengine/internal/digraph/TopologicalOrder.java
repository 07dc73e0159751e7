package dev.flowengine.internal.digraph;

import java.util.Arrays;

/** Topological order by counting open predecessors (Kahn, <i>Topological sorting of large networks</i>, 1962). */
final class TopologicalOrder {
    private TopologicalOrder() {}

    static int[] of(IntDigraph graph) {
        int[] open = new int[graph.nodes()];
        IntQueue ready = new IntQueue(graph.nodes());
        for (int node = 0; node < open.length; node++) {
            open[node] = graph.inDegree(node);
            if (open[node] == 0) {
                ready.add(node);
            }
        }
        int[] order = new int[open.length];
        int ordered = 0;
        while (!ready.isEmpty()) {
            int node = ready.removeLowest();
            order[ordered++] = node;
            for (int i = 0; i < graph.outDegree(node); i++) {
                int next = graph.successor(node, i);
                if (--open[next] == 0) {
                    ready.add(next);
                }
            }
        }
        return Arrays.copyOf(order, ordered);
    }
}
