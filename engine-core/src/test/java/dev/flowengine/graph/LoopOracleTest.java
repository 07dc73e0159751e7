package dev.flowengine.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.internal.digraph.Seeds;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * S31 as it is written, tried out: a flow is legal iff some of the connections into LOOPs can be called back connections
 * so that each of them comes from its LOOP's body, each body keeps apart from what its LOOP's other ports reach, and the
 * rest has no cycle, where what enters a body from outside is an input of the LOOP too.
 */
@DisplayName("S31 against every possible choice of back connections")
class LoopOracleTest {

    @Test
    void a_flow_is_legal_iff_one_choice_of_back_connections_is() {
        int[] seen = new int[3];
        Seeds.check(1, random -> {
            FlowGraph flow = RandomFlows.any(random, 2);
            List<Set<Connection>> readings = readings(flow);
            DependencyResolver resolver = DependencyResolver.of(flow);
            List<CircularDependency> errors = resolver.circularDependencies().stream()
                    .filter(cycle -> cycle.severity() == Severity.ERROR)
                    .toList();
            seen[Math.min(2, readings.size())]++;
            if (readings.isEmpty() || !hasLoopsInEachOther(flow)) {
                assertThat(readings).as(describe(flow)).hasSizeLessThanOrEqualTo(1);
                assertThat(errors.isEmpty()).as("%s %s", describe(flow), errors).isEqualTo(readings.size() == 1);
            }
            if (errors.isEmpty()) {
                Set<Connection> back = new HashSet<>(resolver.backConnections());
                assertThat(readings).as(describe(flow)).contains(back);
                for (GraphNode loop : loops(flow)) {
                    assertThat(resolver.loopBody(loop.id())).isEqualTo(body(flow, back, loop.id()));
                }
            }
        });
        assertThat(seen[0]).isPositive();
        assertThat(seen[1]).isPositive();
    }

    private static List<Set<Connection>> readings(FlowGraph flow) {
        Set<String> loops = loops(flow).stream().map(GraphNode::id).collect(Collectors.toSet());
        List<Connection> candidates = flow.connections().stream()
                .filter(connection -> loops.contains(connection.to()))
                .toList();
        List<Set<Connection>> readings = new ArrayList<>();
        for (int choice = 0; choice < 1 << candidates.size(); choice++) {
            Set<Connection> back = new HashSet<>();
            for (int i = 0; i < candidates.size(); i++) {
                if ((choice >> i & 1) == 1) {
                    back.add(candidates.get(i));
                }
            }
            if (isLegal(flow, back)) {
                readings.add(back);
            }
        }
        return readings;
    }

    private static boolean isLegal(FlowGraph flow, Set<Connection> back) {
        for (Connection connection : back) {
            if (connection.from().equals(connection.to())
                    || !body(flow, back, connection.to()).contains(connection.from())) {
                return false;
            }
        }
        return loops(flow).stream().allMatch(loop -> keepsApart(flow, back, loop.id()))
                && isAcyclic(withInputsOfLoops(flow, back), back);
    }

    private static boolean keepsApart(FlowGraph flow, Set<Connection> back, String loop) {
        Set<String> body = body(flow, back, loop);
        return reached(flow, back, loop, connection -> !connection.fromPort().equals(Ports.LOOP), true).stream()
                .noneMatch(body::contains);
    }

    private static boolean isAcyclic(FlowGraph flow, Set<Connection> back) {
        return flow.nodes().stream()
                .noneMatch(node ->
                        reached(flow, back, node.id(), connection -> true, true).contains(node.id()));
    }

    /** What enters a body from outside also counts as an input of the LOOP. */
    private static FlowGraph withInputsOfLoops(FlowGraph flow, Set<Connection> back) {
        FlowGraph.Builder builder = FlowGraph.builder();
        flow.nodes().forEach(builder::add);
        flow.connections().forEach(builder::connect);
        flow.orderDependencies().forEach(dependency -> builder.after(dependency.to(), dependency.from()));
        for (GraphNode loop : loops(flow)) {
            Set<String> body = body(flow, back, loop.id());
            for (GraphNode node : flow.nodes()) {
                if (!body.contains(node.id()) && !node.equals(loop) && leadsInto(flow, back, node.id(), body)) {
                    builder.after(loop.id(), node.id());
                }
            }
        }
        return builder.build();
    }

    private static boolean leadsInto(FlowGraph flow, Set<Connection> back, String from, Set<String> body) {
        return flow.connections().stream()
                        .anyMatch(connection -> !back.contains(connection)
                                && connection.from().equals(from)
                                && body.contains(connection.to()))
                || flow.orderDependencies().stream()
                        .anyMatch(dependency -> dependency.from().equals(from) && body.contains(dependency.to()));
    }

    /** Where two LOOPs lie in each other's bodies, connections from outside decide, or the flow is refused. */
    private static boolean hasLoopsInEachOther(FlowGraph flow) {
        return loops(flow).stream()
                .map(GraphNode::id)
                .anyMatch(one -> loops(flow).stream()
                        .map(GraphNode::id)
                        .anyMatch(other -> !one.equals(other)
                                && body(flow, intoLoop(flow, one), one).contains(other)
                                && body(flow, intoLoop(flow, other), other).contains(one)));
    }

    private static Set<Connection> intoLoop(FlowGraph flow, String loop) {
        return flow.connections().stream()
                .filter(connection -> connection.to().equals(loop))
                .collect(Collectors.toSet());
    }

    private static Set<String> body(FlowGraph flow, Set<Connection> back, String loop) {
        return reached(flow, back, loop, connection -> connection.fromPort().equals(Ports.LOOP), false);
    }

    /** What a node reaches by some of its own connections (and its order dependencies), then by any. */
    private static Set<String> reached(
            FlowGraph flow, Set<Connection> back, String start, Predicate<Connection> first, boolean orders) {
        Set<String> reached = new HashSet<>();
        for (Connection connection : flow.connections()) {
            if (connection.from().equals(start) && first.test(connection) && !back.contains(connection)) {
                reached.add(connection.to());
            }
        }
        for (OrderDependency dependency : flow.orderDependencies()) {
            if (orders && dependency.from().equals(start)) {
                reached.add(dependency.to());
            }
        }
        boolean grew = true;
        while (grew) {
            grew = false;
            for (Connection connection : flow.connections()) {
                grew |= !back.contains(connection)
                        && reached.contains(connection.from())
                        && reached.add(connection.to());
            }
            for (OrderDependency dependency : flow.orderDependencies()) {
                grew |= reached.contains(dependency.from()) && reached.add(dependency.to());
            }
        }
        return reached;
    }

    private static List<GraphNode> loops(FlowGraph flow) {
        return flow.nodes().stream()
                .filter(node -> node.kind() == NodeKind.LOOP)
                .toList();
    }

    private static String describe(FlowGraph flow) {
        return "LOOPs " + loops(flow).stream().map(GraphNode::id).toList() + " " + flow.connections() + " "
                + flow.orderDependencies();
    }
}
