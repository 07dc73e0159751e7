package dev.flowengine.internal.digraph;

import java.util.BitSet;
import java.util.Objects;

/**
 * An immutable directed graph over the nodes 0 to n-1 and the edges 0 to m-1, parallel edges and self-loops included.
 *
 * <p>Edges are grouped by source and by target (compressed sparse rows), each group in the order the edges were given.
 * Every pass is iterative, boxes nothing and takes O(n + m) time and memory, so a chain of a million nodes is no
 * danger to the stack. Safe for use by many threads.
 */
public final class IntDigraph {
    private final int[] sources;
    private final int[] targets;
    private final Adjacency out;
    private final Adjacency in;

    private IntDigraph(int[] sources, int[] targets, Adjacency out, Adjacency in) {
        this.sources = sources;
        this.targets = targets;
        this.out = out;
        this.in = in;
    }

    /**
     * Builds a graph; edge i leads from {@code sources[i]} to {@code targets[i]}.
     *
     * @param nodes how many nodes there are
     * @param sources where each edge begins; copied
     * @param targets where each edge ends, as many as sources; copied
     * @return the graph
     * @throws IllegalArgumentException if the arrays differ in length
     * @throws IndexOutOfBoundsException if an edge names a node outside 0 to n-1
     */
    public static IntDigraph of(int nodes, int[] sources, int[] targets) {
        if (sources.length != targets.length) {
            throw new IllegalArgumentException(
                    sources.length + " sources but " + targets.length + " targets: every edge needs both");
        }
        int[] from = sources.clone();
        int[] to = targets.clone();
        return new IntDigraph(from, to, Adjacency.of(nodes, from), Adjacency.of(nodes, to));
    }

    /**
     * How many nodes there are.
     *
     * @return n
     */
    public int nodes() {
        return out.nodes();
    }

    /**
     * How many edges there are.
     *
     * @return m
     */
    public int edges() {
        return sources.length;
    }

    /**
     * Where an edge begins.
     *
     * @param edge its number
     * @return a node
     */
    public int source(int edge) {
        return sources[edge];
    }

    /**
     * Where an edge ends.
     *
     * @param edge its number
     * @return a node
     */
    public int target(int edge) {
        return targets[edge];
    }

    /**
     * How many edges leave a node.
     *
     * @param node a node
     * @return their number
     */
    public int outDegree(int node) {
        return out.degree(node);
    }

    /**
     * How many edges enter a node.
     *
     * @param node a node
     * @return their number
     */
    public int inDegree(int node) {
        return in.degree(node);
    }

    /**
     * One of the edges that leave a node.
     *
     * @param node a node
     * @param position 0 to {@code outDegree(node) - 1}, in the order the edges were given
     * @return the number of the edge
     */
    public int outEdge(int node, int position) {
        return out.edge(node, position);
    }

    /**
     * One of the edges that enter a node.
     *
     * @param node a node
     * @param position 0 to {@code inDegree(node) - 1}, in the order the edges were given
     * @return the number of the edge
     */
    public int inEdge(int node, int position) {
        return in.edge(node, position);
    }

    /**
     * Where one of the edges that leave a node ends.
     *
     * @param node a node
     * @param position 0 to {@code outDegree(node) - 1}, in the order the edges were given
     * @return a node
     */
    public int successor(int node, int position) {
        return targets[out.edge(node, position)];
    }

    /**
     * Where one of the edges that enter a node begins.
     *
     * @param node a node
     * @param position 0 to {@code inDegree(node) - 1}, in the order the edges were given
     * @return a node
     */
    public int predecessor(int node, int position) {
        return sources[in.edge(node, position)];
    }

    /**
     * Whether an edge leads from a node to itself.
     *
     * @param node a node
     * @return true if there is such an edge
     */
    public boolean hasSelfLoop(int node) {
        for (int i = 0; i < outDegree(node); i++) {
            if (successor(node, i) == node) {
                return true;
            }
        }
        return false;
    }

    /**
     * The same graph with every edge turned round. Edges keep their numbers. O(1), shares all memory.
     *
     * @return the reversed graph
     */
    public IntDigraph reversed() {
        return new IntDigraph(targets, sources, in, out);
    }

    /**
     * The nodes a node leads to.
     *
     * @param start a node
     * @return the node itself and all nodes reachable from it; the caller's to keep
     */
    public BitSet reachableFrom(int start) {
        BitSet starts = new BitSet(nodes());
        starts.set(Objects.checkIndex(start, nodes()));
        return Reachability.from(this, starts);
    }

    /**
     * The nodes any of some nodes leads to.
     *
     * @param starts nodes; not changed
     * @return the nodes themselves and all nodes reachable from one of them; the caller's to keep
     */
    public BitSet reachableFrom(BitSet starts) {
        return Reachability.from(this, starts);
    }

    /**
     * The nodes that lead to a node.
     *
     * @param target a node
     * @return the node itself and all nodes it is reachable from; the caller's to keep
     */
    public BitSet reaching(int target) {
        return reversed().reachableFrom(target);
    }

    /**
     * The nodes that lead to any of some nodes.
     *
     * @param targets nodes; not changed
     * @return the nodes themselves and all nodes one of them is reachable from; the caller's to keep
     */
    public BitSet reaching(BitSet targets) {
        return reversed().reachableFrom(targets);
    }

    /**
     * The nodes in an order in which every edge leads forward. Among the nodes that could come next the lowest always
     * does. Nodes on a cycle, and what they lead to, are left out: the graph is acyclic iff the order has all nodes.
     *
     * @return the order; the caller's to keep
     */
    public int[] topologicalOrder() {
        return TopologicalOrder.of(this);
    }

    /**
     * For each node the number of edges on the longest path that leads to it; -1 for nodes on a cycle and what they
     * lead to.
     *
     * @return a level per node; the caller's to keep
     */
    public int[] levels() {
        return Levels.of(this, node -> 1);
    }

    /**
     * The strongly connected components.
     *
     * @return the components, successors before predecessors
     */
    public Components components() {
        return Components.of(this);
    }
}
