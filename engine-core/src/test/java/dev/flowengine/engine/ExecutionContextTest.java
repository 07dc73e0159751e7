package dev.flowengine.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.InputSpec;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.graph.JoinRule;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowError;
import dev.flowengine.node.ExecutionContext;
import dev.flowengine.node.Input;
import dev.flowengine.node.NodeContext;
import dev.flowengine.node.Output;
import dev.flowengine.node.PortValues;
import dev.flowengine.node.RunOptions;
import dev.flowengine.testing.Engines;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ExecutionContextTest {
    private final FlowBuilder f = Flow.builder("contexts").version("7");
    private final TriggerRef<Integer> start = f.trigger("start", Integer.class);
    private final NodeRef<Integer> kept = f.node("kept", start, n -> n + 1).keep();
    private final NodeRef<Integer> plain = f.node("plain", kept, n -> n + 1);
    private final NodeRef<Integer> aside = f.node("aside", start, n -> -n);

    @Test
    @DisplayName("S6 a body sees the execution it belongs to")
    void a_body_sees_its_execution() {
        NodeRef<NodeContext> seen = f.contextNode("seen", plain, (n, context) -> context);
        RunOptions options = RunOptions.builder().userId("ann").build();
        try (FlowEngine engine = Engines.create()) {
            ExecutionResult result = Runs.ended(engine.executeFromTrigger(f.build(), start, 5, options));

            NodeContext context = result.output(seen);
            ExecutionContext execution = context.execution();
            assertThat(context.nodeId()).isEqualTo("seen");
            assertThat(context.attempt()).isEqualTo(1);
            assertThat(context.input()).isEqualTo(7);
            assertThat(context.cancellation().isRequested()).isFalse();
            assertThat(execution.executionId()).isEqualTo(result.executionId());
            assertThat(execution.flowId()).isEqualTo("contexts");
            assertThat(execution.flowVersion()).isEqualTo("7");
            assertThat(execution.userId()).contains("ann");
            assertThat(execution.startNodeId()).isEqualTo("start");
            assertThat(execution.triggerData()).isEqualTo(5);
            assertThat(execution.options()).isSameAs(options);
            assertThat(execution.startedAt()).isEqualTo(result.snapshot().startedAt());
        }
    }

    @Test
    @DisplayName("S2 in a run from a node there is no trigger data, and the start is that node")
    void a_run_from_a_node_has_no_trigger_data() {
        NodeRef<List<Object>> seen = f.contextNode("seen", plain, (n, context) -> {
            ExecutionContext execution = context.execution();
            return Arrays.asList(execution.startNodeId(), execution.triggerData(), execution.userId());
        });
        try (FlowEngine engine = Engines.create()) {
            ExecutionResult result = Runs.ended(engine.executeFromNode(f.build(), plain, 1));

            assertThat(result.output(seen)).containsExactly("plain", null, Optional.empty());
        }
    }

    @Test
    @DisplayName("S16 the path a body sees holds what started before it, and itself")
    void a_body_sees_the_path_so_far() {
        NodeRef<List<String>> seen =
                f.contextNode("seen", plain, (n, context) -> context.execution().executionPath());
        try (FlowEngine engine = Engines.create()) {
            RunOptions upTo = RunOptions.builder().upTo(seen).build();
            assertThat(Runs.ended(engine.executeFromTrigger(f.build(), start, 5, upTo))
                            .output(seen))
                    .containsExactly("start", "kept", "plain", "seen");
        }
    }

    @Test
    @DisplayName("S6 a body reads its inputs, what it waited for, and ancestors that are kept")
    void a_body_reads_inputs_predecessors_and_kept_ancestors() {
        assertThat(read(plain)).isEqualTo(Input.present(7));
        assertThat(read(aside)).isEqualTo(Input.present(-5));
        assertThat(read(kept)).isEqualTo(Input.present(6));
    }

    private Input<Integer> read(Output<Integer> source) {
        FlowBuilder g = Flow.builder("reading");
        TriggerRef<Integer> begin = g.trigger("start", Integer.class);
        NodeRef<Integer> first = g.node("kept", begin, n -> n + 1).keep();
        NodeRef<Integer> second = g.node("plain", first, n -> n + 1);
        NodeRef<Integer> side = g.node("aside", begin, n -> -n);
        NodeRef<Input<Integer>> reader = g.contextNode(
                        "reader", second, (n, context) -> context.execution().output(source))
                .after(side);
        try (FlowEngine engine = Engines.create()) {
            return Runs.ended(engine.executeFromTrigger(g.build(), begin, 5)).output(reader);
        }
    }

    @Test
    @DisplayName("S6 any other output is refused, naming both nodes and what to do")
    void any_other_output_is_refused() {
        NodeRef<Integer> far = f.node("far", plain, n -> n);
        f.contextNode("not kept", far, (n, context) -> context.execution().output(plain));
        f.contextNode("no ancestor", plain, (n, context) -> context.execution().output(aside));
        try (FlowEngine engine = Engines.create()) {
            ExecutionResult result = Runs.ended(engine.executeFromTrigger(f.build(), start, 5));

            mustRefuse(result, "not kept", "plain");
            mustRefuse(result, "no ancestor", "aside");
        }
    }

    private static void mustRefuse(ExecutionResult result, String reader, String source) {
        FlowError error = Runs.node(result, reader).failure().orElseThrow();
        assertThat(error.kind()).isEqualTo(FailureKind.NODE_EXECUTION_FAILED);
        assertThat(error.message()).contains("node '" + reader + "' may not read the outputs of '" + source + "'");
        assertThat(error.suggestedResolution()).contains("keep()");
    }

    @Test
    @DisplayName("S5 an output of a node that is out of scope is absent as unfed")
    void an_output_out_of_scope_is_absent() {
        NodeRef<Input<Integer>> seen =
                f.contextNode("seen", plain, (n, context) -> context.execution().output(kept));
        try (FlowEngine engine = Engines.create()) {
            ExecutionResult result = Runs.ended(
                    engine.executeFromNode(f.build(), "plain", PortValues.of("main", 1), RunOptions.ofDefaults()));

            assertThat(result.output(seen)).isEqualTo(Input.absent(Input.Absence.UNFED));
        }
    }

    @Test
    @DisplayName("S6 an optional handle is read as what the body's parameter would be")
    void an_optional_handle_is_read() {
        NodeRef<Integer> none = f.node("none", start, n -> (Integer) null);
        NodeRef<Integer> bad = f.node("bad", start, n -> Integer.divideUnsigned(n, 0));
        NodeRef<List<Optional<Integer>>> seen =
                f.contextNode("seen", InputSpec.of(plain, none, bad).join(JoinRule.ALL_DONE), (inputs, context) -> {
                    ExecutionContext execution = context.execution();
                    return List.of(
                            execution.output(f.optional(plain)).value(),
                            execution.output(f.optional(none)).value(),
                            execution.output(f.optional(bad)).value());
                });
        try (FlowEngine engine = Engines.create()) {
            ExecutionResult result = Runs.ended(engine.executeFromTrigger(f.build(), start, 5));

            assertThat(result.output(seen)).containsExactly(Optional.of(7), Optional.empty(), Optional.empty());
        }
    }

    @Test
    @DisplayName("S6 S12 a source that failed is read as failed with its error, as the input itself is")
    void a_failed_source_is_read_as_failed() {
        NodeRef<Integer> bad = f.node("bad", start, n -> Integer.divideUnsigned(n, 0));
        NodeRef<Integer> behind = f.node("behind", bad, n -> n);
        NodeRef<List<Input<Integer>>> seen =
                f.contextNode("seen", InputSpec.of(bad, behind).join(JoinRule.ALL_DONE), (inputs, context) -> {
                    ExecutionContext execution = context.execution();
                    return List.of(
                            execution.output(bad), inputs.input(bad), execution.output(behind), inputs.input(behind));
                });
        try (FlowEngine engine = Engines.create()) {
            ExecutionResult result = Runs.ended(engine.executeFromTrigger(f.build(), start, 5));

            List<Input<Integer>> inputs = result.output(seen);
            FlowError failure = Runs.node(result, "bad").failure().orElseThrow();
            assertThat(inputs.get(0)).isEqualTo(Input.failed(failure)).isEqualTo(inputs.get(1));
            assertThat(inputs.get(2)).isEqualTo(inputs.get(3));
        }
    }
}
