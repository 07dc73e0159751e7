package dev.flowengine.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.internal.digraph.Seeds;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jgrapht.Graph;
import org.jgrapht.alg.connectivity.KosarajuStrongConnectivityInspector;
import org.jgrapht.graph.DefaultEdge;
import org.jgrapht.graph.DirectedPseudograph;
import org.jgrapht.traverse.BreadthFirstIterator;
import org.junit.jupiter.api.Test;

/** Random flows: JGraphT answers the same questions. */
class FlowOracleTest {
    private static final int SHARE = 10;

    @Test
    void transitive_questions_agree_with_jgrapht() {
        Seeds.check(SHARE, random -> {
            FlowGraph flow = RandomFlows.any(random, 4);
            DependencyResolver resolver = DependencyResolver.of(flow);
            Graph<String, DefaultEdge> oracle = oracle(flow);
            for (GraphNode node : flow.nodes()) {
                Set<String> descendants = new HashSet<>();
                oracle.outgoingEdgesOf(node.id())
                        .forEach(edge -> new BreadthFirstIterator<>(oracle, oracle.getEdgeTarget(edge))
                                .forEachRemaining(descendants::add));
                assertThat(resolver.downstream(node.id())).isEqualTo(descendants);
                Set<String> scope = new HashSet<>(descendants);
                scope.add(node.id());
                assertThat(resolver.scopeOf(node.id())).isEqualTo(scope);
                assertThat(resolver.ancestors(node.id())).isEqualTo(ancestors(flow, resolver, node.id()));
            }
        });
    }

    @Test
    void without_loops_every_cyclic_component_is_one_error_with_a_real_cycle() {
        Seeds.check(SHARE, random -> {
            FlowGraph flow = RandomFlows.any(random, 0);
            Graph<String, DefaultEdge> oracle = oracle(flow);
            List<CircularDependency> cycles = DependencyResolver.of(flow).circularDependencies();
            Set<Set<String>> components = new KosarajuStrongConnectivityInspector<>(oracle)
                    .stronglyConnectedSets().stream()
                            .filter(part -> part.size() > 1 || oracle.containsEdge(first(part), first(part)))
                            .collect(Collectors.toSet());
            assertThat(cycles).hasSameSizeAs(components);
            for (CircularDependency cycle : cycles) {
                assertThat(cycle.severity()).isEqualTo(Severity.ERROR);
                assertThat(components).contains(new HashSet<>(cycle.nodes()));
                assertThat(cycle.path())
                        .startsWith(cycle.path().get(cycle.path().size() - 1));
                for (int i = 1; i < cycle.path().size(); i++) {
                    assertThat(oracle.containsEdge(
                                    cycle.path().get(i - 1), cycle.path().get(i)))
                            .isTrue();
                }
                assertThat(new HashSet<>(cycle.path())).hasSize(cycle.path().size() - 1);
            }
        });
    }

    @Test
    void running_what_is_executable_wave_by_wave_gives_the_parallel_groups() {
        Seeds.check(SHARE, random -> {
            FlowGraph flow = RandomFlows.any(random, 4);
            DependencyResolver resolver = DependencyResolver.of(flow);
            if (hasErrors(resolver)) {
                return;
            }
            Set<String> completed = new HashSet<>();
            List<List<String>> waves = new ArrayList<>();
            while (completed.size() < flow.nodes().size()) {
                Set<String> wave = resolver.executableNodes(completed);
                assertThat(wave).isNotEmpty();
                waves.add(List.copyOf(wave));
                completed.addAll(wave);
            }
            assertThat(resolver.parallelGroups()).isEqualTo(waves);
        });
    }

    @Test
    void in_a_topological_order_every_dependency_but_back_connections_leads_forward() {
        Seeds.check(SHARE, random -> {
            FlowGraph flow = RandomFlows.any(random, 4);
            DependencyResolver resolver = DependencyResolver.of(flow);
            if (hasErrors(resolver)) {
                return;
            }
            List<String> order = resolver.topologicalOrder();
            assertThat(order).doesNotHaveDuplicates().hasSameSizeAs(flow.nodes());
            List<Connection> forward = new ArrayList<>(flow.connections());
            forward.removeAll(resolver.backConnections());
            for (Connection connection : forward) {
                assertThat(order.indexOf(connection.from())).isLessThan(order.indexOf(connection.to()));
            }
            for (OrderDependency dependency : flow.orderDependencies()) {
                assertThat(order.indexOf(dependency.from())).isLessThan(order.indexOf(dependency.to()));
            }
        });
    }

    private static boolean hasErrors(DependencyResolver resolver) {
        return resolver.circularDependencies().stream().anyMatch(cycle -> cycle.severity() == Severity.ERROR);
    }

    private static Set<String> ancestors(FlowGraph flow, DependencyResolver resolver, String of) {
        return flow.nodes().stream()
                .map(GraphNode::id)
                .filter(id -> resolver.downstream(id).contains(of))
                .collect(Collectors.toSet());
    }

    private static String first(Set<String> part) {
        return part.iterator().next();
    }

    private static Graph<String, DefaultEdge> oracle(FlowGraph flow) {
        Graph<String, DefaultEdge> oracle = new DirectedPseudograph<>(DefaultEdge.class);
        flow.nodes().forEach(node -> oracle.addVertex(node.id()));
        flow.connections().forEach(connection -> oracle.addEdge(connection.from(), connection.to()));
        flow.orderDependencies().forEach(dependency -> oracle.addEdge(dependency.from(), dependency.to()));
        return oracle;
    }
}
