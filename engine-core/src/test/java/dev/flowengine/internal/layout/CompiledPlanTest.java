package dev.flowengine.internal.layout;

import static dev.flowengine.internal.layout.Plans.compile;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.flowengine.flow.Flow;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.graph.Connection;
import dev.flowengine.graph.InputPort;
import dev.flowengine.graph.OrderDependency;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.plan.ExecutionPlan;
import dev.flowengine.plan.Start;
import dev.flowengine.plan.UnfedPort;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class CompiledPlanTest {
    private final Flow twoTriggers = Plans.twoTriggers();
    private final Flow diamond = Plans.diamond();

    @Test
    @DisplayName("S5 what a trigger does not reach is absent, and its connections are pruned")
    void a_run_of_one_trigger_leaves_the_other_out() {
        ExecutionPlan runA = compile(twoTriggers, Start.trigger("A")).describe();
        ExecutionPlan runB = compile(twoTriggers, Start.trigger("B")).describe();

        assertThat(runA.scope()).containsExactly("A", "N1", "Out");
        assertThat(runA.pruned()).containsExactly(Connection.of("N2", "N1"));
        assertThat(runA.unfed()).isEmpty();
        assertThat(runB.order()).containsExactly("B", "N2", "N1", "Out");
        assertThat(runB.pruned()).containsExactly(Connection.of("A", "N1"));
    }

    @Test
    @DisplayName("S7 the plan as text")
    void a_plan_reads_like_this() {
        assertThat(compile(twoTriggers, Start.trigger("A"))
                        .describe()
                        .describe()
                        .lines())
                .containsExactly("start: TRIGGER 'A'", "order: A → N1 → Out", "pruned: N2.main → N1.main");
        assertThat(compile(diamond, Start.fromNode("left"), "right")
                        .describe()
                        .describe()
                        .lines())
                .containsExactly(
                        "start: FROM_NODE 'left'",
                        "order: left → join → late",
                        "supplied: right",
                        "pruned: t.main → join.extra",
                        "unfed: join.extra");
        assertThat(compile(diamond, Start.singleNode("late"))
                        .describe()
                        .describe()
                        .lines())
                .containsExactly("start: SINGLE_NODE 'late'", "order: late");
    }

    @Test
    @DisplayName("S2 a start in the middle cuts the node's own connections and shows what else is missing")
    void a_start_in_the_middle_shows_what_is_unfed() {
        ExecutionPlan plan = compile(diamond, Start.fromNode("left")).describe();

        assertThat(plan.canStart()).isFalse();
        assertThat(plan.pruned())
                .containsExactly(
                        new Connection("right", "main", "join", "r"), new Connection("t", "main", "join", "extra"));
        assertThat(plan.prunedOrder()).containsExactly(new OrderDependency("right", "late"));
        assertThat(plan.unfed())
                .containsExactly(
                        new UnfedPort("join", "r", true, List.of(new Connection("right", "main", "join", "r"))),
                        new UnfedPort("join", "extra", false, List.of(new Connection("t", "main", "join", "extra"))));
    }

    @Test
    @DisplayName("S5 an unfed required port is refused with node, port, pruned sources and remedies")
    void an_unfed_port_is_refused() {
        CompiledPlan plan = compile(diamond, Start.fromNode("left"));

        FlowException error = catchThrowableOfType(FlowException.class, () -> plan.requireStartable(true));

        assertThat(error.kind()).isEqualTo(FailureKind.MISSING_DEPENDENCY);
        assertThat(error)
                .hasMessage("flow 'diamond' cannot start from 'left': node 'join' needs its port 'r', "
                        + "which is fed only by right.main, out of scope");
        assertThat(error.affectedNodes()).containsExactly("join");
        assertThat(error.dependencyChain()).containsExactly("right");
        assertThat(error.suggestedResolution()).contains("pin", "outputsFrom", "upTo", "optional");
        plan.requireStartable(false);
    }

    @Test
    void a_required_port_that_was_never_connected_is_refused_too() {
        Flow flow = Plans.node("a", Flow.definition("f").trigger("t"))
                .add(NodeDefinition.builder("two")
                        .inputs(InputPort.required("x"), InputPort.required("y"))
                        .body(context -> 1)
                        .build())
                .connect("t", "a")
                .connect(new Connection("a", "main", "two", "x"))
                .build();

        FlowException error = catchThrowableOfType(
                FlowException.class, () -> compile(flow, Start.trigger("t")).requireStartable(true));

        assertThat(error).hasMessageEndingWith("node 'two' needs its port 'y', which has no connection");
    }

    @Test
    @DisplayName("S2 given outputs stand in for nodes out of scope that feed it")
    void given_outputs_feed_the_scope() {
        CompiledPlan plan = compile(diamond, Start.fromNode("left"), "right", "t");

        assertThat(plan.describe().supplied()).containsExactly("t", "right");
        assertThat(plan.describe().pruned()).isEmpty();
        assertThat(plan.describe().prunedOrder()).isEmpty();
        plan.requireStartable(true);
    }

    @Test
    void given_outputs_of_nodes_that_run_feed_nothing_or_do_not_exist_change_nothing() {
        CompiledPlan plan = compile(twoTriggers, Start.trigger("A"), "N1", "B", "nobody");

        assertThat(plan.describe().supplied()).isEmpty();
        assertThat(plan.layout().total()).isEqualTo(3);
    }

    @Test
    @DisplayName("S2 what is given to the start is supplied, but its connections stay cut: it runs without a join")
    void the_start_itself_is_never_joined_by_given_outputs() {
        CompiledPlan plan = compile(twoTriggers, Start.fromNode("N1"), "A", "N2");

        assertThat(plan.describe().supplied()).containsExactly("A", "N2");
        assertThat(plan.layout().dependencies(plan.layout().startNode())).isZero();
    }

    @Test
    @DisplayName("S4 upTo cuts the scope to the ancestors of the target")
    void up_to_a_target_only_its_ancestors_run() {
        CompiledPlan toN1 = compile(twoTriggers, Start.trigger("B"), "N1", Set.of());
        CompiledPlan toRight = compile(diamond, Start.trigger("t"), "right", Set.of());
        CompiledPlan toLate = compile(diamond, Start.trigger("t"), "late", Set.of());

        assertThat(toN1.describe().order()).containsExactly("B", "N2", "N1");
        assertThat(toRight.describe().scope()).containsExactly("t", "right");
        assertThat(toRight.describe().pruned()).isEmpty();
        assertThat(toLate.describe().scope()).containsExactly("t", "left", "right", "late");
    }

    @Test
    @DisplayName("S3 a node alone")
    void a_single_node_runs_alone() {
        CompiledPlan plan = compile(twoTriggers, Start.singleNode("N1"));

        assertThat(plan.describe().scope()).containsExactly("N1");
        assertThat(plan.layout().hasSuccessor(0)).isFalse();
    }

    @Test
    @DisplayName("S31 a cycle in scope is refused with its path; one outside does not matter")
    void a_cyclic_scope_is_refused() {
        Flow draft = Plans.node(
                        "c",
                        Plans.node(
                                "b",
                                Plans.node(
                                        "a",
                                        Flow.definition("draft").trigger("ill").trigger("well"))))
                .connect("ill", "a")
                .connect("a", "b")
                .after("a", "b")
                .connect("well", "c")
                .buildDraft();

        FlowException error = catchThrowableOfType(
                FlowException.class, () -> compile(draft, Start.trigger("ill")).requireStartable(true));

        assertThat(error.kind()).isEqualTo(FailureKind.CIRCULAR_DEPENDENCY);
        assertThat(error.dependencyChain()).containsExactly("a", "b", "a");
        assertThat(error).hasMessageEndingWith("a → b → a");
        compile(draft, Start.trigger("well")).requireStartable(true);
    }
}
