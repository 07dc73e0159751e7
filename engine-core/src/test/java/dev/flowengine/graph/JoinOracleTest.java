package dev.flowengine.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.internal.digraph.Seeds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Runs small flows with every combination of ports their branches can fire. */
@DisplayName("S30 joins that can never fire, against every choice of every branch")
class JoinOracleTest {
    private static final int SHARE = 4;
    private static final List<String> PORTS = List.of("a", "b", Ports.ERROR);

    @Test
    void what_is_reported_never_fires() {
        int[] reported = {0};
        Seeds.check(SHARE, random -> {
            FlowGraph flow = flow(random, false);
            for (Problem problem : joinProblems(flow)) {
                reported[0]++;
                assertThat(firesEver(flow, problem.nodes().get(0)))
                        .as("%s %s", flow.connections(), problem.message())
                        .isFalse();
            }
        });
        assertThat(reported[0]).isPositive();
    }

    @Test
    void where_every_other_node_has_one_input_what_never_fires_is_reported() {
        int[] silent = {0};
        Seeds.check(SHARE, random -> {
            FlowGraph flow = flow(random, true);
            GraphNode last = flow.nodes().get(flow.nodes().size() - 1);
            if (last.join().equals(JoinRule.DEFAULT)) {
                return;
            }
            boolean fires = firesEver(flow, last.id());
            silent[0] += fires ? 1 : 0;
            assertThat(joinProblems(flow)).as("%s %s", last, flow.connections()).hasSize(fires ? 0 : 1);
        });
        assertThat(silent[0]).isPositive();
    }

    private static List<Problem> joinProblems(FlowGraph flow) {
        return DependencyResolver.of(flow).validate().problems().stream()
                .filter(problem -> problem.code() == Problem.Code.JOIN_NEVER_FIRES)
                .toList();
    }

    private static FlowGraph flow(RandomGenerator random, boolean tree) {
        int nodes = 3 + random.nextInt(6);
        FlowGraph.Builder flow = FlowGraph.builder().trigger("n0");
        List<GraphNode> added = new ArrayList<>(List.of(GraphNode.trigger("n0")));
        for (int i = 1; i < nodes; i++) {
            boolean last = i == nodes - 1;
            GraphNode node = last || (!tree && random.nextInt(4) == 0)
                    ? joining("n" + i, random)
                    : random.nextBoolean() ? GraphNode.branch("n" + i, "a", "b") : GraphNode.node("n" + i);
            int connections = tree && !last ? 1 : 1 + random.nextInt(4);
            for (int c = 0; c < connections; c++) {
                GraphNode source = added.get(random.nextInt(added.size()));
                String port = source.kind() == NodeKind.BRANCH ? PORTS.get(random.nextInt(3)) : Ports.MAIN;
                String input =
                        node.inputs().get(random.nextInt(node.inputs().size())).name();
                flow.connect(new Connection(source.id(), port, node.id(), input));
            }
            flow.add(node);
            added.add(node);
        }
        return flow.build();
    }

    private static GraphNode joining(String id, RandomGenerator random) {
        List<JoinRule> rules =
                List.of(JoinRule.DEFAULT, JoinRule.ALL_SUCCESS, JoinRule.atLeast(2), JoinRule.atLeast(3));
        List<InputPort> inputs = List.of(InputPort.required("x"), InputPort.required("y"), InputPort.optional("z"));
        JoinRule rule = rules.get(random.nextInt(rules.size()));
        return new GraphNode(id, NodeKind.NODE, inputs, List.of(Ports.MAIN), rule);
    }

    private static boolean firesEver(FlowGraph flow, String node) {
        List<GraphNode> branches = flow.nodes().stream()
                .filter(candidate -> candidate.kind() == NodeKind.BRANCH)
                .toList();
        int choices = (int) Math.pow(PORTS.size(), branches.size());
        return IntStream.range(0, choices).anyMatch(choice -> {
            Map<String, String> fired = new HashMap<>();
            int rest = choice;
            for (GraphNode branch : branches) {
                fired.put(branch.id(), PORTS.get(rest % PORTS.size()));
                rest /= PORTS.size();
            }
            return ran(flow, fired).get(node);
        });
    }

    /** Which nodes run, given the port each branch fires; nodes are declared after their sources. */
    private static Map<String, Boolean> ran(FlowGraph flow, Map<String, String> fired) {
        Map<String, Boolean> ran = new HashMap<>();
        for (GraphNode node : flow.nodes()) {
            List<Connection> incoming = flow.connections().stream()
                    .filter(connection -> connection.to().equals(node.id()))
                    .toList();
            List<Connection> taken = incoming.stream()
                    .filter(connection -> ran.get(connection.from())
                            && fired.getOrDefault(connection.from(), Ports.MAIN).equals(connection.fromPort()))
                    .toList();
            ran.put(node.id(), runs(node, incoming, taken));
        }
        return ran;
    }

    private static boolean runs(GraphNode node, List<Connection> incoming, List<Connection> taken) {
        return switch (node.join().kind()) {
            case ALL_SUCCESS -> taken.size() == incoming.size();
            case AT_LEAST -> taken.size() >= node.join().threshold();
            default ->
                node.inputs().stream()
                        .filter(InputPort::required)
                        .filter(port ->
                                incoming.stream().anyMatch(c -> c.toPort().equals(port.name())))
                        .allMatch(
                                port -> taken.stream().anyMatch(c -> c.toPort().equals(port.name())));
        };
    }
}
