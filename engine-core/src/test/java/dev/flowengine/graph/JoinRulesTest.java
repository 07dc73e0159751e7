package dev.flowengine.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("S30 joins that can never fire")
class JoinRulesTest {

    @Test
    void all_success_over_two_ports_of_a_branch_never_fires() {
        FlowGraph.Builder flow = branch("true", "false")
                .add(join("ship", JoinRule.ALL_SUCCESS))
                .connect(from("check", "true", "ship"))
                .connect(from("check", "false", "ship"));

        assertThat(joinProblems(flow))
                .containsExactly(new Problem(
                        Problem.Code.JOIN_NEVER_FIRES,
                        Severity.ERROR,
                        "node 'ship' can never run: ALL_SUCCESS needs 2 of its 2 connections, but at most 1 can be taken"
                                + " together, because branch 'check' fires only one of true, false",
                        List.of("ship", "check"),
                        "lead ways that exclude each other into one port, or choose a join that needs one of them, such"
                                + " as NONE_FAILED_MIN_ONE_SUCCESS"));
    }

    @Test
    void the_default_join_within_one_port_fires() {
        assertThat(joinProblems(branch("true", "false")
                        .node("ship")
                        .connect(from("check", "true", "ship"))
                        .connect(from("check", "false", "ship"))))
                .isEmpty();
    }

    @Test
    void the_default_join_over_two_required_ports_fed_by_exclusive_ports_never_fires() {
        FlowGraph.Builder flow = branch("true", "false")
                .add(ports("ship", "left", "right"))
                .connect(new Connection("check", "true", "ship", "left"))
                .connect(new Connection("check", "false", "ship", "right"));

        assertThat(joinProblems(flow))
                .extracting(Problem::message)
                .containsExactly(
                        "node 'ship' can never run: the default join needs 2 of its 2 required ports, but at most"
                                + " 1 can be taken together, because branch 'check' fires only one of true, false");
    }

    @Test
    void the_default_join_fires_if_one_port_has_another_way() {
        assertThat(joinProblems(branch("true", "false")
                        .add(ports("ship", "left", "right"))
                        .connect(new Connection("check", "true", "ship", "left"))
                        .connect(new Connection("check", "false", "ship", "right"))
                        .connect(new Connection("start", "main", "ship", "right"))))
                .isEmpty();
        assertThat(joinProblems(branch("a", "b", "c")
                        .add(ports("ship", "left", "right"))
                        .connect(new Connection("check", "a", "ship", "left"))
                        .connect(new Connection("check", "b", "ship", "left"))
                        .connect(new Connection("check", "b", "ship", "right"))
                        .connect(new Connection("check", "c", "ship", "right"))))
                .isEmpty();
    }

    @Test
    void three_ports_of_which_no_branch_port_feeds_all_never_fire() {
        assertThat(joinProblems(branch("a", "b", "c")
                        .add(ports("ship", "x", "y", "z"))
                        .connect(new Connection("check", "a", "ship", "x"))
                        .connect(new Connection("check", "b", "ship", "x"))
                        .connect(new Connection("check", "b", "ship", "y"))
                        .connect(new Connection("check", "c", "ship", "y"))
                        .connect(new Connection("check", "a", "ship", "z"))
                        .connect(new Connection("check", "c", "ship", "z"))))
                .extracting(Problem::message)
                .containsExactly(
                        "node 'ship' can never run: the default join needs 3 of its 3 required ports, but at most"
                                + " 2 can be taken together, because branch 'check' fires only one of a, b, c");
    }

    @Test
    void optional_ports_and_ports_without_connections_need_nothing() {
        GraphNode optional = new GraphNode(
                "ship",
                NodeKind.NODE,
                List.of(InputPort.required("left"), InputPort.optional("right"), InputPort.required("unfed")),
                List.of(Ports.MAIN),
                JoinRule.DEFAULT);

        assertThat(joinProblems(branch("true", "false")
                        .add(optional)
                        .connect(new Connection("check", "true", "ship", "left"))
                        .connect(new Connection("check", "false", "ship", "right"))))
                .isEmpty();
    }

    @Test
    void exclusive_ways_are_traced_back_through_single_input_nodes() {
        assertThat(joinProblems(branch("true", "false")
                        .node("a")
                        .node("b")
                        .node("c")
                        .add(join("ship", JoinRule.ALL_SUCCESS))
                        .connect(from("check", "true", "a"))
                        .connect("a", "b")
                        .connect(from("check", "false", "c"))
                        .connect("b", "ship")
                        .connect("c", "ship")))
                .hasSize(1);
    }

