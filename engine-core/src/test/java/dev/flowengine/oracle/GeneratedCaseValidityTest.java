package dev.flowengine.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Generated cases are valid definitions with valid starts: what S30, S4, S12 and S17 ask for. */
class GeneratedCaseValidityTest {

    @Test
    @DisplayName("S30: ids are unique, and every end, port, pin and order-only dependency exists")
    void ids_and_ports_exist() {
        forEachCase(graph -> {
            Map<String, CaseNode> nodes = byId(graph);
            assertEquals(graph.nodes().size(), nodes.size(), graph::toString);
            assertTrue(nodes.size() >= 2 && nodes.size() <= 40, graph::toString);
            for (CaseConnection connection : graph.connections()) {
                assertTrue(
                        graph.node(connection.from()).connectable().contains(connection.fromPort()), graph::toString);
                assertTrue(inputs(graph.node(connection.to())).contains(connection.toPort()), graph::toString);
            }
            graph.orders().forEach(order -> assertTrue(nodes.keySet().containsAll(List.of(order.from(), order.to()))));
            graph.pins().forEach((node, ports) -> {
                assertFalse(ports.isEmpty(), graph::toString);
                assertTrue(graph.node(node).outputs().containsAll(ports.keySet()), graph::toString);
            });
        });
    }

    @Test
    @DisplayName("S30: there is no cycle")
    void cases_are_acyclic() {
        forEachCase(graph -> {
            Set<String> placed = new HashSet<>();
            List<CaseNode> open = new ArrayList<>(graph.nodes());
            while (open.removeIf(node -> placed.containsAll(sources(graph, node)) && placed.add(node.id()))) {
                assertTrue(placed.size() <= graph.nodes().size());
            }
            assertTrue(open.isEmpty(), graph::toString);
        });
    }

    @Test
    @DisplayName("S10, S12: nodes fire declared ports, and AT_LEAST asks for no more connections than there are")
    void nodes_are_consistent() {
        forEachCase(graph -> {
            for (CaseNode node : graph.nodes()) {
                long incoming = graph.connections().stream()
                        .filter(connection -> connection.to().equals(node.id()))
                        .distinct()
                        .count();
                boolean atLeast = node.join() == CaseJoin.AT_LEAST;
                assertTrue(atLeast ? node.threshold() >= 1 : node.threshold() == 0, graph::toString);
                assertTrue(node.threshold() <= incoming, graph::toString);
                assertTrue(node.outputs().containsAll(node.behaviour().fires()), graph::toString);
                assertFalse(node.outputs().contains("error"), graph::toString);
                assertEquals(node.trigger(), node.inputs().isEmpty(), graph::toString);
            }
        });
    }

    @Test
    @DisplayName("S1–S4, S17: the start exists, gets all it needs, and reaches its target; neither is disabled")
    void starts_are_consistent() {
        forEachCase(graph -> {
            CaseStart start = graph.start();
            CaseNode node = graph.node(start.nodeId());
            assertEquals(start.kind() == CaseStart.Kind.TRIGGER, node.trigger(), graph::toString);
            if (node.trigger()) {
                assertEquals(Set.of(CaseStart.TRIGGER_DATA), start.input().keySet());
            } else {
                assertTrue(inputs(node).containsAll(start.input().keySet()), graph::toString);
                node.inputs().stream()
                        .filter(CasePort::required)
                        .forEach(port -> assertTrue(start.input().containsKey(port.name()), graph::toString));
            }
            assertTrue(CaseScope.of(graph).contains(start.nodeId()), graph::toString);
            if (start.upTo() != null) {
                assertTrue(CaseScope.of(graph).contains(start.upTo()), graph::toString);
                assertFalse(graph.node(start.upTo()).disabled(), graph::toString);
            }
            assertFalse(graph.nodes().stream().anyMatch(any -> any.trigger() && any.disabled()), graph::toString);
        });
    }

    private static void forEachCase(Consumer<GraphCase> check) {
        for (long seed = 0; seed < 2_000; seed++) {
            check.accept(CaseGenerator.generate(seed));
        }
    }

    private static Map<String, CaseNode> byId(GraphCase graph) {
        return graph.nodes().stream().collect(Collectors.toMap(CaseNode::id, node -> node));
    }

    private static List<String> inputs(CaseNode node) {
        return node.inputs().stream().map(CasePort::name).toList();
    }

    private static Set<String> sources(GraphCase graph, CaseNode node) {
        Set<String> sources = new HashSet<>();
        graph.connections().stream()
                .filter(connection -> connection.to().equals(node.id()))
                .forEach(connection -> sources.add(connection.from()));
        graph.orders().stream()
                .filter(order -> order.to().equals(node.id()))
                .forEach(order -> sources.add(order.from()));
        return sources;
    }
}
