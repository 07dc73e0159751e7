package dev.flowengine.oracle;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A flow and one start of it, as plain data. Pins are node → output port → value. */
public record GraphCase(
        long seed,
        CaseSettings settings,
        List<CaseNode> nodes,
        List<CaseConnection> connections,
        List<CaseOrder> orders,
        CaseStart start,
        Map<String, Map<String, String>> pins,
        boolean skipDependencyCheck) {

    /** Copies the collections and keeps the order of the pins. */
    public GraphCase {
        nodes = List.copyOf(nodes);
        connections = List.copyOf(connections);
        orders = List.copyOf(orders);
        Map<String, Map<String, String>> copy = new LinkedHashMap<>();
        pins.forEach((node, ports) -> copy.put(node, Collections.unmodifiableMap(new LinkedHashMap<>(ports))));
        pins = Collections.unmodifiableMap(copy);
    }

    /** The node with this id. */
    public CaseNode node(String id) {
        return nodes.stream()
                .filter(node -> node.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no node " + id + " in case " + seed));
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("case ").append(seed).append('\n');
        text.append("  ")
                .append(settings)
                .append(" start ")
                .append(start)
                .append(skipDependencyCheck ? " skipDependencyCheck" : "");
        nodes.forEach(node -> text.append("\n  ").append(node));
        connections.forEach(connection -> text.append("\n  ").append(connection));
        orders.forEach(order -> text.append("\n  ").append(order));
        pins.forEach((node, ports) ->
                text.append("\n  pin ").append(node).append(' ').append(ports));
        return text.append('\n').toString();
    }
}
