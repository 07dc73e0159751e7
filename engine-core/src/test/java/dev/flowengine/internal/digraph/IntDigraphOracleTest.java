package dev.flowengine.internal.digraph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jgrapht.Graph;
import org.jgrapht.alg.connectivity.KosarajuStrongConnectivityInspector;
import org.jgrapht.graph.DefaultEdge;
import org.jgrapht.graph.DirectedPseudograph;
import org.jgrapht.traverse.BreadthFirstIterator;
import org.junit.jupiter.api.Test;

/** Random graphs, each pass compared with JGraphT or with the definition of what it computes. */
class IntDigraphOracleTest {
    private static final int SHARE = 10;

    @Test
    void reachability_agrees_with_jgrapht() {
        Seeds.check(SHARE, random -> {
            IntDigraph graph = randomGraph(random);
            Graph<Integer, DefaultEdge> oracle = oracle(graph);
            for (int start = 0; start < graph.nodes(); start++) {
                Set<Integer> reached = new HashSet<>();
                new BreadthFirstIterator<>(oracle, start).forEachRemaining(reached::add);
                assertThat(nodes(graph.reachableFrom(start))).isEqualTo(reached);
                int target = start;
                assertThat(nodes(graph.reaching(start)))
                        .isEqualTo(
                                where(graph, node -> graph.reachableFrom(node).get(target)));
            }
        });
    }

    @Test
    void components_agree_with_jgrapht_and_are_in_reverse_topological_order() {
        Seeds.check(SHARE, random -> {
            IntDigraph graph = randomGraph(random);
            Components components = graph.components();
            Set<Set<Integer>> found = IntStream.range(0, components.count())
                    .mapToObj(component ->
                            IntStream.of(components.members(component)).boxed().collect(Collectors.toSet()))
                    .collect(Collectors.toSet());
            assertThat(found)
                    .isEqualTo(new HashSet<>(
                            new KosarajuStrongConnectivityInspector<>(oracle(graph)).stronglyConnectedSets()));
            for (int edge = 0; edge < graph.edges(); edge++) {
                assertThat(components.of(graph.target(edge))).isLessThanOrEqualTo(components.of(graph.source(edge)));
            }
        });
    }

    @Test
    void a_topological_order_has_exactly_the_nodes_no_cycle_leads_to_and_every_edge_leads_forward() {
        Seeds.check(SHARE, random -> {
            IntDigraph graph = randomGraph(random);
            int[] order = graph.topologicalOrder();
            int[] place = new int[graph.nodes()];
            for (int i = 0; i < order.length; i++) {
                place[order[i]] = i + 1;
            }
            Set<Integer> cyclic = where(graph, node -> reachesItself(graph, node));
            Set<Integer> ordered = where(
                    graph,
                    node -> cyclic.stream()
                            .noneMatch(c -> graph.reachableFrom(c).get(node)));
            assertThat(IntStream.of(order).boxed().collect(Collectors.toSet())).isEqualTo(ordered);
            assertThat(order.length).isEqualTo(ordered.size());
            for (int edge = 0; edge < graph.edges(); edge++) {
                if (place[graph.target(edge)] > 0) {
                    assertThat(place[graph.source(edge)]).isBetween(1, place[graph.target(edge)] - 1);
                }
            }
            assertThat(order.length == graph.nodes()).isEqualTo(!hasCycle(graph));
        });
    }

    @Test
    void every_level_above_zero_has_a_predecessor_just_below_and_none_at_or_above() {
        Seeds.check(SHARE, random -> {
            IntDigraph graph = randomGraph(random);
            int[] levels = graph.levels();
            for (int node : graph.topologicalOrder()) {
                int highest = -1;
                for (int i = 0; i < graph.inDegree(node); i++) {
                    highest = Math.max(highest, levels[graph.predecessor(node, i)]);
                }
                assertThat(levels[node]).isEqualTo(highest + 1);
            }
        });
    }

    private static boolean reachesItself(IntDigraph graph, int node) {
        return IntStream.range(0, graph.outDegree(node))
                .anyMatch(i -> graph.reachableFrom(graph.successor(node, i)).get(node));
    }

    private static boolean hasCycle(IntDigraph graph) {
        return IntStream.range(0, graph.nodes()).anyMatch(node -> reachesItself(graph, node));
    }

    private static IntDigraph randomGraph(RandomGenerator random) {
        int nodes = 1 + random.nextInt(12);
        int edges = random.nextInt(2 * nodes);
        boolean acyclic = random.nextInt(3) == 0;
        int[] from = new int[edges];
        int[] to = new int[edges];
        for (int edge = 0; edge < edges; edge++) {
            int one = random.nextInt(nodes);
            int other = random.nextInt(nodes);
            from[edge] = acyclic ? Math.min(one, other) : one;
            to[edge] = acyclic ? Math.min(nodes - 1, Math.max(one, other) + (one == other ? 1 : 0)) : other;
            if (acyclic && from[edge] == to[edge]) {
                from[edge] = 0;
                to[edge] = nodes == 1 ? 0 : nodes - 1;
            }
        }
        return IntDigraph.of(nodes, from, to);
    }

    private static Graph<Integer, DefaultEdge> oracle(IntDigraph graph) {
        Graph<Integer, DefaultEdge> oracle = new DirectedPseudograph<>(DefaultEdge.class);
        IntStream.range(0, graph.nodes()).forEach(oracle::addVertex);
        IntStream.range(0, graph.edges()).forEach(edge -> oracle.addEdge(graph.source(edge), graph.target(edge)));
        return oracle;
    }

    private static Set<Integer> nodes(BitSet bits) {
        return bits.stream().boxed().collect(Collectors.toSet());
    }

    private static Set<Integer> where(IntDigraph graph, IntPredicate wanted) {
        return IntStream.range(0, graph.nodes()).filter(wanted).boxed().collect(Collectors.toSet());
    }
}
