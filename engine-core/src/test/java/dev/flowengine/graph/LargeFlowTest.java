package dev.flowengine.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Sizes at which anything recursive or quadratic would not come back. */
class LargeFlowTest {

    @Test
    void a_flow_of_a_hundred_thousand_nodes_is_built_and_validated() {
        int nodes = 100_000;
        FlowGraph.Builder flow = FlowGraph.builder().trigger("n0");
        for (int i = 1; i < nodes; i++) {
            flow.add(i % 10 == 0 ? GraphNode.branch("n" + i, "main", "other") : GraphNode.node("n" + i));
            flow.connect("n" + i / 3, "n" + i).connect("n" + (i - 1), "n" + i);
        }
        DependencyResolver resolver = DependencyResolver.of(flow.build());

        assertThat(resolver.validate().problems()).isEmpty();
        assertThat(resolver.topologicalOrder()).hasSize(nodes);
        assertThat(resolver.scopeOf("n0")).hasSize(nodes);
    }

    @Test
    void a_chain_of_a_million_nodes_is_validated() {
        int nodes = 1_000_000;
        FlowGraph.Builder flow = FlowGraph.builder().trigger("n0");
        for (int i = 1; i < nodes; i++) {
            flow.node("n" + i).connect("n" + (i - 1), "n" + i);
        }
        DependencyResolver resolver = DependencyResolver.of(flow.build());

        assertThat(resolver.validate().problems()).isEmpty();
        assertThat(resolver.parallelGroups()).hasSize(nodes);
        assertThat(resolver.executableNodes(Set.of("n0"))).containsExactly("n1");
    }

    @Test
    void an_illegal_cycle_of_a_hundred_thousand_nodes_is_shown() {
        int nodes = 100_000;
        FlowGraph.Builder flow = FlowGraph.builder();
        for (int i = 0; i < nodes; i++) {
            flow.node("n" + i).connect("n" + i, "n" + (i + 1) % nodes);
        }
        List<CircularDependency> cycles = DependencyResolver.of(flow.build()).circularDependencies();

        assertThat(cycles).hasSize(1);
        assertThat(cycles.get(0).nodes()).hasSize(nodes);
        assertThat(cycles.get(0).path())
                .hasSize(nodes + 1)
                .startsWith("n0", "n1")
                .endsWith("n0");
        assertThat(cycles.get(0).severity()).isEqualTo(Severity.ERROR);
    }

    @Test
    void a_dense_illegal_component_is_shown_by_one_short_cycle() {
        int nodes = 1_000;
        FlowGraph.Builder flow = FlowGraph.builder();
        for (int i = 0; i < nodes; i++) {
            flow.node("n" + i);
            for (int j = 1; j <= 100; j++) {
                flow.connect("n" + i, "n" + (i + j) % nodes).connect("n" + (i + j) % nodes, "n" + i);
            }
        }
        List<CircularDependency> cycles = DependencyResolver.of(flow.build()).circularDependencies();

        assertThat(cycles).hasSize(1);
        assertThat(cycles.get(0).path()).containsExactly("n0", "n1", "n0");
    }

    @Test
    void thirty_thousand_loops_one_after_the_other_are_legal() {
        int loops = 30_000;
        FlowGraph.Builder flow = FlowGraph.builder().trigger("start").connect("start", "each0");
        for (int i = 0; i < loops; i++) {
            flow.add(GraphNode.loop("each" + i)).node("a" + i).node("b" + i);
            flow.connect(loop("each" + i, "a" + i)).connect("a" + i, "b" + i).connect("b" + i, "each" + i);
            if (i > 0) {
                flow.connect(new Connection("each" + (i - 1), Ports.DONE, "each" + i, Ports.MAIN));
            }
        }
        DependencyResolver resolver = DependencyResolver.of(flow.build());

        assertThat(resolver.validate().warnings()).hasSize(loops);
        assertThat(resolver.validate().isValid()).isTrue();
        assertThat(resolver.topologicalOrder()).hasSize(3 * loops + 1).endsWith("b" + (loops - 1));
    }

