package dev.flowengine.internal.machine;

import static dev.flowengine.internal.machine.Machine.node;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowDefinition;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.graph.Connection;
import dev.flowengine.graph.InputPort;
import dev.flowengine.graph.JoinRule;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.model.SkipReason;
import dev.flowengine.node.PortValues;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@DisplayName("S12 early joins, and what decided them")
class JoinDecisionsTest {

    @Test
    void the_first_success_fires_and_later_ones_are_recorded_but_not_delivered() {
        Machine machine = joined(JoinRule.ANY_SUCCESS).start();
        machine.complete("b");

        assertThat(machine.status("join")).isEqualTo(NodeStatus.QUEUED);
        machine.complete("a").fail("c");

        assertThat(decidedBy(machine)).containsExactly("b");
        assertThat(read(machine)).isEqualTo("of b");
        assertThat(machine.complete("join").machine.status()).isEqualTo(ExecutionStatus.PARTIAL);
    }

    @Test
    void at_least_two_are_the_two_that_came_first() {
        Machine machine = joined(JoinRule.atLeast(2)).start();
        machine.complete("c").fail("b");
        assertThat(machine.status("join")).isEqualTo(NodeStatus.IDLE);

        machine.complete("a");

        assertThat(decidedBy(machine)).containsExactly("a", "c");
        assertThat(read(machine)).isEqualTo("of a");
    }

    @Test
    void the_first_failure_fires_a_join_on_failures() {
        Machine machine = joined(JoinRule.ANY_FAILED).start();
        machine.complete("a").fail("c");

        assertThat(decidedBy(machine)).containsExactly("c");
        assertThat(machine.status("join")).isEqualTo(NodeStatus.QUEUED);
    }

    @Test
    @DisplayName("S13 a join on failures that did not occur is CONDITION_FALSE, and only once all is decided")
    void without_a_failure_a_join_on_failures_is_skipped_at_the_end() {
        Machine machine = joined(JoinRule.ANY_FAILED).start();
        machine.complete("a").complete("b");
        assertThat(machine.status("join")).isEqualTo(NodeStatus.IDLE);

        machine.complete("c");

        assertThat(machine.skipReason("join")).isEqualTo(SkipReason.CONDITION_FALSE);
        assertThat(machine.machine.status()).isEqualTo(ExecutionStatus.COMPLETED);
    }

    @Test
    void a_join_that_waits_for_all_names_nobody_who_decided_it() {
        Machine machine = joined(JoinRule.ALL_DONE).start();
        machine.complete("a").fail("b").complete("c");

        assertThat(machine.status("join")).isEqualTo(NodeStatus.QUEUED);
        assertThat(machine.machine.nodes().decidedBy(machine.number("join"))).isNull();
    }

    @Test
    void an_early_join_waits_for_what_it_is_ordered_after() {
        FlowDefinition flow =
                threeInto(JoinRule.ANY_SUCCESS).add(node("before")).connect("t", "before");
        Machine machine = Machine.ofTrigger(flow.after("join", "before")).start();
        machine.complete("a");
        assertThat(machine.status("join")).isEqualTo(NodeStatus.IDLE);

        machine.fail("before");

        assertThat(machine.status("join")).isEqualTo(NodeStatus.QUEUED);
        assertThat(decidedBy(machine)).containsExactly("a");
    }

    @Test
    @DisplayName("S11 an order-only dependency that failed skips a node under the default join")
    void a_failed_order_dependency_skips() {
        FlowDefinition flow = Flow.definition("f")
                .trigger("t")
                .add(node("before"))
                .add(node("node"))
                .connect("t", "before")
                .connect("t", "node")
                .after("node", "before");

        Machine machine = Machine.ofTrigger(flow).start().fail("before");

        assertThat(machine.skipReason("node")).isEqualTo(SkipReason.UPSTREAM_FAILED);
        assertThat(machine.machine.status()).isEqualTo(ExecutionStatus.FAILED);
    }

    @Test
    void the_root_of_a_skip_is_the_failure_it_came_from() {
        FlowDefinition flow =
                Flow.definition("f").trigger("t").add(node("a")).add(node("b")).add(node("c"));
        Machine machine = Machine.ofTrigger(
                        flow.connect("t", "a").connect("a", "b").connect("b", "c"))
                .start()
                .fail("a");

        assertThat(machine.skipReason("c")).isEqualTo(SkipReason.UPSTREAM_FAILED);
        NodeFailure root = machine.machine.nodes().rootFailure(machine.number("c"));
        assertThat(root).isNotNull();
        assertThat(root.error().nodeId()).isEqualTo("a");
        assertThat(machine.machine.nodes().failure(machine.number("c"))).isNull();
        assertThat(machine.machine.firstFailed()).isEqualTo(machine.number("a"));
    }

    @Test
    void two_connections_between_two_nodes_are_decided_together() {
        FlowDefinition flow = Flow.definition("f")
                .trigger("t")
                .add(NodeDefinition.builder("route")
                        .outputs("x", "y")
                        .body(context -> 1)
                        .build())
                .add(NodeDefinition.builder("join")
                        .inputs(InputPort.optional("x"), InputPort.optional("y"))
                        .join(JoinRule.ANY_SUCCESS)
                        .body(context -> 1)
                        .build())
                .connect("t", "route")
                .connect(new Connection("route", "x", "join", "x"))
                .connect(new Connection("route", "y", "join", "y"));
        Machine machine = Machine.ofTrigger(flow).start();

        machine.machine.emitted(
                machine.number("route"), 1, PortValues.of("x", 1).and("y", 2));

        assertThat(machine.starts()).containsExactly("route", "join");
        assertThat(decidedBy(machine)).containsExactly("route", "route");
    }

    private static Machine joined(JoinRule rule) {
        return Machine.ofTrigger(threeInto(rule));
    }

    private static FlowDefinition threeInto(JoinRule rule) {
        FlowDefinition flow = Flow.definition("f").trigger("t");
        List.of("a", "b", "c").forEach(id -> flow.add(node(id)).connect("t", id));
        flow.add(NodeDefinition.builder("join")
                .inputs(InputPort.optional("main"))
                .join(rule)
                .body(context -> 1)
                .build());
        List.of("a", "b", "c").forEach(id -> flow.connect(id, "join"));
        return flow;
    }

    private static List<String> decidedBy(Machine machine) {
        int[] connections = machine.machine.nodes().decidedBy(machine.number("join"));
        return connections == null
                ? List.of()
                : Arrays.stream(connections)
                        .mapToObj(in -> machine.layout().inConnection(in).from())
                        .toList();
    }

    private static Object read(Machine machine) {
        InputReader reader = new InputReader(
                machine.layout(), machine.machine.nodes(), new RunInputs(null, null, Map.of(), Map.of()));
        return reader.read(machine.number("join"), 0).value();
    }

    @Test
    @Tag("once")
    void a_chain_of_a_hundred_thousand_skips_does_not_deepen_the_stack() {
        int length = 100_000;
        FlowDefinition chain = Flow.definition("chain").trigger("t");
        IntStream.range(0, length).forEach(i -> chain.add(node("n" + i)));
        IntStream.range(1, length).forEach(i -> chain.connect("n" + (i - 1), "n" + i));
        Machine machine = Machine.ofTrigger(chain.connect("t", "n0")).start().fail("n0");

        assertThat(machine.machine.status()).isEqualTo(ExecutionStatus.FAILED);
        assertThat(machine.skipReason("n" + (length - 1))).isEqualTo(SkipReason.UPSTREAM_FAILED);
    }
}
