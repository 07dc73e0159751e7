package dev.flowengine.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("S31 which cycles are legal loops")
class LoopRulesTest {

    @Test
    void a_body_that_leads_back_to_its_loop_is_a_legal_loop() {
        DependencyResolver resolver = resolver(simpleLoop());

        assertThat(resolver.circularDependencies())
                .containsExactly(new CircularDependency(
                        List.of("each", "work"), List.of("each", "work", "each"), Severity.WARNING));
        assertThat(resolver.backConnections()).containsExactly(Connection.of("work", "each"));
        assertThat(resolver.loopBody("each")).containsExactly("work");
        assertThat(resolver.validate().isValid()).isTrue();
        assertThat(resolver.validate().problems())
                .containsExactly(new Problem(
                        Problem.Code.CYCLE,
                        Severity.WARNING,
                        "loop 'each' repeats each → work → each",
                        List.of("each", "work", "each"),
                        "nothing, if these nodes are meant to repeat; otherwise remove the connection back to 'each'"));
    }

    @Test
    void a_loop_without_a_back_connection_is_no_cycle_at_all() {
        DependencyResolver resolver = resolver(flow("start", "*each", "work", "dead-end", "after")
                .connect("start", "each")
                .connect(loop("each", "work"))
                .connect("work", "dead-end")
                .connect(done("each", "after")));

        assertThat(resolver.circularDependencies()).isEmpty();
        assertThat(resolver.validate().problems()).isEmpty();
        assertThat(resolver.loopBody("each")).containsExactly("work", "dead-end");
    }

    @Test
    void a_connection_to_break_is_a_back_connection() {
        DependencyResolver resolver = resolver(flow("start", "*each", "work")
                .connect("start", "each")
                .connect(loop("each", "work"))
                .connect(new Connection("work", Ports.MAIN, "each", Ports.BREAK)));

        assertThat(severities(resolver)).containsExactly(Severity.WARNING);
        assertThat(resolver.backConnections()).hasSize(1);
    }

    @Test
    void what_enters_the_body_from_before_the_loop_is_legal_and_comes_before_the_loop() {
        DependencyResolver resolver = resolver(flow("start", "*each", "work", "rates")
                .connect("start", "each")
                .connect("start", "rates")
                .connect("rates", "work")
                .connect(loop("each", "work"))
                .connect("work", "each"));

        assertThat(severities(resolver)).containsExactly(Severity.WARNING);
        assertThat(resolver.topologicalOrder()).containsExactly("start", "rates", "each", "work");
    }

    @Test
    void a_body_that_meets_what_done_reaches_is_an_error_though_nothing_leads_back() {
        DependencyResolver resolver = resolver(flow("start", "*each", "work", "after")
                .connect("start", "each")
                .connect(loop("each", "work"))
                .connect(done("each", "after"))
                .connect("after", "work"));

        assertThat(resolver.circularDependencies())
                .containsExactly(new CircularDependency(
                        List.of("each", "work", "after"), List.of("each", "after", "work", "each"), Severity.ERROR));
        assertThat(onlyError(resolver).message())
                .isEqualTo("circular dependency each → after → work → each: a node of a LOOP's body waits for what only"
                        + " comes after, or in another LOOP beside it");
    }

    @Test
    void a_loop_with_a_back_connection_whose_done_leads_into_the_body_is_reported_once_as_an_error() {
        DependencyResolver resolver = resolver(simpleLoop().connect(done("each", "work")));

        assertThat(resolver.circularDependencies())
                .containsExactly(new CircularDependency(
                        List.of("each", "work"), List.of("each", "work", "each"), Severity.ERROR));
    }

    @Test
    void a_dead_end_of_the_body_that_done_reaches_too_is_an_error() {
        DependencyResolver resolver =
                resolver(simpleLoop().node("report").connect("work", "report").connect(done("each", "report")));

        assertThat(paths(resolver)).containsExactly("ERROR each → report → each");
    }

    @Test
    void what_the_error_port_reaches_must_not_enter_the_body() {
        DependencyResolver resolver = resolver(simpleLoop()
                .node("repair")
                .connect(new Connection("each", Ports.ERROR, "repair", Ports.MAIN))
                .connect("repair", "work"));

        assertThat(paths(resolver)).containsExactly("ERROR each → repair → work → each");
    }

