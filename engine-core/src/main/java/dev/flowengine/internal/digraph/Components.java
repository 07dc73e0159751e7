package dev.flowengine.internal.digraph;

import java.util.Arrays;

/**
 * The strongly connected components of a graph, numbered so that no component has a lower number than one it leads to.
 *
 * <p>Nodes of a component lead to each other; a component of one node is a cycle only if the node has a self-loop.
 */
public final class Components {
    private final int count;
    private final int[] componentOf;
    private final Adjacency members;

    Components(int count, int[] componentOf) {
        this.count = count;
        this.componentOf = componentOf;
        this.members = Adjacency.of(count, componentOf);
    }

    static Components of(IntDigraph graph) {
        return new ComponentSearch(graph).run();
    }

    /**
     * How many components there are.
     *
     * @return their number
     */
    public int count() {
        return count;
    }

    /**
     * The component of a node.
     *
     * @param node a node
     * @return its number, 0 to {@code count() - 1}
     */
    public int of(int node) {
        return componentOf[node];
    }

    /**
     * How many nodes a component has.
     *
     * @param component its number
     * @return 1 or more
     */
    public int size(int component) {
        return members.degree(component);
    }

    /**
     * The nodes of a component.
     *
     * @param component its number
     * @return its nodes, ascending; the caller's to keep
     */
    public int[] members(int component) {
        int[] nodes = new int[size(component)];
        Arrays.setAll(nodes, position -> members.edge(component, position));
        return nodes;
    }
}
