package dev.flowengine.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowDefinition;
import dev.flowengine.graph.Connection;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.RunOptions;
import dev.flowengine.plan.ExecutionPlan;
import dev.flowengine.plan.Start;
import dev.flowengine.plan.UnfedPort;
import dev.flowengine.testing.Engines;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ScopeAndPlanTest {
    private static final RunOptions DEFAULTS = RunOptions.ofDefaults();
    private final AtomicInteger calls = new AtomicInteger();

    /** t leads to a and b, both to c and d; other leads to d's second port. */
    private Flow diamond() {
        return definition().build();
    }

    private FlowDefinition definition() {
        return Flow.definition("diamond")
                .trigger("t")
                .trigger("other")
                .add(Nodes.node("a", context -> calls.incrementAndGet()))
                .add(Nodes.node("b", context -> calls.incrementAndGet()))
                .add(Nodes.node("c", context -> calls.incrementAndGet()))
                .add(Nodes.pair("d"))
                .connect("t", "a")
                .connect("t", "b")
                .connect("a", "c")
                .connect("b", "c")
                .connect(new Connection("c", "main", "d", "left"))
                .connect(new Connection("other", "main", "d", "right"))
                .after("b", "other");
    }

    @Test
    @DisplayName("S4 upTo cuts the run to the target and what leads to it")
    void up_to_cuts_the_run_to_the_ancestors_of_its_target() {
        try (FlowEngine engine = Engines.create()) {
            ExecutionResult toC = Runs.ended(engine.executeFromTrigger(diamond(), "t", 1, upTo("c")));
            ExecutionResult toB = Runs.ended(engine.executeFromTrigger(diamond(), "t", 1, upTo("b")));

            assertThat(Runs.states(toC).keySet()).containsExactly("a", "b", "c", "t");
            assertThat(Runs.states(toB).keySet()).containsExactly("b", "t");
        }
    }

    @Test
    @DisplayName("S4 a target that is not there, or not reached from the start, is refused")
    void a_target_out_of_reach_is_refused() {
        try (FlowEngine engine = Engines.create()) {
            assertThatExceptionOfType(FlowException.class)
                    .isThrownBy(() -> engine.executeFromTrigger(diamond(), "t", 1, upTo("e")))
                    .withMessage("flow 'diamond' has no node 'e'; its nodes are t, other, a, b, c, d");
            assertThatExceptionOfType(FlowException.class)
                    .isThrownBy(() -> engine.executeFromTrigger(diamond(), "other", 1, upTo("a")))
                    .withMessageContainingAll("'a'", "not reached from 'other'")
                    .satisfies(refusal -> assertThat(refusal.kind()).isEqualTo(FailureKind.NOT_FOUND));
        }
        assertThat(calls).hasValue(0);
    }

    @Test
    @DisplayName("S7 a plan shows scope, order, what was pruned and what is unfed, and runs nothing")
    void a_plan_shows_everything_and_runs_nothing() {
        try (FlowEngine engine = Engines.create()) {
            ExecutionPlan plan = engine.plan(diamond(), Start.trigger("t"), DEFAULTS);

            Connection right = new Connection("other", "main", "d", "right");
            assertThat(plan.start()).isEqualTo(Start.trigger("t"));
            assertThat(plan.scope()).containsExactly("t", "a", "b", "c", "d");
            assertThat(plan.order())
                    .startsWith("t")
                    .endsWith("c", "d")
                    .containsExactlyInAnyOrder("t", "a", "b", "c", "d");
            assertThat(plan.pruned()).containsExactly(right);
            assertThat(plan.prunedOrder())
                    .extracting(Object::toString)
                    .singleElement()
                    .asString()
                    .contains("b", "other");
            assertThat(plan.unfed()).containsExactly(new UnfedPort("d", "right", true, List.of(right)));
            assertThat(plan.canStart()).isFalse();
            assertThat(plan.describe()).contains("start: TRIGGER 't'", "unfed: d.right (required)");
        }
        assertThat(calls).hasValue(0);
    }

    @Test
    @DisplayName("S7 what a pin supplies is in the plan, which can start then")
    void a_plan_shows_what_is_supplied() {
        try (FlowEngine engine = Engines.create()) {
            RunOptions pinned =
                    RunOptions.builder().pin("other", "main", "pinned").build();
            ExecutionPlan plan = engine.plan(diamond(), Start.trigger("t"), pinned);

            assertThat(plan.supplied()).containsExactly("other");
            assertThat(plan.pruned()).isEmpty();
            assertThat(plan.unfed()).isEmpty();
            assertThat(plan.canStart()).isTrue();
        }
    }

    @Test
    @DisplayName("S2 S7 the plan of a run from a node holds its descendants only")
    void the_plan_of_a_run_from_a_node_holds_its_descendants() {
        try (FlowEngine engine = Engines.create()) {
            ExecutionPlan plan = engine.plan(diamond(), Start.fromNode("c"), upTo("c"));

            assertThat(plan.scope()).containsExactly("c");
            assertThat(plan.pruned())
                    .as("the start's own connections are cut, not pruned")
                    .isEmpty();
            assertThat(engine.plan(diamond(), Start.singleNode("c"), DEFAULTS).scope())
                    .containsExactly("c");
        }
    }

    @Test
    @DisplayName("S7 S30 the plan of a draft shows its cycle; a start that touches it is refused, another one runs")
    void a_cycle_stops_only_runs_that_touch_it() {
        Flow draft = Flow.definition("draft")
                .trigger("good")
                .trigger("bad")
                .add(Nodes.tracing("fine"))
                .add(Nodes.tracing("x"))
                .add(Nodes.tracing("y"))
                .connect("good", "fine")
                .connect("bad", "x")
                .connect("x", "y")
                .connect("y", "x")
                .buildDraft();
        try (FlowEngine engine = Engines.create()) {
            assertThat(Runs.ended(engine.executeFromTrigger(draft, "good", 1)).output("fine", String.class))
                    .isEqualTo("1>fine");
            assertThat(engine.plan(draft, Start.trigger("bad"), DEFAULTS).cycles())
                    .hasSize(1);
            assertThatExceptionOfType(FlowException.class)
                    .isThrownBy(() -> engine.executeFromTrigger(draft, "bad", 1))
                    .withMessageContaining("x → y → x")
                    .satisfies(refusal -> assertThat(refusal.kind()).isEqualTo(FailureKind.CIRCULAR_DEPENDENCY));
        }
    }

    @Test
    @DisplayName("S30 a connection to a node that is not there is named on both ends")
    void a_connection_to_a_missing_node_is_named_on_both_ends() {
        FlowDefinition definition = definition().connect("c", "nowhere").connect("noone", "c");

        assertThatExceptionOfType(FlowException.class)
                .isThrownBy(definition::build)
                .withMessageContainingAll(
                        "connection c.main → nowhere.main: there is no node 'nowhere'",
                        "connection noone.main → c.main: there is no node 'noone'")
                .satisfies(refusal -> assertThat(refusal.kind()).isEqualTo(FailureKind.INVALID_DEFINITION))
                .satisfies(refusal -> assertThat(refusal.affectedNodes()).contains("c", "nowhere", "noone"));
    }

    private static RunOptions upTo(String target) {
        return RunOptions.builder().upTo(target).build();
    }
}
