package dev.flowengine.internal.digraph;

import java.util.BitSet;

/** Depth-first search with an explicit stack (Tarjan, <i>Depth-first search and linear graph algorithms</i>, 1972). */
final class Reachability {
    private Reachability() {}

    static BitSet from(IntDigraph graph, BitSet starts) {
        BitSet reached = (BitSet) starts.clone();
        int[] stack = new int[graph.nodes()];
        int depth = 0;
        for (int start = starts.nextSetBit(0); start >= 0; start = starts.nextSetBit(start + 1)) {
            stack[depth++] = start;
        }
        while (depth > 0) {
            int node = stack[--depth];
            for (int i = 0; i < graph.outDegree(node); i++) {
                int next = graph.successor(node, i);
                if (!reached.get(next)) {
                    reached.set(next);
                    stack[depth++] = next;
                }
            }
        }
        return reached;
    }
}