    @Test
    void they_are_traced_back_through_further_branches() {
        FlowGraph.Builder flow = branch("true", "false")
                .add(GraphNode.branch("size", "big", "small"))
                .add(join("ship", JoinRule.ALL_SUCCESS))
                .connect(from("check", "true", "size"))
                .connect(from("size", "big", "ship"))
                .connect(from("check", "false", "ship"));

        assertThat(joinProblems(flow)).extracting(Problem::nodes).containsExactly(List.of("ship", "check"));
    }

    @Test
    void a_node_with_several_connections_or_a_tolerant_join_ends_the_trace() {
        assertThat(joinProblems(branch("true", "false")
                        .node("merge")
                        .add(join("ship", JoinRule.ALL_SUCCESS))
                        .connect(from("check", "true", "merge"))
                        .connect("start", "merge")
                        .connect("merge", "ship")
                        .connect(from("check", "false", "ship"))))
                .isEmpty();
        for (JoinRule tolerant : List.of(JoinRule.ALL_DONE, JoinRule.NONE_FAILED)) {
            assertThat(joinProblems(branch("true", "false")
                            .add(join("log", tolerant))
                            .add(join("ship", JoinRule.ALL_SUCCESS))
                            .connect(from("check", "true", "log"))
                            .connect("log", "ship")
                            .connect(from("check", "false", "ship"))))
                    .isEmpty();
        }
    }

    @Test
    void a_node_that_runs_without_its_only_optional_input_ends_the_trace() {
        GraphNode optional = new GraphNode(
                "log", NodeKind.NODE, List.of(InputPort.optional("main")), List.of("main"), JoinRule.DEFAULT);

        assertThat(joinProblems(branch("true", "false")
                        .add(optional)
                        .add(join("ship", JoinRule.ALL_SUCCESS))
                        .connect(from("check", "true", "log"))
                        .connect("log", "ship")
                        .connect(from("check", "false", "ship"))))
                .isEmpty();
    }

    @Test
    void ports_of_different_branches_and_ports_of_other_nodes_do_not_exclude_each_other() {
        GraphNode router = new GraphNode(
                "router", NodeKind.NODE, List.of(InputPort.required("main")), List.of("x", "y"), JoinRule.DEFAULT);

        assertThat(joinProblems(branch("true", "false")
                        .add(GraphNode.branch("other", "true", "false"))
                        .add(join("ship", JoinRule.ALL_SUCCESS))
                        .connect("start", "other")
                        .connect(from("check", "true", "ship"))
                        .connect(from("other", "false", "ship"))))
                .isEmpty();
        assertThat(joinProblems(FlowGraph.builder()
                        .trigger("start")
                        .add(router)
                        .add(join("ship", JoinRule.ALL_SUCCESS))
                        .connect("start", "router")
                        .connect(from("router", "x", "ship"))
                        .connect(from("router", "y", "ship"))))
                .isEmpty();
    }

    @Test
    void two_ways_from_one_port_of_a_branch_go_together() {
        assertThat(joinProblems(branch("true", "false")
                        .node("a")
                        .node("b")
                        .add(join("ship", JoinRule.ALL_SUCCESS))
                        .connect(from("check", "true", "a"))
                        .connect(from("check", "true", "b"))
                        .connect("a", "ship")
                        .connect("b", "ship")))
                .isEmpty();
    }

    @Test
    void at_least_counts_the_best_port_of_each_branch() {
        FlowGraph.Builder flow = branch("true", "false")
                .node("a")
                .node("b")
                .node("c")
                .connect(from("check", "true", "a"))
                .connect(from("check", "true", "b"))
                .connect(from("check", "false", "c"));
        for (String source : List.of("a", "b", "c", "start")) {
            flow.connect(source, "ship");
        }

        assertThat(joinProblems(flow.add(join("ship", JoinRule.atLeast(3))))).isEmpty();
    }

