package dev.flowengine.internal.digraph;

import java.util.Objects;

/** Edge numbers grouped by node: one row per node in one array, each row ascending. */
final class Adjacency {
    private final int[] rowStarts;
    private final int[] edges;

    private Adjacency(int[] rowStarts, int[] edges) {
        this.rowStarts = rowStarts;
        this.edges = edges;
    }

    /** Groups by counting sort: edge i belongs to node {@code owners[i]}. */
    static Adjacency of(int nodes, int[] owners) {
        int[] rowStarts = new int[nodes + 1];
        for (int owner : owners) {
            rowStarts[Objects.checkIndex(owner, nodes) + 1]++;
        }
        for (int node = 0; node < nodes; node++) {
            rowStarts[node + 1] += rowStarts[node];
        }
        int[] next = rowStarts.clone();
        int[] edges = new int[owners.length];
        for (int edge = 0; edge < owners.length; edge++) {
            edges[next[owners[edge]]++] = edge;
        }
        return new Adjacency(rowStarts, edges);
    }

    int nodes() {
        return rowStarts.length - 1;
    }

    int degree(int node) {
        return rowStarts[node + 1] - rowStarts[node];
    }

    int edge(int node, int position) {
        return edges[rowStarts[node] + Objects.checkIndex(position, degree(node))];
    }
}
