package dev.flowengine.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("S30 what validation reports")
class ValidationTest {

    @Test
    void a_flow_without_nodes_is_one_error() {
        ValidationResult result = validate(FlowGraph.builder());

        assertThat(messages(result)).containsExactly("EMPTY_FLOW ERROR the flow has no nodes");
        assertThat(result.isValid()).isFalse();
    }

    @Test
    void a_flow_without_mistakes_has_no_problems() {
        ValidationResult result =
                validate(FlowGraph.builder().trigger("start").node("work").connect("start", "work"));

        assertThat(result.problems()).isEmpty();
        assertThat(result.isValid()).isTrue();
    }

    @Test
    void an_id_given_twice_is_one_error_with_the_count() {
        ValidationResult result = validate(FlowGraph.builder()
                .trigger("start")
                .node("a")
                .node("a")
                .node("a")
                .connect("start", "a"));

        assertThat(messages(result)).containsExactly("DUPLICATE_ID ERROR 3 nodes have the id 'a'");
    }

    @Test
    void a_connection_to_a_missing_node_names_both_ends_and_the_nearest_ids() {
        ValidationResult result = validate(FlowGraph.builder()
                .trigger("start")
                .node("ship")
                .connect("start", "ship")
                .connect("start", "shop"));

        assertThat(result.problems())
                .containsExactly(new Problem(
                        Problem.Code.MISSING_NODE,
                        Severity.ERROR,
                        "connection start.main → shop.main: there is no node 'shop'",
                        List.of("start", "shop"),
                        Optional.of(Connection.of("start", "shop")),
                        "add the missing node, or correct the id; the nearest are ship"));
    }

    @Test
    void a_connection_between_missing_nodes_names_both() {
        assertThat(messages(validate(FlowGraph.builder().trigger("start").connect("a", "b"))))
                .containsExactly("MISSING_NODE ERROR connection a.main → b.main: there is no node 'a' and no node 'b'");
        assertThat(messages(validate(FlowGraph.builder().trigger("start").connect("a", "a"))))
                .containsExactly("MISSING_NODE ERROR connection a.main → a.main: there is no node 'a'");
    }

    @Test
    void an_order_dependency_on_a_missing_node_is_an_error() {
        assertThat(messages(validate(FlowGraph.builder()
                        .trigger("start")
                        .node("a")
                        .connect("start", "a")
                        .after("a", "ghost"))))
                .containsExactly("MISSING_NODE ERROR order dependency 'a' after 'ghost': there is no node 'ghost'");
    }

    @Test
    void what_a_wrong_id_cut_off_is_not_also_orphaned_or_unreachable_or_short_of_connections() {
        ValidationResult result = validate(FlowGraph.builder()
                .trigger("start")
                .node("a")
                .node("b")
                .add(GraphNode.node("c").withJoin(JoinRule.atLeast(2)))
                .connect("strat", "a")
                .connect("a", "b")
                .connect("start", "c")
                .connect("strat", "c"));

        assertThat(messages(result))
                .containsExactly(
                        "MISSING_NODE ERROR connection strat.main → a.main: there is no node 'strat'",
                        "MISSING_NODE ERROR connection strat.main → c.main: there is no node 'strat'");
    }

    @Test
    void unknown_ports_are_named_with_the_ports_that_exist() {
        ValidationResult result = validate(FlowGraph.builder()
                .trigger("start")
                .add(GraphNode.branch("check", "true", "false"))
                .node("ship")
                .connect("start", "check")
                .connect(new Connection("check", "tru", "ship", "mian")));

        assertThat(messages(result))
                .containsExactly(
                        "UNKNOWN_PORT ERROR connection check.tru → ship.mian: node 'check' has no output port 'tru'; it has"
                                + " true, false, error",
                        "UNKNOWN_PORT ERROR connection check.tru → ship.mian: node 'ship' has no input port 'mian'; it has"
                                + " main");
    }

    @Test
    void every_node_has_the_output_port_error() {
        assertThat(validate(FlowGraph.builder()
                                .trigger("start")
                                .node("a")
                                .connect(new Connection("start", Ports.ERROR, "a", Ports.MAIN)))
                        .problems())
                .isEmpty();
    }

    @Test
    void long_lists_of_ports_are_cut() {
        String[] ports = IntStream.range(0, 40).mapToObj(i -> "p" + i).toArray(String[]::new);
        ValidationResult result = validate(FlowGraph.builder()
                .trigger("start")
                .add(GraphNode.branch("check", ports))
                .node("a")
                .connect("start", "check")
                .connect("check", "a"));

        assertThat(messages(result))
                .containsExactly(
                        "UNKNOWN_PORT ERROR connection check.main → a.main: node 'check' has no output port 'main';"
                                + " it has p0, p1, p2, p3, p4, p5, p6, p7, p8, p9 and 31 more");
    }

    @Test
    void a_trigger_with_inputs_or_incoming_dependencies_is_an_error() {
        GraphNode trigger = new GraphNode(
                "wrong",
                NodeKind.TRIGGER,
                List.of(InputPort.required("a"), InputPort.optional("b")),
                List.of(Ports.MAIN),
                JoinRule.DEFAULT);
        ValidationResult result = validate(FlowGraph.builder()
                .trigger("start")
                .trigger("second")
                .add(trigger)
                .connect("start", "second")
                .after("second", "wrong"));

        assertThat(messages(result))
                .containsExactly(
                        "INVALID_NODE ERROR node 'second' is a trigger, which starts runs and waits for nothing, but has"
                                + " connection start.main → second.main, order dependency on 'wrong'",
                        "INVALID_NODE ERROR node 'wrong' is a trigger with input ports a, b");
    }

