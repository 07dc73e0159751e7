package dev.flowengine.graph;

import dev.flowengine.internal.digraph.IntDigraph;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A flow's nodes as ints in declaration order, and its dependencies as edges: connections first, then order
 * dependencies. Of nodes with one id only the first is indexed, and a dependency on a node that is not there is left
 * out; validation reports both.
 */
final class GraphIndex {
    private final List<GraphNode> nodes = new ArrayList<>();
    private final Map<String, Integer> positions = new HashMap<>();
    private final List<Connection> connections = new ArrayList<>();
    private final IntDigraph digraph;
    private final boolean hasLoops;
    private final BitSet cutOff = new BitSet();

    GraphIndex(FlowGraph flow) {
        for (GraphNode node : flow.nodes()) {
            if (positions.putIfAbsent(node.id(), nodes.size()) == null) {
                nodes.add(node);
            }
        }
        EdgeList edges = new EdgeList(
                flow.connections().size() + flow.orderDependencies().size());
        for (Connection connection : flow.connections()) {
            if (addTo(edges, connection.from(), connection.to())) {
                connections.add(connection);
            }
        }
        for (OrderDependency dependency : flow.orderDependencies()) {
            addTo(edges, dependency.from(), dependency.to());
        }
        digraph = edges.toDigraph(nodes.size());
        hasLoops = nodes.stream().anyMatch(node -> node.kind() == NodeKind.LOOP);
    }

    private boolean addTo(EdgeList edges, String from, String to) {
        int source = find(from);
        int target = find(to);
        if (source >= 0 && target >= 0) {
            edges.add(source, target);
            return true;
        }
        IntStream.of(source, target).filter(end -> end >= 0).forEach(cutOff::set);
        return false;
    }

    int size() {
        return nodes.size();
    }

    IntDigraph digraph() {
        return digraph;
    }

    GraphNode node(int position) {
        return nodes.get(position);
    }

    String id(int position) {
        return nodes.get(position).id();
    }

    boolean isLoop(int position) {
        return nodes.get(position).kind() == NodeKind.LOOP;
    }

    boolean hasLoops() {
        return hasLoops;
    }

    boolean isTrigger(int position) {
        return nodes.get(position).kind() == NodeKind.TRIGGER;
    }

    /** Position of a node, or -1 if there is none with that id. */
    int find(String id) {
        return positions.getOrDefault(id, -1);
    }

    /** Whether an edge carries a value; the others are order dependencies. */
    boolean isConnection(int edge) {
        return edge < connections.size();
    }

    Connection connection(int edge) {
        return connections.get(edge);
    }

    /** Whether an edge leads from a loop into its body. */
    boolean entersBody(int edge) {
        return isConnection(edge)
                && isLoop(digraph.source(edge))
                && connections.get(edge).fromPort().equals(Ports.LOOP);
    }

    /** Nodes with a dependency whose other end is not there. */
    BitSet cutOff() {
        return cutOff;
    }

    Set<String> ids(BitSet positionsOfNodes) {
        Set<String> ids = new LinkedHashSet<>();
        positionsOfNodes.stream().forEach(position -> ids.add(id(position)));
        return Collections.unmodifiableSet(ids);
    }

    List<String> ids(int[] positionsOfNodes) {
        List<String> ids = new ArrayList<>(positionsOfNodes.length);
        for (int position : positionsOfNodes) {
            ids.add(id(position));
        }
        return Collections.unmodifiableList(ids);
    }

    List<String> allIds() {
        return nodes.stream().map(GraphNode::id).toList();
    }

    List<String> triggerIds() {
        return nodes.stream()
                .filter(node -> node.kind() == NodeKind.TRIGGER)
                .map(GraphNode::id)
                .toList();
    }
}
