package dev.flowengine.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.graph.CircularDependency;
import dev.flowengine.graph.Connection;
import dev.flowengine.graph.OrderDependency;
import dev.flowengine.graph.Severity;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("S7 a plan shows what an execution would do")
class ExecutionPlanTest {
    private static final Connection CUT = Connection.of("other", "join");

    @Test
    void a_plan_that_leaves_nothing_out_is_two_lines() {
        assertThat(plan(List.of(), List.of(), List.of()).describe().lines())
                .containsExactly("start: TRIGGER 'start'", "order: start → work → join");
    }

    @Test
    void a_plan_names_everything_that_stands_against_it() {
        ExecutionPlan plan = new ExecutionPlan(
                Start.fromNode("work"),
                "work",
                List.of("work", "join", "a", "b"),
                List.of("work", "join"),
                List.of("start", "second"),
                List.of("second"),
                List.of("join"),
                List.of(CUT, Connection.of("third", "join")),
                List.of(),
                List.of(
                        new UnfedPort("join", "main", true, List.of(CUT)),
                        new UnfedPort("join", "extra", false, List.of())),
                List.of(new CircularDependency(List.of("a", "b"), List.of("a", "b", "a"), Severity.ERROR)));

        assertThat(plan.describe().lines())
                .containsExactly(
                        "start: FROM_NODE 'work'",
                        "order: work → join",
                        "supplied: start, second",
                        "pinned: second",
                        "reused: join",
                        "pruned: other.main → join.main, third.main → join.main",
                        "unfed: join.main (required), join.extra",
                        "cycles: a → b → a");
    }

    @Test
    void pruned_order_dependencies_are_named() {
        ExecutionPlan plan =
                plan(List.of(), List.of(new OrderDependency("x", "work"), new OrderDependency("y", "join")), List.of());

        assertThat(plan.describe().lines()).contains("pruned: work after x, join after y");
    }

    @Test
    @DisplayName("S5 an unfed required port stops a start, an unfed optional one does not")
    void a_start_is_stopped_by_required_ports_and_cycles_alone() {
        UnfedPort required = new UnfedPort("join", "main", true, List.of(CUT));
        UnfedPort optional = new UnfedPort("join", "extra", false, List.of());
        ExecutionPlan cyclic = new ExecutionPlan(
                Start.trigger("start"),
                "start",
                List.of("start", "a"),
                List.of("start"),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(new CircularDependency(List.of("a"), List.of("a", "a"), Severity.ERROR)));

        assertThat(plan(List.of(CUT), List.of(), List.of()).canStart()).isTrue();
        assertThat(plan(List.of(CUT), List.of(), List.of(optional)).canStart()).isTrue();
        assertThat(plan(List.of(CUT), List.of(), List.of(optional, required)).canStart())
                .isFalse();
        assertThat(cyclic.canStart()).isFalse();
    }

    @Test
    void a_plan_does_not_follow_the_lists_it_was_made_of() {
        List<Connection> pruned = new ArrayList<>(List.of(CUT));
        ExecutionPlan plan = plan(pruned, List.of(), List.of());
        UnfedPort port = new UnfedPort("join", "main", true, pruned);

        pruned.clear();

        assertThat(plan.pruned()).containsExactly(CUT);
        assertThat(port.pruned()).containsExactly(CUT);
    }

    @Test
    void a_start_is_named_by_id_or_by_handle() {
        FlowBuilder f = Flow.builder("f");
        TriggerRef<Integer> trigger = f.trigger("start", Integer.class);
        NodeRef<Integer> node = f.node("work", trigger, n -> n);

        assertThat(Start.trigger(trigger)).isEqualTo(new Start(Start.Kind.TRIGGER, "start"));
        assertThat(Start.fromNode(node)).isEqualTo(new Start(Start.Kind.FROM_NODE, "work"));
        assertThat(Start.singleNode(node)).isEqualTo(new Start(Start.Kind.SINGLE_NODE, "work"));
        assertThatNullPointerException()
                .isThrownBy(() -> Start.trigger((String) null))
                .withMessage("nodeId");
    }

    private static ExecutionPlan plan(List<Connection> pruned, List<OrderDependency> order, List<UnfedPort> unfed) {
        List<String> nodes = List.of("start", "work", "join");
        return new ExecutionPlan(
                Start.trigger("start"),
                "start",
                nodes,
                nodes,
                List.of(),
                List.of(),
                List.of(),
                pruned,
                order,
                unfed,
                List.of());
    }
}
