package dev.flowengine.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class DependencyResolverTest {

    /** The flow of S5: A → N1 → Out and B → N2 → N1. */
    private final DependencyResolver twoTriggers = DependencyResolver.of(FlowGraph.builder()
            .trigger("A")
            .trigger("B")
            .node("N1")
            .node("N2")
            .node("Out")
            .connect("A", "N1")
            .connect("N1", "Out")
            .connect("B", "N2")
            .connect("N2", "N1")
            .build());

    private final DependencyResolver ordered = DependencyResolver.of(FlowGraph.builder()
            .node("late")
            .node("early")
            .node("middle")
            .connect("early", "middle")
            .after("late", "middle")
            .build());

    @Test
    void direct_neighbours_count_connections_and_order_dependencies() {
        assertThat(twoTriggers.dependencies("N1")).containsExactly("A", "N2");
        assertThat(twoTriggers.dependencies("A")).isEmpty();
        assertThat(twoTriggers.dependents("N1")).containsExactly("Out");
        assertThat(twoTriggers.dependents("Out")).isEmpty();
        assertThat(ordered.dependencies("late")).containsExactly("middle");
        assertThat(ordered.dependents("middle")).containsExactly("late");
    }

    @Test
    void ancestors_and_descendants_are_transitive_and_in_declaration_order() {
        assertThat(twoTriggers.ancestors("Out")).containsExactly("A", "B", "N1", "N2");
        assertThat(twoTriggers.downstream("B")).containsExactly("N1", "N2", "Out");
        assertThat(ordered.ancestors("late")).containsExactly("early", "middle");
        assertThat(ordered.downstream("early")).containsExactly("late", "middle");
    }

    @Test
    void a_node_is_its_own_ancestor_only_on_a_cycle() {
        DependencyResolver resolver = DependencyResolver.of(FlowGraph.builder()
                .node("a")
                .node("b")
                .node("c")
                .connect("a", "b")
                .connect("b", "a")
                .connect("b", "c")
                .build());

        assertThat(resolver.ancestors("a")).containsExactly("a", "b");
        assertThat(resolver.downstream("a")).containsExactly("a", "b", "c");
        assertThat(resolver.downstream("c")).isEmpty();
    }

    @Test
    void executable_nodes_are_those_whose_dependencies_are_completed() {
        assertThat(twoTriggers.executableNodes(Set.of())).containsExactly("A", "B");
        assertThat(twoTriggers.executableNodes(Set.of("A"))).containsExactly("B");
        assertThat(twoTriggers.executableNodes(Set.of("A", "B", "N2"))).containsExactly("N1");
        assertThat(twoTriggers.executableNodes(Set.of("A", "B", "N1", "N2", "Out")))
                .isEmpty();
        assertThat(ordered.executableNodes(Set.of("early"))).containsExactly("middle");
    }

    @Test
    @DisplayName("S5 dependencies whose source is out of scope do not count")
    void executable_nodes_of_a_scope_wait_only_for_what_is_in_scope() {
        Set<String> scope = twoTriggers.scopeOf("A");

        assertThat(scope).containsExactly("A", "N1", "Out");
        assertThat(twoTriggers.executableNodes(Set.of(), scope)).containsExactly("A");
        assertThat(twoTriggers.executableNodes(Set.of("A"), scope)).containsExactly("N1");
        assertThat(twoTriggers.executableNodes(Set.of("A", "N1"), scope)).containsExactly("Out");
        assertThat(twoTriggers.executableNodes(Set.of(), Set.of("Out", "N2"))).containsExactly("N2", "Out");
    }

    @Test
    void nodes_on_an_illegal_cycle_never_become_executable() {
        DependencyResolver resolver = DependencyResolver.of(FlowGraph.builder()
                .node("a")
                .node("b")
                .node("c")
                .connect("a", "b")
                .connect("b", "a")
                .build());

        assertThat(resolver.executableNodes(Set.of())).containsExactly("c");
        assertThat(resolver.executableNodes(Set.of("c"))).isEmpty();
        assertThat(resolver.executableNodes(Set.of(), Set.of("b", "c"))).containsExactly("b", "c");
    }

    @Test
    @DisplayName("S31 nobody waits for a back connection, and done waits for the body")
    void executable_nodes_follow_the_order_of_a_loop() {
        DependencyResolver resolver = DependencyResolver.of(FlowGraph.builder()
                .add(GraphNode.loop("each"))
                .node("after")
                .node("work")
                .connect(new Connection("each", Ports.LOOP, "work", Ports.MAIN))
                .connect("work", "each")
                .connect(new Connection("each", Ports.DONE, "after", Ports.MAIN))
                .build());

        assertThat(resolver.executableNodes(Set.of())).containsExactly("each");
        assertThat(resolver.executableNodes(Set.of("each"))).containsExactly("work");
        assertThat(resolver.executableNodes(Set.of("each", "work"))).containsExactly("after");
        assertThat(resolver.executableNodes(Set.of(), Set.of("work", "after"))).containsExactly("after", "work");
    }

    @Test
    @DisplayName("S1 S2 S4 scopes")
    void scopes_reach_forward_and_are_cut_to_the_ancestors_of_a_target() {
        assertThat(twoTriggers.scopeOf("B")).containsExactly("B", "N1", "N2", "Out");
        assertThat(twoTriggers.scopeOfTrigger("B")).containsExactly("B", "N1", "N2", "Out");
        assertThat(twoTriggers.scopeOf("N1")).containsExactly("N1", "Out");
        assertThat(twoTriggers.scopeOf("B", "N1")).containsExactly("B", "N1", "N2");
        assertThat(twoTriggers.scopeOf("B", "B")).containsExactly("B");
        assertThat(ordered.scopeOf("early")).containsExactly("late", "early", "middle");
    }

    @Test
    @DisplayName("S4 a target the start does not lead to is refused")
    void a_target_out_of_reach_is_refused() {
        assertThatThrownBy(() -> twoTriggers.scopeOf("A", "N2"))
                .isInstanceOfSatisfying(FlowException.class, refused(FailureKind.INVALID_DEFINITION, "A", "N2"))
                .hasMessage("node 'N2' cannot be the target of a run from 'A', which does not lead to it");
    }

    @Test
    void an_unknown_node_is_refused_with_the_nearest_ids() {
        assertThatThrownBy(() -> twoTriggers.dependencies("n3"))
                .isInstanceOfSatisfying(FlowException.class, refused(FailureKind.NOT_FOUND, "n3"))
                .hasMessage("there is no node 'n3'; the nearest are N1, N2");
        assertThatThrownBy(() -> twoTriggers.scopeOf("something else"))
                .hasMessage("there is no node 'something else'; the nodes are A, B, N1, N2, Out");
    }

    @Test
    void every_question_refuses_unknown_nodes() {
        Stream<Consumer<String>> questions = Stream.of(
                twoTriggers::dependencies,
                twoTriggers::ancestors,
                twoTriggers::dependents,
                twoTriggers::downstream,
                twoTriggers::scopeOf,
                twoTriggers::loopBody,
                id -> twoTriggers.scopeOf(id, "Out"),
                id -> twoTriggers.scopeOf("A", id),
                id -> twoTriggers.executableNodes(Set.of(id)),
                id -> twoTriggers.executableNodes(Set.of(), Set.of(id)));

        assertThat(questions)
                .allSatisfy(question -> assertThatThrownBy(() -> question.accept("ghost"))
                        .isInstanceOfSatisfying(FlowException.class, refused(FailureKind.NOT_FOUND, "ghost")));
    }

    @Test
    @DisplayName("S1 an unknown trigger is refused with the known ones")
    void an_unknown_trigger_is_refused_with_the_known_ones() {
        assertThatThrownBy(() -> twoTriggers.scopeOfTrigger("C"))
                .isInstanceOfSatisfying(FlowException.class, refused(FailureKind.NOT_FOUND, "C"))
                .hasMessage("there is no trigger 'C'; the triggers are A, B");
        assertThatThrownBy(() -> twoTriggers.scopeOfTrigger("N1"))
                .isInstanceOfSatisfying(FlowException.class, refused(FailureKind.NOT_FOUND, "N1"))
                .hasMessage("node 'N1' is no trigger; the triggers are A, B");
    }

    @Test
    void orders_put_dependencies_first_and_declaration_order_next() {
        assertThat(twoTriggers.topologicalOrder()).containsExactly("A", "B", "N2", "N1", "Out");
        assertThat(ordered.topologicalOrder()).containsExactly("early", "middle", "late");
    }

    @Test
    void groups_can_run_in_parallel() {
        assertThat(twoTriggers.parallelGroups())
                .containsExactly(List.of("A", "B"), List.of("N2"), List.of("N1"), List.of("Out"));
        assertThat(DependencyResolver.of(FlowGraph.builder().build()).parallelGroups())
                .isEmpty();
    }

    @Test
    void only_a_loop_has_a_body() {
        assertThat(twoTriggers.loopBody("A")).isEmpty();
        assertThat(twoTriggers.backConnections()).isEmpty();
        assertThat(twoTriggers.circularDependencies()).isEmpty();
    }

    @Test
    void of_nodes_with_one_id_the_first_counts_and_missing_ends_are_left_out() {
        DependencyResolver resolver = DependencyResolver.of(FlowGraph.builder()
                .trigger("a")
                .node("a")
                .node("b")
                .connect("a", "b")
                .connect("b", "ghost")
                .after("b", "ghost")
                .build());

        assertThat(resolver.topologicalOrder()).containsExactly("a", "b");
        assertThat(resolver.scopeOfTrigger("a")).containsExactly("a", "b");
        assertThat(resolver.dependencies("b")).containsExactly("a");
    }

    @Test
    void several_connections_between_two_nodes_are_one_dependency() {
        DependencyResolver resolver = DependencyResolver.of(FlowGraph.builder()
                .node("a")
                .node("b")
                .connect("a", "b")
                .connect(new Connection("a", Ports.ERROR, "b", Ports.MAIN))
                .after("b", "a")
                .build());

        assertThat(resolver.dependencies("b")).containsExactly("a");
        assertThat(resolver.executableNodes(Set.of("a"))).containsExactly("b");
    }

    @Test
    void answers_cannot_be_changed() {
        assertThatThrownBy(() -> twoTriggers.scopeOf("A").add("B")).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> twoTriggers.topologicalOrder().set(0, "B"))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> twoTriggers.parallelGroups().get(0).clear())
                .isInstanceOf(UnsupportedOperationException.class);
    }

    private static Consumer<FlowException> refused(FailureKind kind, String... nodes) {
        return refusal -> {
            assertThat(refusal.kind()).isEqualTo(kind);
            assertThat(refusal.affectedNodes()).containsExactly(nodes);
            assertThat(refusal.suggestedResolution()).isNotEmpty();
        };
    }
}