    @Test
    void ten_thousand_loops_inside_one_loop_are_legal() {
        int loops = 10_000;
        FlowGraph.Builder flow = FlowGraph.builder().trigger("start").add(GraphNode.loop("outer"));
        flow.connect("start", "outer").connect(loop("outer", "each0"));
        for (int i = 0; i < loops; i++) {
            flow.add(GraphNode.loop("each" + i)).node("a" + i);
            flow.connect(loop("each" + i, "a" + i)).connect("a" + i, "each" + i);
            String next = i == loops - 1 ? "outer" : "each" + (i + 1);
            flow.connect(new Connection("each" + i, Ports.DONE, next, Ports.MAIN));
        }
        DependencyResolver resolver = DependencyResolver.of(flow.build());

        assertThat(resolver.circularDependencies()).hasSize(1);
        assertThat(resolver.circularDependencies().get(0).severity()).isEqualTo(Severity.WARNING);
        assertThat(resolver.loopBody("outer")).hasSize(2 * loops);
    }

    @Test
    void loops_nested_a_thousand_deep_are_legal() {
        int depth = 1_000;
        FlowGraph.Builder flow = FlowGraph.builder().trigger("start").connect("start", "each0");
        for (int i = 0; i < depth; i++) {
            flow.add(GraphNode.loop("each" + i)).node("work" + i).connect(loop("each" + i, "work" + i));
            flow.connect("work" + i, "each" + i);
            if (i > 0) {
                flow.connect("work" + (i - 1), "each" + i);
                flow.connect(new Connection("each" + i, Ports.DONE, "each" + (i - 1), Ports.BREAK));
            }
        }
        DependencyResolver resolver = DependencyResolver.of(flow.build());

        assertThat(resolver.circularDependencies()).hasSize(1);
        assertThat(resolver.circularDependencies().get(0).severity()).isEqualTo(Severity.WARNING);
        assertThat(resolver.backConnections()).hasSize(2 * depth - 1);
        assertThat(resolver.loopBody("each0")).hasSize(2 * depth - 1);
    }

    @Test
    void a_hundred_thousand_branches_in_a_row_that_all_lead_to_one_join_are_judged() {
        int branches = 100_000;
        FlowGraph.Builder flow = FlowGraph.builder().trigger("b0");
        flow.add(GraphNode.node("join").withJoin(JoinRule.atLeast(2)));
        for (int i = 1; i < branches; i++) {
            flow.add(GraphNode.branch("b" + i, "on", "off"));
            flow.connect(new Connection("b" + (i - 1), i == 1 ? Ports.MAIN : "on", "b" + i, Ports.MAIN));
            flow.connect(new Connection("b" + i, "off", "join", Ports.MAIN));
        }

        List<Problem> problems = DependencyResolver.of(flow.build()).validate().problems();

        assertThat(problems).extracting(Problem::code).containsExactly(Problem.Code.JOIN_NEVER_FIRES);
        assertThat(problems.get(0).message())
                .isEqualTo(
                        "node 'join' can never run: AT_LEAST(2) needs 2 of its 99999 connections, but at most 1 can be"
                                + " taken together, because branch 'b1' fires only one of on, off");
    }

    @Test
    void a_hundred_thousand_wrong_ids_are_all_reported() {
        int wrong = 100_000;
        FlowGraph.Builder flow = FlowGraph.builder().trigger("start");
        for (int i = 0; i < wrong; i++) {
            flow.node("n" + i).connect("start", "n" + i).connect("start", "m" + i);
        }

        assertThat(DependencyResolver.of(flow.build()).validate().errors()).hasSize(wrong);
    }

    private static Connection loop(String from, String to) {
        return new Connection(from, Ports.LOOP, to, Ports.MAIN);
    }
}