    @Test
    void at_least_more_than_can_be_taken_together_never_fires() {
        FlowGraph.Builder flow = branch("true", "false")
                .add(join("ship", JoinRule.atLeast(3)))
                .connect("start", "ship")
                .connect(from("check", "true", "ship"))
                .connect(from("check", "false", "ship"));

        assertThat(joinProblems(flow))
                .extracting(Problem::message)
                .containsExactly(
                        "node 'ship' can never run: AT_LEAST(3) needs 3 of its 3 connections, but at most 2 can be"
                                + " taken together, because branch 'check' fires only one of true, false");
    }

    @Test
    void at_least_more_than_there_are_connections_never_fires() {
        FlowGraph.Builder flow = FlowGraph.builder()
                .trigger("start")
                .add(join("ship", JoinRule.atLeast(2)))
                .connect("start", "ship");

        assertThat(joinProblems(flow))
                .containsExactly(new Problem(
                        Problem.Code.JOIN_NEVER_FIRES,
                        Severity.ERROR,
                        "node 'ship' can never run: AT_LEAST(2) with 1 connection",
                        List.of("ship"),
                        "lower the number, or add connections"));
    }

    @Test
    void order_dependencies_are_not_counted() {
        assertThat(joinProblems(FlowGraph.builder()
                        .trigger("start")
                        .node("a")
                        .add(join("ship", JoinRule.atLeast(2)))
                        .connect("start", "a")
                        .connect("start", "ship")
                        .after("ship", "a")))
                .hasSize(1);
        assertThat(joinProblems(branch("true", "false")
                        .node("a")
                        .add(join("ship", JoinRule.ALL_SUCCESS))
                        .connect(from("check", "true", "ship"))
                        .connect(from("check", "false", "a"))
                        .after("ship", "a")))
                .isEmpty();
    }

    @Test
    @DisplayName("S31 back connections are no part of the LOOP's join")
    void back_connections_are_not_counted() {
        FlowGraph.Builder flow = FlowGraph.builder()
                .trigger("start")
                .add(GraphNode.loop("each").withJoin(JoinRule.atLeast(2)))
                .node("work")
                .connect("start", "each")
                .connect(new Connection("each", Ports.LOOP, "work", Ports.MAIN))
                .connect("work", "each");

        assertThat(joinProblems(flow))
                .extracting(Problem::message)
                .containsExactly("node 'each' can never run: AT_LEAST(2) with 1 connection");
    }

    @Test
    void the_error_port_of_a_branch_excludes_its_other_ports() {
        assertThat(joinProblems(branch("true", "false")
                        .add(join("ship", JoinRule.ALL_SUCCESS))
                        .connect(from("check", "true", "ship"))
                        .connect(from("check", Ports.ERROR, "ship"))))
                .hasSize(1);
    }

    @Test
    void every_other_rule_can_do_with_one_of_the_exclusive_ports() {
        for (JoinRule rule : List.of(
                JoinRule.NONE_FAILED,
                JoinRule.NONE_FAILED_MIN_ONE_SUCCESS,
                JoinRule.ANY_SUCCESS,
                JoinRule.atLeast(1),
                JoinRule.ALL_DONE,
                JoinRule.ALL_DONE_MIN_ONE_SUCCESS,
                JoinRule.ANY_FAILED,
                JoinRule.ALL_FAILED)) {
            assertThat(joinProblems(branch("true", "false")
                            .add(join("ship", rule))
                            .connect(from("check", "true", "ship"))
                            .connect(from("check", "false", "ship"))))
                    .as(rule.toString())
                    .isEmpty();
        }
    }

    private static FlowGraph.Builder branch(String... ports) {
        return FlowGraph.builder()
                .trigger("start")
                .add(GraphNode.branch("check", ports))
                .connect("start", "check");
    }

    private static GraphNode join(String id, JoinRule rule) {
        return GraphNode.node(id).withJoin(rule);
    }

    private static GraphNode ports(String id, String... ports) {
        List<InputPort> inputs = Arrays.stream(ports).map(InputPort::required).toList();
        return new GraphNode(id, NodeKind.NODE, inputs, List.of(Ports.MAIN), JoinRule.DEFAULT);
    }

    private static Connection from(String node, String port, String to) {
        return new Connection(node, port, to, Ports.MAIN);
    }

    private static List<Problem> joinProblems(FlowGraph.Builder flow) {
        return DependencyResolver.of(flow.build()).validate().problems().stream()
                .filter(problem -> problem.code() == Problem.Code.JOIN_NEVER_FIRES)
                .toList();
    }
}
