package dev.flowengine.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.RunOptions;
import dev.flowengine.testing.Engines;
import dev.flowengine.testing.WithThreads;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class StartFromTriggerTest {

    /** A leads to N1 and Out, and B leads through N2 to the same N1. */
    private static Flow shared() {
        return Flow.definition("shared")
                .trigger("A")
                .trigger("B")
                .add(Nodes.tracing("N1"))
                .add(Nodes.tracing("N2"))
                .add(Nodes.tracing("Out"))
                .connect("A", "N1")
                .connect("N1", "Out")
                .connect("B", "N2")
                .connect("N2", "N1")
                .build();
    }

    @Test
    @DisplayName("S1 a run holds its trigger and what that leads to, and nothing else")
    void a_run_holds_what_its_trigger_leads_to() {
        Flow flow = Flow.definition("two halves")
                .trigger("left")
                .add(Nodes.tracing("a"))
                .trigger("right")
                .add(Nodes.tracing("b"))
                .connect("left", "a")
                .connect("right", "b")
                .build();
        try (FlowEngine engine = Engines.create()) {
            ExecutionResult result = Runs.ended(engine.executeFromTrigger(flow, "left", "x"));

            assertThat(Runs.states(result)).isEqualTo(Map.of("left", "COMPLETED", "a", "COMPLETED"));
            assertThat(result.snapshot().node("b")).isEmpty();
            assertThat(result.output("a", String.class)).isEqualTo("x>a");
        }
    }

    @Test
    @DisplayName("S1 an unknown trigger is refused, naming the triggers there are")
    void an_unknown_trigger_is_refused() {
        try (FlowEngine engine = Engines.create()) {
            assertThatExceptionOfType(FlowException.class)
                    .isThrownBy(() -> engine.executeFromTrigger(shared(), "C", null))
                    .withMessage("flow 'shared': there is no trigger 'C'; its triggers are A, B")
                    .satisfies(refusal -> assertThat(refusal.kind()).isEqualTo(FailureKind.NOT_FOUND))
                    .satisfies(refusal -> assertThat(refusal.affectedNodes()).containsExactly("C"));
        }
    }

    @Test
    @DisplayName("S1 a node that is no trigger is refused as one, and the error says how to start there")
    void a_node_is_no_trigger() {
        try (FlowEngine engine = Engines.create()) {
            assertThatExceptionOfType(FlowException.class)
                    .isThrownBy(() -> engine.executeFromTrigger(shared(), "N1", null))
                    .withMessage("flow 'shared': node 'N1' is no trigger; its triggers are A, B")
                    .satisfies(
                            refusal -> assertThat(refusal.suggestedResolution()).contains("executeFromNode"));
        }
    }

    @Test
    @DisplayName("S1 data of another type than the trigger's is refused")
    void data_of_another_type_is_refused() {
        FlowBuilder f = Flow.builder("typed");
        TriggerRef<Integer> number = f.trigger("number", Integer.class);
        f.node("next", number, n -> n + 1);
        Flow flow = f.build();
        try (FlowEngine engine = Engines.create()) {
            assertThatExceptionOfType(FlowException.class)
                    .isThrownBy(() -> engine.executeFromTrigger(flow, "number", "one", RunOptions.ofDefaults()))
                    .withMessageContainingAll("'typed'", "'number'", "java.lang.String", "java.lang.Integer")
                    .satisfies(refusal -> assertThat(refusal.kind()).isEqualTo(FailureKind.INVALID_DEFINITION));
        }
    }

    @WithThreads
    @DisplayName("S5 a shared node does not wait for the other trigger")
    void a_shared_node_does_not_wait_for_the_other_trigger(int threads) {
        Flow flow = shared();
        try (FlowEngine engine = Engines.withThreads(threads)) {
            for (int i = 0; i < 100; i++) {
                ExecutionResult a = Runs.ended(engine.executeFromTrigger(flow, "A", "a"));
                ExecutionResult b = Runs.ended(engine.executeFromTrigger(flow, "B", "b"));

                assertThat(a.status()).isEqualTo(ExecutionStatus.COMPLETED);
                assertThat(a.executionPath()).containsExactly("A", "N1", "Out");
                assertThat(a.output("Out", String.class)).isEqualTo("a>N1>Out");
                assertThat(a.snapshot().node("N2")).isEmpty();
                assertThat(b.status()).isEqualTo(ExecutionStatus.COMPLETED);
                assertThat(b.executionPath()).containsExactly("B", "N2", "N1", "Out");
                assertThat(b.output("Out", String.class)).isEqualTo("b>N2>N1>Out");
            }
        }
    }

    @Test
    @DisplayName("S5 a merge of two typed triggers runs for each of them")
    void a_typed_merge_runs_for_each_trigger() {
        FlowBuilder f = Flow.builder("orders");
        TriggerRef<String> placed = f.trigger("placed", String.class);
        TriggerRef<String> resent = f.trigger("resent", String.class);
        NodeRef<String> again = f.node("again", resent, order -> order + "!");
        NodeRef<String> order = f.merge("order", placed, again);
        NodeRef<Integer> length = f.node("length", order, String::length);
        Flow flow = f.build();
        try (FlowEngine engine = Engines.create()) {
            ExecutionResult first = Runs.ended(engine.executeFromTrigger(flow, placed, "abc"));
            ExecutionResult second = Runs.ended(engine.executeFromTrigger(flow, resent, "abc"));

            assertThat(first.output(length)).isEqualTo(3);
            assertThat(second.output(length)).isEqualTo(4);
        }
    }

    @Test
    @DisplayName("S1 a trigger may be fired with null")
    void a_trigger_may_be_fired_with_null() {
        try (FlowEngine engine = Engines.create()) {
            ExecutionResult result = Runs.ended(engine.executeFromTrigger(shared(), "A", null));

            assertThat(result.output("Out", String.class)).isEqualTo("null>N1>Out");
        }
    }
}
