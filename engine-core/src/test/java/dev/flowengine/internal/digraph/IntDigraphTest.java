package dev.flowengine.internal.digraph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.BitSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class IntDigraphTest {

    @Test
    void edges_of_a_node_keep_the_order_they_were_given_in() {
        IntDigraph graph = graph(4, 0, 3, 1, 3, 0, 1, 0, 2, 0, 3);

        assertThat(graph.nodes()).isEqualTo(4);
        assertThat(graph.edges()).isEqualTo(5);
        assertThat(outEdges(graph, 0)).containsExactly(0, 2, 3, 4);
        assertThat(outEdges(graph.reversed(), 3)).containsExactly(0, 1, 4);
        assertThat(graph.inDegree(3)).isEqualTo(3);
        assertThat(graph.inEdge(3, 1)).isEqualTo(1);
        assertThat(graph.successor(0, 1)).isEqualTo(1);
        assertThat(graph.predecessor(3, 1)).isEqualTo(1);
        assertThat(graph.source(4)).isZero();
        assertThat(graph.target(4)).isEqualTo(3);
    }

    @Test
    void later_changes_to_the_given_arrays_do_not_show() {
        int[] from = {0};
        int[] to = {1};
        IntDigraph graph = IntDigraph.of(3, from, to);

        from[0] = 2;
        to[0] = 2;

        assertThat(graph.source(0)).isZero();
        assertThat(graph.target(0)).isEqualTo(1);
    }

    @Test
    void arrays_of_different_length_are_refused() {
        assertThatThrownBy(() -> IntDigraph.of(2, new int[] {0, 1}, new int[] {1}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("2 sources but 1 targets: every edge needs both");
    }

    @Test
    void an_edge_to_a_node_that_is_not_there_is_refused() {
        assertThatThrownBy(() -> graph(2, 0, 2)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> graph(2, -1, 1)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void positions_beyond_the_edges_of_a_node_are_refused() {
        IntDigraph graph = graph(3, 0, 1, 1, 2);

        assertThatThrownBy(() -> graph.successor(0, 1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> graph.reachableFrom(3)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void reachability_includes_the_starts_and_leaves_them_unchanged() {
        IntDigraph graph = graph(6, 0, 1, 1, 2, 3, 2, 4, 5, 5, 4);
        BitSet starts = bits(1, 4);

        assertThat(graph.reachableFrom(0)).isEqualTo(bits(0, 1, 2));
        assertThat(graph.reachableFrom(starts)).isEqualTo(bits(1, 2, 4, 5));
        assertThat(starts).isEqualTo(bits(1, 4));
        assertThat(graph.reaching(2)).isEqualTo(bits(0, 1, 2, 3));
        assertThat(graph.reaching(bits(1, 5))).isEqualTo(bits(0, 1, 4, 5));
    }

    @Test
    void among_the_nodes_that_could_come_next_the_lowest_does() {
        assertThat(graph(5, 4, 1, 0, 3).topologicalOrder()).containsExactly(0, 2, 3, 4, 1);
        assertThat(graph(200, 199, 0, 130, 64).topologicalOrder())
                .containsExactly(IntStream.concat(
                                IntStream.concat(
                                        IntStream.range(1, 64),
                                        IntStream.concat(IntStream.range(65, 131), IntStream.of(64))),
                                IntStream.concat(IntStream.range(131, 200), IntStream.of(0)))
                        .toArray());
    }

    @Test
    void a_topological_order_leaves_out_cycles_and_what_they_lead_to() {
        IntDigraph graph = graph(5, 0, 1, 1, 2, 2, 1, 2, 3);

        assertThat(graph.topologicalOrder()).containsExactly(0, 4);
        assertThat(graph.levels()).containsExactly(0, -1, -1, -1, 0);
    }

    @Test
    void levels_follow_the_longest_path() {
        IntDigraph graph = graph(5, 0, 4, 0, 1, 1, 2, 2, 4, 0, 2);

        assertThat(graph.levels()).containsExactly(0, 1, 2, 0, 3);
        assertThat(Levels.of(graph, node -> node == 1 ? 0 : 5)).containsExactly(0, 5, 5, 0, 10);
    }

    @Test
    void components_come_successors_first_with_ascending_members() {
        Components components = graph(6, 0, 1, 1, 2, 2, 0, 2, 3, 3, 4, 4, 3).components();

        assertThat(components.count()).isEqualTo(3);
        assertThat(components.of(3)).isLessThan(components.of(0));
        assertThat(components.members(components.of(1))).containsExactly(0, 1, 2);
        assertThat(components.members(components.of(4))).containsExactly(3, 4);
        assertThat(components.size(components.of(5))).isEqualTo(1);
    }

    @Test
    void a_self_loop_is_seen_and_makes_no_component_larger() {
        IntDigraph graph = graph(2, 0, 1, 1, 1);

        assertThat(graph.hasSelfLoop(0)).isFalse();
        assertThat(graph.hasSelfLoop(1)).isTrue();
        assertThat(graph.components().count()).isEqualTo(2);
        assertThat(graph.topologicalOrder()).containsExactly(0);
    }

    @Test
    void a_graph_without_nodes_has_answers_too() {
        IntDigraph graph = graph(0);

        assertThat(graph.topologicalOrder()).isEmpty();
        assertThat(graph.levels()).isEmpty();
        assertThat(graph.components().count()).isZero();
        assertThat(graph.reachableFrom(new BitSet()).isEmpty()).isTrue();
    }

    @Test
    void a_chain_of_a_million_nodes_does_not_overflow_the_stack() {
        int nodes = 1_000_000;
        int[] from = IntStream.range(0, nodes - 1).toArray();
        int[] to = IntStream.range(1, nodes).toArray();
        IntDigraph chain = IntDigraph.of(nodes, from, to);

        assertThat(chain.reachableFrom(0).cardinality()).isEqualTo(nodes);
        assertThat(chain.topologicalOrder()).isEqualTo(IntStream.range(0, nodes).toArray());
        assertThat(chain.levels()[nodes - 1]).isEqualTo(nodes - 1);
        assertThat(chain.components().count()).isEqualTo(nodes);
    }

    @Test
    void a_ring_of_a_million_nodes_is_one_component() {
        int nodes = 1_000_000;
        IntDigraph ring = IntDigraph.of(
                nodes,
                IntStream.range(0, nodes).toArray(),
                IntStream.range(0, nodes).map(node -> (node + 1) % nodes).toArray());

        assertThat(ring.components().count()).isEqualTo(1);
        assertThat(ring.topologicalOrder()).isEmpty();
    }

    private static IntDigraph graph(int nodes, int... ends) {
        int[] from = IntStream.range(0, ends.length / 2).map(i -> ends[2 * i]).toArray();
        int[] to = IntStream.range(0, ends.length / 2).map(i -> ends[2 * i + 1]).toArray();
        return IntDigraph.of(nodes, from, to);
    }

    private static int[] outEdges(IntDigraph graph, int node) {
        return IntStream.range(0, graph.outDegree(node))
                .map(i -> graph.outEdge(node, i))
                .toArray();
    }

    private static BitSet bits(int... nodes) {
        return IntStream.of(nodes).collect(BitSet::new, BitSet::set, BitSet::or);
    }
}
