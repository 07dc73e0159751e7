package dev.flowengine.graph;

import dev.flowengine.internal.digraph.IntDigraph;
import java.util.Arrays;
import java.util.BitSet;

/** Edges being collected. */
final class EdgeList {
    private int[] sources;
    private int[] targets;
    private int size;

    EdgeList(int expectedSize) {
        sources = new int[Math.max(8, expectedSize)];
        targets = new int[Math.max(8, expectedSize)];
    }

    /** Adds an edge and tells its number. */
    int add(int source, int target) {
        if (size == sources.length) {
            sources = Arrays.copyOf(sources, size * 2);
            targets = Arrays.copyOf(targets, size * 2);
        }
        sources[size] = source;
        targets[size] = target;
        return size++;
    }

    int size() {
        return size;
    }

    int source(int edge) {
        return sources[edge];
    }

    int target(int edge) {
        return targets[edge];
    }

    /** The same graph without some edges; the others are numbered anew. */
    static IntDigraph without(IntDigraph graph, BitSet leftOut) {
        if (leftOut.isEmpty()) {
            return graph;
        }
        EdgeList kept = new EdgeList(graph.edges());
        for (int edge = leftOut.nextClearBit(0); edge < graph.edges(); edge = leftOut.nextClearBit(edge + 1)) {
            kept.add(graph.source(edge), graph.target(edge));
        }
        return kept.toDigraph(graph.nodes());
    }

    IntDigraph toDigraph(int nodes) {
        return IntDigraph.of(nodes, Arrays.copyOf(sources, size), Arrays.copyOf(targets, size));
    }
}
