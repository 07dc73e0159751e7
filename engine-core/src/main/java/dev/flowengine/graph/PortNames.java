package dev.flowengine.graph;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** The input or the output ports of nodes, looked up by name without a search through a long list for each. */
final class PortNames {
    private static final int FEW = 8;

    private final Function<GraphNode, Stream<String>> ports;
    private final Map<String, Set<String>> many = new HashMap<>();

    PortNames(Function<GraphNode, Stream<String>> ports) {
        this.ports = ports;
    }

    /** The declared ports of a node, in order. */
    List<String> of(GraphNode node) {
        return ports.apply(node).toList();
    }

    boolean has(GraphNode node, String port) {
        if (node.inputs().size() <= FEW && node.outputs().size() <= FEW) {
            return ports.apply(node).anyMatch(port::equals);
        }
        return many.computeIfAbsent(node.id(), id -> new HashSet<>(of(node))).contains(port);
    }
}
