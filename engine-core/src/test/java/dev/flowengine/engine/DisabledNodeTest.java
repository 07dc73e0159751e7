package dev.flowengine.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.InvalidFlowException;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.graph.Connection;
import dev.flowengine.graph.InputPort;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.RunOptions;
import dev.flowengine.node.TypeRef;
import dev.flowengine.testing.Engines;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class DisabledNodeTest {
    private final AtomicInteger calls = new AtomicInteger();
    private final FlowBuilder f = Flow.builder("switched off");
    private final TriggerRef<Integer> start = f.trigger("start", Integer.class);

    @Test
    @DisplayName("S17 a disabled node passes its first live input through its first output port, and is not called")
    void a_disabled_node_passes_its_first_live_input() {
        Flow flow = Flow.definition("off")
                .trigger("t")
                .add(Nodes.silent("silent"))
                .add(Nodes.tracing("a"))
                .add(Nodes.tracing("b"))
                .add(NodeDefinition.builder("off")
                        .inputs(InputPort.optional("x"), InputPort.required("y"), InputPort.required("z"))
                        .outputs("first", "second")
                        .body(context -> calls.incrementAndGet())
                        .disabled()
                        .build())
                .add(Nodes.tracing("on first"))
                .add(Nodes.tracing("on second"))
                .connect("t", "silent")
                .connect("t", "a")
                .connect("t", "b")
                .connect(new Connection("silent", "main", "off", "x"))
                .connect(new Connection("b", "main", "off", "y"))
                .connect(new Connection("a", "main", "off", "z"))
                .connect(new Connection("off", "first", "on first", "main"))
                .connect(new Connection("off", "second", "on second", "main"))
                .build();
        try (FlowEngine engine = Engines.create()) {
            ExecutionResult result = Runs.ended(engine.executeFromTrigger(flow, "t", "v"));

            assertThat(result.output("on first", String.class)).isEqualTo("v>b>on first");
            assertThat(Runs.states(result))
                    .containsEntry("off", "COMPLETED")
                    .containsEntry("on second", "SKIPPED(BRANCH_NOT_TAKEN)");
            assertThat(Runs.node(result, "off").attempt()).isZero();
            assertThat(calls).hasValue(0);
        }
    }

    @Test
    @DisplayName("S17 a typed node of one type can be switched off")
    void a_typed_node_can_be_switched_off() {
        NodeRef<Integer> same = f.node("same", start, n -> calls.incrementAndGet())
                .returns(Integer.class)
                .disabled();
        NodeRef<Integer> next = f.node("next", same, n -> n + 1);
        try (FlowEngine engine = Engines.create()) {
            assertThat(Runs.ended(engine.executeFromTrigger(f.build(), start, 41))
                            .output(next))
                    .isEqualTo(42);
            assertThat(calls).hasValue(0);
        }
    }

    @Test
    @DisplayName("S17 disabledOutput is emitted instead of the input, null included")
    void a_disabled_output_is_emitted_instead() {
        NodeRef<String> text = f.node("text", start, n -> "n" + n).disabledOutput("off");
        NodeRef<String> none = f.node("none", start, n -> "n" + n).disabledOutput(null);
        NodeRef<String> both = f.node("both", text, none, (a, b) -> a + b);
        try (FlowEngine engine = Engines.create()) {
            assertThat(Runs.ended(engine.executeFromTrigger(f.build(), start, 1))
                            .output(both))
                    .isEqualTo("offnull");
        }
    }

    @Test
    @DisplayName("S17 the typed builder refuses to disable a node whose types differ or are not declared")
    void differing_types_are_refused() {
        f.node("differs", start, n -> "n" + n).returns(String.class).disabled();
        f.node("undeclared", start, n -> n).disabled();

        assertThatExceptionOfType(InvalidFlowException.class)
                .isThrownBy(f::build)
                .withMessageContainingAll("node 'differs' is disabled", "node 'undeclared' is disabled")
                .satisfies(refusal -> assertThat(refusal.affectedNodes()).containsExactly("differs", "undeclared"))
                .satisfies(refusal -> assertThat(refusal.suggestedResolution()).contains("disabledOutput", "returns"));
    }

    @Test
    @DisplayName("S17 a disabledOutput of another type than the port's is refused")
    void a_disabled_output_must_fit_the_port() {
        var definition = Flow.definition("off")
                .trigger("t")
                .add(NodeDefinition.builder("off")
                        .outputType("main", TypeRef.of(Integer.class))
                        .disabledOutput("text")
                        .build())
                .connect("t", "off");

        assertThatExceptionOfType(InvalidFlowException.class)
                .isThrownBy(definition::build)
                .withMessageContainingAll("'off'", "java.lang.String", "java.lang.Integer");
    }

    @Test
    @DisplayName("S17 a run cannot go up to a disabled node")
    void a_disabled_target_is_refused() {
        NodeRef<Integer> off = f.node("off", start, n -> n).disabledOutput(1);
        Flow flow = f.build();
        RunOptions upTo = RunOptions.builder().upTo(off).build();
        try (FlowEngine engine = Engines.create()) {
            assertThatExceptionOfType(FlowException.class)
                    .isThrownBy(() -> engine.executeFromTrigger(flow, start, 1, upTo))
                    .withMessage("flow 'switched off': node 'off' is disabled, so an execution cannot run up to it")
                    .satisfies(refusal -> assertThat(refusal.kind()).isEqualTo(FailureKind.INVALID_DEFINITION));
        }
    }

    @Test
    @DisplayName("S17 a disabled trigger starts nothing; the one it was copied from still does")
    void a_disabled_trigger_is_refused_as_a_start() {
        NodeDefinition on = NodeDefinition.trigger("t");
        NodeDefinition off = on.disable();
        assertThat(off.isDisabled()).isTrue();
        assertThat(on.isDisabled()).isFalse();
        try (FlowEngine engine = Engines.create()) {
            assertThatExceptionOfType(FlowException.class)
                    .isThrownBy(() -> engine.executeFromTrigger(begun(off), "t", 1))
                    .withMessage("flow 'begun': node 't' is disabled, so an execution cannot begin with it")
                    .satisfies(refusal -> {
                        assertThat(refusal.kind()).isEqualTo(FailureKind.INVALID_DEFINITION);
                        assertThat(refusal.affectedNodes()).containsExactly("t");
                    });
            assertThat(calls).hasValue(0);

            Runs.ended(engine.executeFromTrigger(begun(on), "t", 1));
            assertThat(calls).hasValue(1);
        }
    }

    private Flow begun(NodeDefinition trigger) {
        return Flow.definition("begun")
                .add(trigger)
                .add(Nodes.node("a", context -> calls.incrementAndGet()))
                .connect("t", "a")
                .build();
    }
}