    @Test
    void what_is_ordered_after_the_loop_must_not_enter_the_body() {
        DependencyResolver resolver =
                resolver(simpleLoop().node("later").after("later", "each").connect("later", "work"));

        assertThat(paths(resolver)).containsExactly("ERROR each → later → work → each");
    }

    @Test
    void a_loop_reached_again_from_its_done_port_is_an_error_that_shows_that_way() {
        DependencyResolver resolver = resolver(
                simpleLoop().node("again").connect(done("each", "again")).connect("again", "each"));

        assertThat(resolver.circularDependencies())
                .containsExactly(new CircularDependency(
                        List.of("each", "work", "again"), List.of("each", "again", "each"), Severity.ERROR));
        assertThat(resolver.backConnections()).isEmpty();
    }

    @Test
    void a_node_connected_to_itself_is_an_error() {
        DependencyResolver resolver =
                resolver(flow("start", "a").connect("start", "a").connect("a", "a"));

        assertThat(resolver.circularDependencies())
                .containsExactly(new CircularDependency(List.of("a"), List.of("a", "a"), Severity.ERROR));
        assertThat(onlyError(resolver).message())
                .isEqualTo("circular dependency a → a: a node cannot depend on itself");
    }

    @Test
    void a_loop_connected_to_itself_is_an_error_by_whatever_port() {
        assertThat(paths(resolver(simpleLoop().connect(loop("each", "each"))))).containsExactly("ERROR each → each");
        assertThat(paths(
                        resolver(flow("start", "*each").connect("start", "each").connect(loop("each", "each")))))
                .containsExactly("ERROR each → each");
    }

    @Test
    void a_body_node_connected_to_itself_is_an_error() {
        assertThat(paths(resolver(simpleLoop().connect("work", "work")))).containsExactly("ERROR work → work");
    }

    @Test
    void a_cycle_without_a_loop_is_an_error() {
        DependencyResolver resolver = resolver(flow("start", "a", "b", "c")
                .connect("start", "a")
                .connect("a", "b")
                .connect("b", "c")
                .connect("c", "a"));

        assertThat(onlyError(resolver))
                .isEqualTo(new Problem(
                        Problem.Code.CYCLE,
                        Severity.ERROR,
                        "circular dependency a → b → c → a: no LOOP is left by its port 'loop' on this way",
                        List.of("a", "b", "c", "a"),
                        "remove one of these connections, or put a LOOP on the way that leads out by its port 'loop'"));
    }

    @Test
    void a_cycle_inside_a_body_that_passes_no_loop_is_an_error_that_shows_that_cycle() {
        DependencyResolver resolver =
                resolver(simpleLoop().node("check").connect("work", "check").connect("check", "work"));

        assertThat(resolver.circularDependencies())
                .containsExactly(new CircularDependency(
                        List.of("each", "work", "check"), List.of("work", "check", "work"), Severity.ERROR));
    }

    @Test
    void an_order_dependency_from_the_body_back_to_the_loop_is_an_error() {
        DependencyResolver resolver = resolver(simpleLoop().after("each", "work"));

        assertThat(paths(resolver)).containsExactly("ERROR each → work → each");
        assertThat(onlyError(resolver).suggestedResolution())
                .isEqualTo("remove the order dependency; only connections may lead from the body back to the LOOP");
    }

    @Test
    void order_dependencies_close_cycles_like_connections_do() {
        DependencyResolver resolver = resolver(
                flow("start", "a", "b").connect("start", "a").connect("a", "b").after("a", "b"));

        assertThat(paths(resolver)).containsExactly("ERROR a → b → a");
    }

    @Test
    void order_dependencies_extend_a_body() {
        DependencyResolver resolver =
                resolver(simpleLoop().node("second").after("second", "work").connect("second", "each"));

        assertThat(severities(resolver)).containsExactly(Severity.WARNING);
        assertThat(resolver.loopBody("each")).containsExactly("work", "second");
    }

    @Test
    void a_loop_nested_in_another_is_legal() {
        DependencyResolver resolver = resolver(nestedLoops());

        assertThat(severities(resolver)).containsExactly(Severity.WARNING);
        assertThat(resolver.loopBody("outer")).containsExactly("inner", "work", "sum");
        assertThat(resolver.loopBody("inner")).containsExactly("work");
        assertThat(resolver.backConnections())
                .containsExactly(Connection.of("work", "inner"), Connection.of("sum", "outer"));
        assertThat(resolver.topologicalOrder()).containsExactly("start", "outer", "inner", "work", "sum", "end");
    }

