package dev.flowengine.oracle;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What belongs to a run, and which connections are left in it (S1–S5). */
final class CaseScope {
    private final GraphCase graph;
    private final Map<String, CaseNode> nodes = new LinkedHashMap<>();
    private final Map<String, List<CaseConnection>> incoming = new HashMap<>();
    private final Map<String, List<String>> orderSources = new HashMap<>();
    private final Set<String> withSuccessors = new LinkedHashSet<>();

    private CaseScope(GraphCase graph, Set<String> inScope) {
        this.graph = graph;
        for (CaseNode node : graph.nodes()) {
            if (inScope.contains(node.id())) {
                nodes.put(node.id(), node);
                incoming.put(node.id(), new ArrayList<>());
                orderSources.put(node.id(), new ArrayList<>());
            }
        }
        // S15: identical duplicates count once, at the place of the first.
        new LinkedHashSet<>(graph.connections()).forEach(this::keepConnection);
        new LinkedHashSet<>(graph.orders()).forEach(this::keepOrder);
    }

    static CaseScope of(GraphCase graph) {
        return new CaseScope(graph, scopeOf(graph));
    }

    private static Set<String> scopeOf(GraphCase graph) {
        CaseStart start = graph.start();
        // S3: a single node is alone.
        if (start.kind() == CaseStart.Kind.SINGLE) {
            return Set.of(start.nodeId());
        }
        // S1, S2: the start and everything reachable forward from it, along data and order-only edges.
        List<Edge> edges = new ArrayList<>();
        graph.connections().forEach(connection -> edges.add(new Edge(connection.from(), connection.to())));
        graph.orders().forEach(order -> edges.add(new Edge(order.from(), order.to())));
        Set<String> scope = reachable(start.nodeId(), edges);
        // S4: cut to the ancestors of the target, inclusive.
        if (start.upTo() != null) {
            scope.retainAll(
                    reachable(start.upTo(), edges.stream().map(Edge::reversed).toList()));
        }
        return scope;
    }

    private static Set<String> reachable(String start, List<Edge> edges) {
        Set<String> reached = new LinkedHashSet<>(Set.of(start));
        boolean grew = true;
        while (grew) {
            grew = false;
            for (Edge edge : edges) {
                grew |= reached.contains(edge.from()) && reached.add(edge.to());
            }
        }
        return reached;
    }

    /** S2, S5: connections into the start and from out-of-scope sources are pruned; supplied sources are kept. */
    private void keepConnection(CaseConnection connection) {
        if (!nodes.containsKey(connection.to())) {
            return;
        }
        if (nodes.containsKey(connection.from())) {
            withSuccessors.add(connection.from());
        }
        if (!isStart(connection.to()) && (nodes.containsKey(connection.from()) || isSupplied(connection.from()))) {
            listOf(incoming, connection.to()).add(connection);
        }
    }

    /** The same for order-only dependencies; a supplied source counts as completed, which satisfies them. */
    private void keepOrder(CaseOrder order) {
        if (nodes.containsKey(order.to()) && nodes.containsKey(order.from())) {
            withSuccessors.add(order.from());
            if (!isStart(order.to())) {
                listOf(orderSources, order.to()).add(order.from());
            }
        }
    }

    GraphCase graph() {
        return graph;
    }

    /** The in-scope nodes in the order of the case. */
    Iterable<CaseNode> nodes() {
        return nodes.values();
    }

    int size() {
        return nodes.size();
    }

    boolean contains(String node) {
        return nodes.containsKey(node);
    }

    boolean isStart(String node) {
        return node.equals(graph.start().nodeId());
    }

    /** S2: an out-of-scope node whose output is pinned. */
    boolean isSupplied(String node) {
        return !nodes.containsKey(node) && graph.pins().containsKey(node);
    }

    /** The connections that count as dependencies of an in-scope node, in declaration order. */
    List<CaseConnection> incoming(String node) {
        return listOf(incoming, node);
    }

    /** S2: what supplied nodes put out at the connections into a port of the start, in declaration order. */
    List<String> suppliedToStart(String port) {
        return graph.connections().stream()
                .distinct()
                .filter(wire -> isStart(wire.to()) && wire.toPort().equals(port) && isSupplied(wire.from()))
                .map(wire -> graph.pins().get(wire.from()).get(wire.fromPort()))
                .filter(Objects::nonNull)
                .toList();
    }

    /** The in-scope nodes an in-scope node is declared {@code after}. */
    List<String> orderSources(String node) {
        return listOf(orderSources, node);
    }

    /** S23: the in-scope nodes without in-scope successors. */
    List<String> sinks() {
        return nodes.keySet().stream()
                .filter(node -> !withSuccessors.contains(node))
                .toList();
    }

    /** S5: required ports of in-scope nodes, the start apart, that are left without any connection. */
    Set<UnfedPort> unfedPorts() {
        Set<UnfedPort> unfed = new LinkedHashSet<>();
        for (CaseNode node : nodes.values()) {
            for (CasePort port : node.inputs()) {
                if (port.required() && !isStart(node.id()) && !isFed(node.id(), port.name())) {
                    unfed.add(new UnfedPort(node.id(), port.name()));
                }
            }
        }
        return unfed;
    }

    private boolean isFed(String node, String port) {
        return incoming(node).stream()
                .anyMatch(connection -> connection.toPort().equals(port));
    }

    private static <T> List<T> listOf(Map<String, List<T>> map, String node) {
        List<T> list = map.get(node);
        if (list == null) {
            throw new IllegalArgumentException("node " + node + " is not in the scope " + map.keySet());
        }
        return list;
    }

    private record Edge(String from, String to) {
        Edge reversed() {
            return new Edge(to, from);
        }
    }
}