    @Test
    void an_empty_id_is_an_error() {
        assertThat(messages(validate(FlowGraph.builder().trigger(""))))
                .containsExactly("INVALID_NODE ERROR node '' has an empty id");
    }

    @Test
    void port_names_given_twice_and_a_declared_error_port_are_errors() {
        GraphNode node = new GraphNode(
                "a",
                NodeKind.NODE,
                List.of(InputPort.required("x"), InputPort.optional("x"), InputPort.required("main")),
                List.of("out", "out", "error"),
                JoinRule.ALL_DONE);
        ValidationResult result =
                validate(FlowGraph.builder().trigger("start").add(node).connect("start", "a"));

        assertThat(messages(result))
                .containsExactly(
                        "INVALID_NODE ERROR node 'a' has several input ports 'x'",
                        "INVALID_NODE ERROR node 'a' has several output ports 'out'",
                        "INVALID_NODE ERROR node 'a' declares the output port 'error', which every node has");
    }

    @Test
    void a_loop_without_its_ports_is_an_error() {
        GraphNode loop = new GraphNode(
                "each", NodeKind.LOOP, List.of(InputPort.required(Ports.MAIN)), List.of("body"), JoinRule.DEFAULT);

        assertThat(messages(
                        validate(FlowGraph.builder().trigger("start").add(loop).connect("start", "each"))))
                .containsExactly(
                        "INVALID_NODE ERROR node 'each' is a LOOP without output port 'loop'",
                        "INVALID_NODE ERROR node 'each' is a LOOP without output port 'done'");
    }

    @Test
    void a_node_is_orphaned_or_unreachable_but_never_both() {
        ValidationResult result = validate(FlowGraph.builder()
                .trigger("start")
                .trigger("idle")
                .node("work")
                .node("lonely")
                .node("island")
                .node("shore")
                .connect("start", "work")
                .connect("island", "shore"));

        assertThat(messages(result))
                .containsExactly(
                        "ORPHANED_NODE WARNING trigger 'idle' is connected to nothing",
                        "ORPHANED_NODE WARNING node 'lonely' is connected to nothing",
                        "UNREACHABLE_NODE WARNING no trigger leads to node 'island'",
                        "UNREACHABLE_NODE WARNING no trigger leads to node 'shore'");
        assertThat(result.isValid()).isTrue();
        assertThat(result.warnings()).isEqualTo(result.problems());
    }

    @Test
    void a_flow_without_triggers_is_told_so_once() {
        assertThat(messages(validate(FlowGraph.builder()
                        .node("a")
                        .node("b")
                        .node("c")
                        .connect("a", "b")
                        .connect("b", "c"))))
                .containsExactly(
                        "UNREACHABLE_NODE WARNING the flow has no trigger, so no trigger leads to any of its nodes");
        assertThat(messages(validate(FlowGraph.builder().node("only"))))
                .containsExactly(
                        "UNREACHABLE_NODE WARNING the flow has no trigger, so no trigger leads to any of its nodes");
    }

    @Test
    void the_only_node_of_a_flow_is_no_orphan() {
        assertThat(validate(FlowGraph.builder().trigger("start")).problems()).isEmpty();
    }

    @Test
    void an_order_dependency_is_enough_to_be_reached() {
        assertThat(validate(FlowGraph.builder().trigger("start").node("a").after("a", "start"))
                        .problems())
                .isEmpty();
    }

    @Test
    void all_problems_come_at_once_in_the_written_order() {
        ValidationResult result = validate(FlowGraph.builder()
                .trigger("start")
                .node("twice")
                .node("twice")
                .node("a")
                .node("b")
                .add(GraphNode.node("join").withJoin(JoinRule.atLeast(3)))
                .node("lonely")
                .node("island")
                .node("shore")
                .add(new GraphNode("odd", NodeKind.NODE, List.of(), List.of("x", "x"), JoinRule.DEFAULT))
                .connect("island", "shore")
                .connect("start", "join")
                .connect("a", "b")
                .connect("b", "a")
                .connect("start", "a")
                .connect(new Connection("start", "mian", "twice", "main"))
                .connect("start", "ghost")
                .after("odd", "start"));

        assertThat(result.problems().stream().map(Problem::code))
                .containsExactly(
                        Problem.Code.DUPLICATE_ID,
                        Problem.Code.MISSING_NODE,
                        Problem.Code.UNKNOWN_PORT,
                        Problem.Code.CYCLE,
                        Problem.Code.JOIN_NEVER_FIRES,
                        Problem.Code.ORPHANED_NODE,
                        Problem.Code.UNREACHABLE_NODE,
                        Problem.Code.UNREACHABLE_NODE,
                        Problem.Code.INVALID_NODE);
        assertThat(result.problems())
                .allSatisfy(problem -> assertThat(problem.suggestedResolution()).isNotEmpty());
        assertThat(result.errors()).hasSize(6);
    }

    private static ValidationResult validate(FlowGraph.Builder builder) {
        return DependencyResolver.of(builder.build()).validate();
    }

    private static List<String> messages(ValidationResult result) {
        return result.problems().stream()
                .map(problem -> problem.code() + " " + problem.severity() + " " + problem.message())
                .toList();
    }
}