    @Test
    void the_body_of_an_inner_loop_may_use_what_the_outer_body_computed_before() {
        DependencyResolver resolver = resolver(
                nestedLoops().node("rates").connect(loop("outer", "rates")).connect("rates", "work"));

        assertThat(severities(resolver)).containsExactly(Severity.WARNING);
        assertThat(resolver.topologicalOrder())
                .containsExactly("start", "outer", "rates", "inner", "work", "sum", "end");
    }

    @Test
    void what_comes_after_the_inner_loop_must_not_enter_its_body() {
        assertThat(paths(resolver(nestedLoops().connect("sum", "work"))))
                .containsExactly("ERROR inner → sum → work → inner");
    }

    @Test
    void an_inner_body_may_lead_back_to_the_outer_loop() {
        DependencyResolver resolver = resolver(flow("start", "*outer", "*inner", "work")
                .connect("start", "outer")
                .connect(loop("outer", "inner"))
                .connect(loop("inner", "work"))
                .connect("work", "outer"));

        assertThat(severities(resolver)).containsExactly(Severity.WARNING);
        assertThat(resolver.backConnections()).containsExactly(Connection.of("work", "outer"));
    }

    @Test
    void two_loops_in_each_others_bodies_are_an_error_if_both_are_entered() {
        DependencyResolver resolver = resolver(flow("start", "*one", "*two", "shared")
                .connect("start", "one")
                .connect("start", "two")
                .connect(loop("one", "shared"))
                .connect(loop("two", "shared"))
                .connect("shared", "one")
                .connect("shared", "two"));

        assertThat(paths(resolver)).containsExactly("ERROR one → shared → two → shared → one");
        assertThat(onlyError(resolver).suggestedResolution())
                .isEqualTo("lead the inner LOOP on by its port 'done', and connect only the outer one from outside");
    }

    @Test
    void two_loops_beside_each_other_that_share_a_body_node_are_an_error_though_nothing_leads_back() {
        DependencyResolver resolver = resolver(flow("start", "*one", "*two", "shared")
                .connect("start", "one")
                .connect("start", "two")
                .connect(loop("one", "shared"))
                .connect(loop("two", "shared")));

        assertThat(resolver.circularDependencies())
                .containsExactly(new CircularDependency(
                        List.of("one", "two"), List.of("one", "shared", "two", "shared", "one"), Severity.ERROR));
    }

    @Test
    void two_loops_one_after_the_other_are_legal() {
        DependencyResolver resolver = resolver(simpleLoop()
                .add(GraphNode.loop("next"))
                .node("more")
                .connect(done("each", "next"))
                .connect(loop("next", "more"))
                .connect("more", "next"));

        assertThat(paths(resolver)).containsExactly("WARNING each → work → each", "WARNING next → more → next");
        assertThat(resolver.topologicalOrder()).containsExactly("start", "each", "work", "next", "more");
    }

    @Test
    void two_loops_that_lead_into_each_other_by_loop_and_done_are_an_error() {
        DependencyResolver resolver = resolver(flow("start", "*one", "*two")
                .connect("start", "one")
                .connect(loop("one", "two"))
                .connect(done("two", "one"))
                .connect(loop("two", "one"))
                .connect(done("one", "two")));

        assertThat(severities(resolver)).containsExactly(Severity.ERROR);
        assertThat(paths(resolver)).containsExactly("ERROR one → two → one");
    }

    @Test
    void of_such_loops_the_way_that_leaves_one_by_another_port_than_loop_is_shown() {
        DependencyResolver resolver = resolver(flow("start", "*one", "*two", "in-body", "after")
                .connect("start", "one")
                .connect(loop("one", "in-body"))
                .connect("in-body", "two")
                .connect(done("two", "one"))
                .connect(loop("two", "one"))
                .connect(done("one", "after"))
                .connect("after", "two"));

        assertThat(paths(resolver)).containsExactly("ERROR one → after → two → one");
    }

    @Test
    void a_loop_that_nothing_enters_is_still_legal() {
        DependencyResolver resolver = resolver(FlowGraph.builder()
                .add(GraphNode.loop("each"))
                .node("work")
                .connect(loop("each", "work"))
                .connect("work", "each"));

        assertThat(severities(resolver)).containsExactly(Severity.WARNING);
    }

