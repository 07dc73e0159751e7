package dev.flowengine.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.FlowDefinition;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.graph.Connection;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.SkipReason;
import dev.flowengine.node.EmittingBody;
import dev.flowengine.testing.Engines;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class LargeFlowsTest {
    private static final int MILLION = 1_000_000;
    private static final boolean HAS_VIRTUAL_THREADS = Runtime.version().feature() >= 21;

    /** A gate that opens for {@code true} only, and behind it a chain of a million nodes. */
    private static Flow chainOfAMillion() {
        FlowDefinition definition = Flow.definition("million")
                .trigger("t")
                .add(NodeDefinition.builder("gate")
                        .anyBody((EmittingBody) (context, emit) -> {
                            if (Boolean.TRUE.equals(context.input())) {
                                emit.emit("main", 0);
                            }
                        })
                        .build())
                .connect("t", "gate");
        String before = "gate";
        for (int i = 1; i <= MILLION; i++) {
            String id = "n" + i;
            definition
                    .add(NodeDefinition.builder(id)
                            .body(context -> (Integer) context.input() + 1)
                            .cpuBound()
                            .build())
                    .connect(before, id);
            before = id;
        }
        return definition.build();
    }

    @Test
    @Tag("once")
    @DisplayName("S13 a chain of 1,000,000 nodes runs, and one of 1,000,000 skips settles")
    void a_chain_of_a_million_nodes() {
        Flow flow = chainOfAMillion();
        String last = "n" + MILLION;
        try (FlowEngine engine = Engines.builder().archive(0, Runs.PATIENCE).build()) {
            ExecutionResult ran = Runs.ended(engine.executeFromTrigger(flow, "t", true));
            assertThat(ran.status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(ran.output(last, Integer.class)).isEqualTo(MILLION);
            assertThat(ran.executionPath()).hasSize(MILLION + 2).endsWith(last);

            ExecutionResult skipped = Runs.ended(engine.executeFromTrigger(flow, "t", false));
            assertThat(skipped.status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(skipped.executionPath()).containsExactly("t", "gate");
            assertThat(Runs.node(skipped, last).skipReason()).contains(SkipReason.ALL_INPUTS_SKIPPED);
            assertThat(skipped.snapshot().explain(last)).hasSizeLessThan(1_000);
        }
    }

    @Test
    @DisplayName("S13 a fan of 100,000 computing nodes runs, and their join gets all values in order")
    void a_fan_of_computing_nodes() {
        fan(100_000, true);
    }

    @Test
    @DisplayName("S13 a fan of blocking bodies runs: 100,000 on virtual threads, 20,000 without")
    void a_fan_of_blocking_nodes() {
        fan(HAS_VIRTUAL_THREADS ? 100_000 : 20_000, false);
    }

    private static void fan(int width, boolean cpuBound) {
        FlowDefinition definition = Flow.definition("fan").trigger("t").add(Nodes.collecting("all"));
        for (int i = 0; i < width; i++) {
            int number = i;
            NodeDefinition.Builder node = NodeDefinition.builder("n" + i).body(context -> number);
            definition.add((cpuBound ? node.cpuBound() : node).build());
            definition.connect("t", "n" + i).connect("n" + i, "all");
        }
        Flow flow = definition.build();
        try (FlowEngine engine = Engines.create()) {
            List<?> all = Runs.ended(engine.executeFromTrigger(flow, "t", 1)).output("all", List.class);
            assertThat(all.size()).isEqualTo(width);
            for (int i = 0; i < width; i++) {
                assertThat(all.get(i)).isEqualTo(i);
            }
        }
    }

    @Test
    @DisplayName("S30 100,000 nodes in a mesh are built and validated, and a run of them ends")
    void a_mesh_of_100000_nodes() {
        int layers = 1_000;
        int width = 100;
        FlowDefinition definition = Flow.definition("mesh").trigger("t");
        for (int layer = 0; layer < layers; layer++) {
            for (int i = 0; i < width; i++) {
                String id = layer + "." + i;
                definition.add(Nodes.passing(id));
                definition.connect(layer == 0 ? "t" : (layer - 1) + "." + i, id);
                definition.connect(layer == 0 ? "t" : (layer - 1) + "." + (i + 1) % width, id);
            }
        }
        Flow flow = definition.build();
        assertThat(flow.validation().problems()).isEmpty();
        try (FlowEngine engine = Engines.create()) {
            ExecutionResult result = Runs.ended(engine.executeFromTrigger(flow, "t", "x"));
            assertThat(result.status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(result.executionPath()).hasSize(layers * width + 1);
        }
    }

    @Test
    @Tag("once")
    @DisplayName("S13 a typed chain of 100,000 nodes is built and runs")
    void a_typed_chain_of_100000_nodes() {
        FlowBuilder f = Flow.builder("typed");
        TriggerRef<Integer> start = f.trigger("start", Integer.class);
        NodeRef<Integer> last = f.node("first", start, n -> n);
        for (int i = 0; i < 100_000; i++) {
            last = f.node("n" + i, last, n -> n + 1).cpuBound();
        }
        Flow flow = f.build();
        try (FlowEngine engine = Engines.create()) {
            assertThat(Runs.ended(engine.executeFromTrigger(flow, start, 0)).output(last))
                    .isEqualTo(100_000);
        }
    }

    @Test
    @Tag("once")
    @DisplayName("S30 what is wrong with a large flow is found as in a small one")
    void a_fault_in_a_large_flow_is_found() {
        FlowDefinition definition =
                Flow.definition("faulty").trigger("t").add(Nodes.passing("n0")).connect("t", "n0");
        for (int i = 1; i < 100_000; i++) {
            definition.add(Nodes.passing("n" + i)).connect("n" + (i - 1), "n" + i);
        }
        definition.connect(new Connection("n99999", "main", "n10", "mian"));

        assertThatThrownBy(definition::build).hasMessageContainingAll("n10", "'mian'");
    }
}
