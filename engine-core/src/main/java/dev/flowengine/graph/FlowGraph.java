package dev.flowengine.graph;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * The structure of a flow: nodes with ports, connections, order dependencies. Immutable and comparable by value.
 *
 * <p>A graph may hold any mistake a person can make, such as a connection to a node that is not there;
 * {@link DependencyResolver#validate()} tells all of them at once. Connections that are equal count once.
 */
public final class FlowGraph {
    private final List<GraphNode> nodes;
    private final List<Connection> connections;
    private final List<OrderDependency> orderDependencies;

    private FlowGraph(Builder builder) {
        this.nodes = List.copyOf(builder.nodes);
        this.connections = List.copyOf(builder.connections);
        this.orderDependencies = List.copyOf(builder.orderDependencies);
    }

    /**
     * Starts an empty graph.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * The nodes in declaration order.
     *
     * @return an immutable list
     */
    public List<GraphNode> nodes() {
        return nodes;
    }

    /**
     * The connections in declaration order, each once.
     *
     * @return an immutable list
     */
    public List<Connection> connections() {
        return connections;
    }

    /**
     * The dependencies that carry no value, in declaration order, each once.
     *
     * @return an immutable list
     */
    public List<OrderDependency> orderDependencies() {
        return orderDependencies;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FlowGraph that
                && nodes.equals(that.nodes)
                && connections.equals(that.connections)
                && orderDependencies.equals(that.orderDependencies);
    }

    @Override
    public int hashCode() {
        return Objects.hash(nodes, connections, orderDependencies);
    }

    @Override
    public String toString() {
        return "FlowGraph[" + nodes.size() + " nodes, " + connections.size() + " connections, "
                + orderDependencies.size() + " order dependencies]";
    }

    /** Collects nodes and connections; not thread-safe. */
    public static final class Builder {
        private final List<GraphNode> nodes = new ArrayList<>();
        private final Set<Connection> connections = new LinkedHashSet<>();
        private final Set<OrderDependency> orderDependencies = new LinkedHashSet<>();

        private Builder() {}

        /**
         * Adds a node.
         *
         * @param node the node
         * @return this
         */
        public Builder add(GraphNode node) {
            nodes.add(Objects.requireNonNull(node, "node"));
            return this;
        }

        /**
         * Adds a trigger with the output port {@code main}.
         *
         * @param id its id
         * @return this
         */
        public Builder trigger(String id) {
            return add(GraphNode.trigger(id));
        }

        /**
         * Adds a node with the ports {@code main} and the default join.
         *
         * @param id its id
         * @return this
         */
        public Builder node(String id) {
            return add(GraphNode.node(id));
        }

        /**
         * Connects the {@code main} ports of two nodes.
         *
         * @param from id of the source
         * @param to id of the target
         * @return this
         */
        public Builder connect(String from, String to) {
            return connect(Connection.of(from, to));
        }

        /**
         * Adds a connection.
         *
         * @param connection the connection; one that is already there is not added again
         * @return this
         */
        public Builder connect(Connection connection) {
            connections.add(Objects.requireNonNull(connection, "connection"));
            return this;
        }

        /**
         * Lets a node wait for another without taking a value from it.
         *
         * @param node id of the node that waits
         * @param before id of the node to wait for
         * @return this
         */
        public Builder after(String node, String before) {
            orderDependencies.add(new OrderDependency(before, node));
            return this;
        }

        /**
         * Creates the graph.
         *
         * @return an immutable graph of what was added so far
         */
        public FlowGraph build() {
            return new FlowGraph(this);
        }
    }
}