    @Test
    void cycles_in_different_components_are_all_reported_in_declaration_order() {
        DependencyResolver resolver = resolver(flow("a", "b", "*c", "d", "e")
                .connect("e", "e")
                .connect(loop("c", "d"))
                .connect("d", "c")
                .connect("b", "a")
                .connect("a", "b"));

        assertThat(paths(resolver)).containsExactly("ERROR a → b → a", "WARNING c → d → c", "ERROR e → e");
    }

    @Test
    void an_illegal_cycle_elsewhere_does_not_hide_a_misplaced_loop() {
        DependencyResolver resolver = resolver(flow("a", "b", "*each", "work")
                .connect("a", "b")
                .connect("b", "a")
                .connect("b", "each")
                .connect(loop("each", "work"))
                .connect(done("each", "work")));

        assertThat(paths(resolver)).containsExactly("ERROR a → b → a", "ERROR each → work → each");
    }

    @Test
    void orders_of_an_illegal_cycle_are_refused_with_the_path() {
        DependencyResolver resolver = resolver(flow("a", "b").connect("a", "b").connect("b", "a"));

        assertThatThrownBy(resolver::topologicalOrder)
                .isInstanceOfSatisfying(FlowException.class, refusal -> {
                    assertThat(refusal.kind()).isEqualTo(FailureKind.CIRCULAR_DEPENDENCY);
                    assertThat(refusal.dependencyChain()).containsExactly("a", "b", "a");
                    assertThat(refusal.affectedNodes()).containsExactly("a", "b");
                    assertThat(refusal.suggestedResolution()).isNotEmpty();
                })
                .hasMessageContaining("a → b → a");
        assertThatThrownBy(resolver::parallelGroups).isInstanceOf(FlowException.class);
    }

    @Test
    void what_done_leads_to_comes_after_the_whole_body() {
        DependencyResolver resolver = resolver(flow("start", "after", "*each", "a", "b")
                .connect("start", "each")
                .connect(loop("each", "a"))
                .connect("a", "b")
                .connect("b", "each")
                .connect(done("each", "after")));

        assertThat(resolver.topologicalOrder()).containsExactly("start", "each", "a", "b", "after");
        assertThat(resolver.parallelGroups())
                .containsExactly(List.of("start"), List.of("each"), List.of("a"), List.of("b"), List.of("after"));
    }

    private static FlowGraph.Builder simpleLoop() {
        return flow("start", "*each", "work")
                .connect("start", "each")
                .connect(loop("each", "work"))
                .connect("work", "each");
    }

    private static FlowGraph.Builder nestedLoops() {
        return flow("start", "*outer", "*inner", "work", "sum", "end")
                .connect("start", "outer")
                .connect(loop("outer", "inner"))
                .connect(loop("inner", "work"))
                .connect("work", "inner")
                .connect(done("inner", "sum"))
                .connect("sum", "outer")
                .connect(done("outer", "end"));
    }

    /** A flow with a trigger {@code start} if it is named, a LOOP for each name with a star, and other nodes. */
    private static FlowGraph.Builder flow(String... names) {
        FlowGraph.Builder builder = FlowGraph.builder();
        for (String name : names) {
            if (name.startsWith("*")) {
                builder.add(GraphNode.loop(name.substring(1)));
            } else if (name.equals("start")) {
                builder.trigger(name);
            } else {
                builder.node(name);
            }
        }
        return builder;
    }

    private static Connection loop(String from, String to) {
        return new Connection(from, Ports.LOOP, to, Ports.MAIN);
    }

    private static Connection done(String from, String to) {
        return new Connection(from, Ports.DONE, to, Ports.MAIN);
    }

    private static DependencyResolver resolver(FlowGraph.Builder builder) {
        return DependencyResolver.of(builder.build());
    }

    private static List<Severity> severities(DependencyResolver resolver) {
        return resolver.circularDependencies().stream()
                .map(CircularDependency::severity)
                .toList();
    }

    private static List<String> paths(DependencyResolver resolver) {
        return resolver.circularDependencies().stream()
                .map(cycle -> cycle.severity() + " " + cycle.pathText())
                .toList();
    }

    private static Problem onlyError(DependencyResolver resolver) {
        List<Problem> errors = resolver.validate().errors();
        assertThat(errors).hasSize(1);
        return errors.get(0);
    }
}
