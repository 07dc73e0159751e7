package dev.flowengine.execution;

import dev.flowengine.graph.Connection;
import dev.flowengine.graph.DependencyResolver;
import dev.flowengine.graph.FlowGraph;
import dev.flowengine.graph.GraphNode;
import dev.flowengine.graph.NodeKind;
import dev.flowengine.graph.OrderDependency;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds the dependencies of any node of an execution. Takes time linear in the flow once, and after that time linear
 * in what it gives.
 *
 * <p>Edges are numbered, the connections first and the order dependencies after them. The edges into one node form a
 * chain through {@code next}.
 */
final class Wiring {
    private static final int NONE = -1;

    private final FlowGraph graph;
    private final Outcomes outcomes;
    private final Map<String, Integer> positions;
    private final Set<Connection> back;
    private final int[] first;
    private final int[] next;

    Wiring(ExecutionSnapshot snapshot) {
        this.graph = snapshot.graph();
        this.outcomes = new Outcomes(snapshot);
        List<GraphNode> nodes = graph.nodes();
        boolean hasLoops = nodes.stream().anyMatch(node -> node.kind() == NodeKind.LOOP);
        this.back = hasLoops ? Set.copyOf(DependencyResolver.of(graph).backConnections()) : Set.of();
        this.positions = new HashMap<>(nodes.size() * 4 / 3 + 1);
        for (int i = 0; i < nodes.size(); i++) {
            positions.putIfAbsent(nodes.get(i).id(), i);
        }
        this.first = new int[nodes.size()];
        this.next =
                new int[graph.connections().size() + graph.orderDependencies().size()];
        Arrays.fill(first, NONE);
        link();
    }

    /** What a node of the flow depends on. */
    Dependencies into(String nodeId) {
        int position = positions.getOrDefault(nodeId, NONE);
        if (position == NONE) {
            throw new IllegalArgumentException("no node '" + nodeId + "'");
        }
        List<Dependency> connections = new ArrayList<>();
        List<Dependency> orders = new ArrayList<>();
        for (int edge = first[position]; edge != NONE; edge = next[edge]) {
            Dependency dependency = dependency(edge);
            if (!dependency.is(ConnectionOutcome.OUTSIDE) && !isBack(edge)) {
                (dependency.isOrder() ? orders : connections).add(dependency);
            }
        }
        return new Dependencies(graph.nodes().get(position), connections, orders);
    }

    /** What the body of a loop brings back is nothing the loop waits for. */
    private boolean isBack(int edge) {
        return edge < graph.connections().size()
                && back.contains(graph.connections().get(edge));
    }

    /** Goes backwards, so that each chain is in declaration order. */
    private void link() {
        List<OrderDependency> orders = graph.orderDependencies();
        List<Connection> connections = graph.connections();
        for (int i = orders.size() - 1; i >= 0; i--) {
            link(connections.size() + i, orders.get(i).to());
        }
        for (int i = connections.size() - 1; i >= 0; i--) {
            link(i, connections.get(i).to());
        }
    }

    private void link(int edge, String target) {
        int position = positions.getOrDefault(target, NONE);
        if (position != NONE) {
            next[edge] = first[position];
            first[position] = edge;
        }
    }

    private Dependency dependency(int edge) {
        int connections = graph.connections().size();
        return edge < connections
                ? Dependency.of(outcomes, graph.connections().get(edge))
                : Dependency.of(outcomes, graph.orderDependencies().get(edge - connections));
    }
}
