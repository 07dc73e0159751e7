package dev.flowengine.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.graph.Problem;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.RunOptions;
import dev.flowengine.plan.ExecutionPlan;
import dev.flowengine.plan.Start;
import dev.flowengine.testing.Engines;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("S31 a draft may contain cycles; those outside the scope of a run do not stop it")
class DraftFlowTest {
    private final Flow draft = nodes("a", "b", "c", "d", "self")
            .trigger("healthy")
            .trigger("ill")
            .connect("healthy", "a")
            .connect("ill", "b")
            .connect("b", "c")
            .connect("c", "d")
            .connect("d", "b")
            .connect("self", "self")
            .buildDraft();

    @Test
    void lists_its_cycles_as_errors() {
        assertThat(draft.validation().isValid()).isFalse();
        assertThat(draft.validation().errors())
                .extracting(Problem::code)
                .containsOnly(Problem.Code.CYCLE)
                .hasSize(2);
    }

    @Test
    void cannot_be_built_as_a_flow() {
        FlowDefinition same = nodes("a").trigger("start").connect("start", "a").connect("a", "a");

        InvalidFlowException error = catchThrowableOfType(InvalidFlowException.class, same::build);

        assertThat(error.kind()).isEqualTo(FailureKind.CIRCULAR_DEPENDENCY);
        assertThat(error).hasMessageContaining("a → a");
    }

    @Test
    void runs_where_its_cycles_are_out_of_scope() throws Exception {
        ExecutionResult result = Runs.run(draft, "healthy", 1, RunOptions.ofDefaults());

        assertThat(result.status()).isEqualTo(ExecutionStatus.COMPLETED);
        assertThat(result.executionPath()).containsExactly("healthy", "a");
    }

    @Test
    void is_refused_where_the_run_would_reach_a_cycle_and_says_on_which_way() {
        try (FlowEngine engine = Engines.create()) {
            FlowException error =
                    catchThrowableOfType(FlowException.class, () -> engine.executeFromTrigger(draft, "ill", 1));

            assertThat(error.kind()).isEqualTo(FailureKind.CIRCULAR_DEPENDENCY);
            assertThat(error)
                    .hasMessage("flow 'draft': the nodes to run depend on each other in a circle: b → c → d → b");
            assertThat(error.dependencyChain()).containsExactly("b", "c", "d", "b");
            assertThat(error.affectedNodes()).containsExactlyInAnyOrder("b", "c", "d");
            assertThat(error.suggestedResolution()).isNotBlank();
        }
    }

    @Test
    @DisplayName("S2 a start inside a cycle cuts it: the incoming connections of that node do not count")
    void runs_from_a_node_on_the_cycle() throws Exception {
        try (FlowEngine engine = Engines.create()) {
            ExecutionPlan plan = engine.plan(draft, Start.fromNode("b"), RunOptions.ofDefaults());

            assertThat(plan.canStart()).isTrue();
            assertThat(plan.order()).containsExactly("b", "c", "d");
        }
    }

    @Test
    void a_plan_shows_the_cycle_instead_of_failing() {
        try (FlowEngine engine = Engines.create()) {
            ExecutionPlan plan = engine.plan(draft, Start.trigger("ill"), RunOptions.ofDefaults());

            assertThat(plan.canStart()).isFalse();
            assertThat(plan.order()).containsExactly("ill");
            assertThat(plan.cycles())
                    .singleElement()
                    .satisfies(cycle -> assertThat(cycle.pathText()).isEqualTo("b → c → d → b"));
        }
    }

    @Test
    void every_error_but_a_cycle_stops_a_draft_too() {
        FlowDefinition broken = nodes("a")
                .trigger("start")
                .connect("start", "a")
                .connect("a", "a")
                .connect("a", "ghost");

        InvalidFlowException error = catchThrowableOfType(InvalidFlowException.class, broken::buildDraft);

        assertThat(error.problems()).extracting(Problem::code).containsExactly(Problem.Code.MISSING_NODE);
    }

    private static FlowDefinition nodes(String... ids) {
        FlowDefinition flow = Flow.definition("draft");
        for (String id : ids) {
            flow.add(NodeDefinition.builder(id).body(context -> context.input()).build());
        }
        return flow;
    }
}
