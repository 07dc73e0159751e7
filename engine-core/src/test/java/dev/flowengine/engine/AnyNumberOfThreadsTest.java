package dev.flowengine.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowDefinition;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.graph.Connection;
import dev.flowengine.testing.Engines;
import dev.flowengine.testing.WithThreads;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class AnyNumberOfThreadsTest {
    private static final int LAYERS = 12;
    private static final int WIDTH = 15;

    /** Layers with failures, silent nodes, and merges of neighbours. */
    private static Flow flow() {
        FlowDefinition definition = Flow.definition("layers").trigger("t").add(Nodes.collecting("end"));
        for (int layer = 0; layer < LAYERS; layer++) {
            for (int i = 0; i < WIDTH; i++) {
                String id = layer + "." + i;
                definition.add(node(id, layer * 31 + i * 17));
                definition.connect(layer == 0 ? "t" : (layer - 1) + "." + i, id);
                if (layer > 0 && i % 4 == 0) {
                    definition.connect((layer - 1) + "." + (i + 1) % WIDTH, id);
                }
                if (layer == LAYERS - 1 && i % 3 == 0) {
                    definition.connect(id, "end");
                }
            }
        }
        return definition.build();
    }

    private static NodeDefinition node(String id, int salt) {
        if (salt % 37 == 0) {
            return Nodes.failing(id);
        }
        if (salt % 41 == 0) {
            return Nodes.silent(id);
        }
        return salt % 2 == 0 ? Nodes.tracing(id) : Nodes.passing(id);
    }

    @Test
    @DisplayName("S16 statuses, reasons and outputs are equal with 1, 2 and 8 threads")
    void outcomes_are_equal_with_any_number_of_threads() {
        Flow flow = flow();
        Map<String, Object> first = null;
        for (int threads : Engines.threadCounts()) {
            try (FlowEngine engine = Engines.withThreads(threads)) {
                for (int i = 0; i < 50; i++) {
                    Map<String, Object> outcome = outcome(Runs.ended(engine.executeFromTrigger(flow, "t", "x")));
                    first = first == null ? outcome : first;
                    assertThat(outcome).isEqualTo(first);
                }
            }
        }
        assertThat(first).containsValue("FAILED").containsValue("SKIPPED(UPSTREAM_FAILED)");
    }

    private static Map<String, Object> outcome(ExecutionResult result) {
        Map<String, Object> outcome = new HashMap<>(Runs.states(result));
        result.snapshot().nodes().stream()
                .filter(node -> !node.firedPorts().isEmpty())
                .forEach(node -> outcome.put(node.nodeId(), result.outputs(node.nodeId())));
        outcome.put("status", result.status());
        return outcome;
    }

    @WithThreads
    @DisplayName("S16 the path holds each node that started, once, and after the nodes it needs")
    void the_path_is_an_order_of_starts(int threads) {
        Flow flow = flow();
        try (FlowEngine engine = Engines.withThreads(threads)) {
            for (int i = 0; i < 20; i++) {
                ExecutionResult result = Runs.ended(engine.executeFromTrigger(flow, "t", "x"));
                Map<String, Integer> positions = new HashMap<>();
                result.executionPath().forEach(node -> positions.put(node, positions.size()));

                assertThat(positions.keySet())
                        .hasSameSizeAs(result.executionPath())
                        .containsExactlyInAnyOrderElementsOf(started(result));
                for (Connection connection : flow.graph().connections()) {
                    Integer source = positions.get(connection.from());
                    Integer target = positions.get(connection.to());
                    if (source != null && target != null) {
                        assertThat(source).as("%s", connection).isLessThan(target);
                    }
                }
            }
        }
    }

    private static List<String> started(ExecutionResult result) {
        return Runs.states(result).entrySet().stream()
                .filter(state -> !state.getValue().startsWith("SKIPPED"))
                .map(Map.Entry::getKey)
                .toList();
    }
}
