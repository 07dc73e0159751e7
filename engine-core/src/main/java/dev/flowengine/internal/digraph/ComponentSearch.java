package dev.flowengine.internal.digraph;

import java.util.Arrays;

/**
 * One search for strongly connected components (Tarjan, <i>Depth-first search and linear graph algorithms</i>, 1972)
 * with an explicit stack in place of recursion: {@code path} holds the nodes being explored and {@code position} how
 * many edges of each were followed; {@code open} holds the visited nodes whose component is not complete yet.
 */
final class ComponentSearch {
    private static final int NONE = -1;

    private final IntDigraph graph;
    private final int[] visit;
    private final int[] lowest;
    private final int[] position;
    private final int[] path;
    private final int[] open;
    private final int[] componentOf;
    private int visited;
    private int pathSize;
    private int openSize;
    private int components;

    ComponentSearch(IntDigraph graph) {
        int nodes = graph.nodes();
        this.graph = graph;
        this.visit = new int[nodes];
        this.lowest = new int[nodes];
        this.position = new int[nodes];
        this.path = new int[nodes];
        this.open = new int[nodes];
        this.componentOf = new int[nodes];
        Arrays.fill(componentOf, NONE);
    }

    Components run() {
        for (int root = 0; root < graph.nodes(); root++) {
            if (visit[root] == 0) {
                explore(root);
            }
        }
        return new Components(components, componentOf);
    }

    private void explore(int root) {
        enter(root);
        while (pathSize > 0) {
            int node = path[pathSize - 1];
            if (position[node] < graph.outDegree(node)) {
                follow(node, graph.successor(node, position[node]++));
            } else {
                leave(node);
            }
        }
    }

    private void enter(int node) {
        visit[node] = ++visited;
        lowest[node] = visited;
        path[pathSize++] = node;
        open[openSize++] = node;
    }

    private void follow(int node, int next) {
        if (visit[next] == 0) {
            enter(next);
        } else if (componentOf[next] == NONE) {
            lowest[node] = Math.min(lowest[node], visit[next]);
        }
    }

    private void leave(int node) {
        pathSize--;
        if (lowest[node] == visit[node]) {
            close(node);
        }
        if (pathSize > 0) {
            int parent = path[pathSize - 1];
            lowest[parent] = Math.min(lowest[parent], lowest[node]);
        }
    }

    private void close(int root) {
        int member;
        do {
            member = open[--openSize];
            componentOf[member] = components;
        } while (member != root);
        components++;
    }
}
