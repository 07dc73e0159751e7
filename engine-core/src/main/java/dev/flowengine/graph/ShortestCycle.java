package dev.flowengine.graph;

import dev.flowengine.internal.digraph.IntDigraph;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import org.jgrapht.Graph;
import org.jgrapht.GraphPath;
import org.jgrapht.alg.shortestpath.BFSShortestPath;
import org.jgrapht.graph.DefaultEdge;
import org.jgrapht.graph.SimpleDirectedGraph;

/**
 * A shortest way around through one node. JGraphT sees only the nodes of one strongly connected part of the flow, never
 * the whole of it; one breadth-first search, O(nodes + edges) of that part.
 */
final class ShortestCycle {
    /** Stands for the start as the place the search leaves from, so that arriving there again is a path. */
    private static final Integer DEPARTURE = -1;

    private final IntDigraph graph;
    private final IntPredicate edges;

    /**
     * Prepares searches.
     *
     * @param graph the graph
     * @param edges which of its edges to follow
     */
    ShortestCycle(IntDigraph graph, IntPredicate edges) {
        this.graph = graph;
        this.edges = edges;
    }

    /**
     * Finds a cycle.
     *
     * @param members nodes it may pass
     * @param start the node it begins and ends with, one of the members
     * @return nodes along the cycle, the start first and last
     */
    int[] through(int[] members, int start) {
        return search(members, start, start);
    }

    /**
     * Finds a cycle through two nodes: a shortest way there and a shortest way back.
     *
     * @param members nodes it may pass
     * @param start the node it begins and ends with, one of the members
     * @param other the node it must pass, one of the members
     * @return nodes along the cycle, the start first and last
     */
    int[] throughBoth(int[] members, int start, int other) {
        int[] there = search(members, start, other);
        int[] back = search(members, other, start);
        int[] cycle = Arrays.copyOf(there, there.length + back.length - 1);
        System.arraycopy(back, 1, cycle, there.length, back.length - 1);
        return cycle;
    }

    private int[] search(int[] members, int from, int to) {
        Graph<Integer, DefaultEdge> part = new SimpleDirectedGraph<>(DefaultEdge.class);
        part.addVertex(DEPARTURE);
        for (int member : members) {
            part.addVertex(member);
        }
        for (int member : members) {
            copyEdges(member, member, part);
        }
        copyEdges(from, DEPARTURE, part);
        return nodes(BFSShortestPath.findPathBetween(part, DEPARTURE, to), from);
    }

    private void copyEdges(int from, Integer vertex, Graph<Integer, DefaultEdge> part) {
        for (int i = 0; i < graph.outDegree(from); i++) {
            Integer next = graph.successor(from, i);
            if (edges.test(graph.outEdge(from, i)) && part.containsVertex(next) && !vertex.equals(next)) {
                part.addEdge(vertex, next);
            }
        }
    }

    private static int[] nodes(GraphPath<Integer, DefaultEdge> path, int start) {
        if (path == null) {
            throw new IllegalArgumentException("no cycle through node " + start);
        }
        List<Integer> vertices = path.getVertexList();
        int[] nodes = vertices.stream().mapToInt(Integer::intValue).toArray();
        nodes[0] = start;
        return nodes;
    }
}
