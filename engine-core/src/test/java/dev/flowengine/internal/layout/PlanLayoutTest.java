package dev.flowengine.internal.layout;

import static dev.flowengine.internal.layout.Plans.compile;
import static dev.flowengine.internal.layout.Plans.edgesFrom;
import static dev.flowengine.internal.layout.Plans.gatesOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.flow.ErrorHandling;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowDefinition;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.graph.Connection;
import dev.flowengine.graph.InputPort;
import dev.flowengine.graph.JoinRule;
import dev.flowengine.graph.Ports;
import dev.flowengine.plan.Start;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class PlanLayoutTest {

    @Test
    void nodes_are_numbered_in_declaration_order_those_that_run_before_those_that_supply() {
        PlanLayout layout =
                compile(Plans.diamond(), Start.fromNode("left"), "t", "right").layout();

        assertThat(IntStream.range(0, layout.total())
                        .mapToObj(layout::definition)
                        .map(NodeDefinition::id))
                .containsExactly("left", "join", "late", "t", "right");
        assertThat(layout.size()).isEqualTo(3);
        assertThat(layout.startNode()).isEqualTo(layout.numberOf("left")).isZero();
        assertThat(layout.numberOf("nobody")).isEqualTo(-1);
    }

    @Test
    void edges_that_leave_are_grouped_by_target_and_order_edges_carry_nothing() {
        PlanLayout layout = compile(Plans.diamond(), Start.trigger("t")).layout();

        assertThat(edgesFrom(layout, "t")).isEqualTo("left (0) right (0) join (0)");
        assertThat(edgesFrom(layout, "left")).isEqualTo("join (0) late (0)");
        assertThat(edgesFrom(layout, "right")).isEqualTo("join (0) late (order)");
        assertThat(edgesFrom(layout, "join")).isEmpty();
        assertThat(layout.hasSuccessor(layout.numberOf("join"))).isFalse();
        assertThat(layout.hasSuccessor(layout.numberOf("right"))).isTrue();
    }

    @Test
    void edges_that_enter_are_grouped_by_port() {
        PlanLayout layout = compile(Plans.diamond(), Start.trigger("t")).layout();
        int join = layout.numberOf("join");
        int late = layout.numberOf("late");

        assertThat(gatesOf(layout, "join")).isEqualTo("[left][right][t]");
        assertThat(layout.connections(join)).isEqualTo(3);
        assertThat(layout.dependencies(join)).isEqualTo(3);
        assertThat(layout.isRequired(layout.firstGate(join))).isTrue();
        assertThat(layout.isRequired(layout.firstGate(join) + 2)).isFalse();
        assertThat(gatesOf(layout, "late")).isEqualTo("[left]");
        assertThat(layout.dependencies(late)).isEqualTo(2);
        assertThat(layout.orderDependencies(late)).isEqualTo(1);
        assertThat(layout.definition(layout.orderSource(layout.firstOrder(late)))
                        .id())
                .isEqualTo("right");
    }

    @Test
    @DisplayName("S15 connections into one port stand in declaration order; one that is there twice counts once")
    void several_connections_between_two_nodes() {
        Flow flow = Flow.definition("f")
                .trigger("t")
                .add(NodeDefinition.builder("route")
                        .outputs("x", "y")
                        .body(context -> 1)
                        .build())
                .add(NodeDefinition.builder("target")
                        .inputs(InputPort.required("p"), InputPort.optional("q"))
                        .body(context -> 1)
                        .build())
                .connect("t", "route")
                .connect(new Connection("route", "y", "target", "p"))
                .connect(new Connection("t", "main", "target", "p"))
                .connect(new Connection("route", "x", "target", "p"))
                .connect(new Connection("route", "y", "target", "p"))
                .connect(new Connection("route", "y", "target", "q"))
                .after("target", "route")
                .build();
        PlanLayout layout = compile(flow, Start.trigger("t")).layout();
        int target = layout.numberOf("target");

        assertThat(gatesOf(layout, "target")).isEqualTo("[route, t, route][route]");
        assertThat(edgesFrom(layout, "route")).isEqualTo("target (1) target (0) target (1) target (order)");
        assertThat(layout.connections(target)).isEqualTo(4);
        assertThat(layout.inConnection(layout.firstIn(layout.firstGate(target))))
                .isEqualTo(new Connection("route", "y", "target", "p"));
        assertThat(layout.inSlot(layout.firstIn(layout.firstGate(target))))
                .isEqualTo(layout.firstSlot(layout.numberOf("route")) + 1);
    }

    @Test
    void the_ports_of_a_node_keep_their_places_however_many_there_are() {
        int ports = 12;
        FlowDefinition definition = Flow.definition("wide")
                .trigger("t")
                .add(NodeDefinition.builder("all")
                        .outputs(names("o", ports))
                        .onError(ErrorHandling.ERROR_OUTPUT)
                        .body(context -> 1)
                        .build())
                .add(NodeDefinition.builder("join")
                        .inputs(Stream.concat(
                                        Stream.of(names("i", ports)).map(InputPort::required),
                                        Stream.of(InputPort.optional("failed")))
                                .toArray(InputPort[]::new))
                        .body(context -> 1)
                        .build())
                .connect("t", "all")
                .connect(new Connection("all", Ports.ERROR, "join", "failed"));
        for (int port = ports - 1; port >= 0; port--) {
            definition.connect(new Connection("all", "o" + port, "join", "i" + port));
        }

        PlanLayout layout = compile(definition.build(), Start.trigger("t")).layout();

        int first = layout.firstGate(layout.numberOf("join"));
        for (int port = 0; port <= ports; port++) {
            int slot = layout.inSlot(layout.firstIn(first + port)) - layout.firstSlot(layout.numberOf("all"));
            assertThat(slot).isEqualTo(port);
        }
    }

    private static String[] names(String start, int count) {
        return IntStream.range(0, count).mapToObj(each -> start + each).toArray(String[]::new);
    }

    @Test
    void what_is_pruned_is_not_counted() {
        PlanLayout layout = compile(Plans.twoTriggers(), Start.trigger("A")).layout();

        assertThat(gatesOf(layout, "N1")).isEqualTo("[A]");
        assertThat(layout.dependencies(layout.numberOf("N1"))).isEqualTo(1);
        assertThat(layout.isUnfed(layout.numberOf("N1"))).isFalse();
    }

    @Test
    void only_a_required_port_without_a_source_makes_a_node_unfed_and_never_the_start() {
        PlanLayout layout = compile(Plans.diamond(), Start.fromNode("left")).layout();

        assertThat(layout.isUnfed(layout.numberOf("join"))).isTrue();
        assertThat(layout.isUnfed(layout.numberOf("late"))).isFalse();
        assertThat(layout.isUnfed(layout.startNode())).isFalse();
        PlanLayout supplied =
                compile(Plans.diamond(), Start.fromNode("left"), "right").layout();
        assertThat(supplied.isUnfed(supplied.numberOf("join"))).isFalse();
    }

    @Test
    void what_a_node_is_like_is_known_by_number() {
        Flow flow = Flow.definition("f")
                .trigger("t")
                .add(NodeDefinition.builder("off").disabled().build())
                .add(NodeDefinition.builder("sums")
                        .body(context -> 1)
                        .cpuBound()
                        .build())
                .add(NodeDefinition.builder("first")
                        .inputs(InputPort.optional("main"))
                        .join(JoinRule.ANY_SUCCESS)
                        .body(context -> 1)
                        .build())
                .connect("t", "off")
                .connect("t", "sums")
                .connect("t", "first")
                .build();
        PlanLayout layout = compile(flow, Start.trigger("t")).layout();
        PlanLayout alone = compile(flow, Start.singleNode("off")).layout();

        assertThat(IntStream.range(0, 4).filter(layout::hasNoBody)).containsExactly(0, 1);
        assertThat(IntStream.range(0, 4).filter(layout::isCpuBound)).containsExactly(2);
        assertThat(IntStream.range(0, 4).filter(layout::joinsEarly)).containsExactly(3);
        assertThat(layout.rule(3)).isEqualTo(JoinRule.Kind.ANY_SUCCESS);
        assertThat(layout.queuedNodes()).isEqualTo(1);
        assertThat(layout.joinsEarly()).isTrue();
        assertThat(alone.queuedNodes()).isZero();
        assertThat(alone.joinsEarly()).isFalse();
    }
}
