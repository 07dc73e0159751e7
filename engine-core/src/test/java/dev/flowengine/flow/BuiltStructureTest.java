package dev.flowengine.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.graph.Connection;
import dev.flowengine.graph.GraphNode;
import dev.flowengine.graph.InputPort;
import dev.flowengine.graph.JoinRule;
import dev.flowengine.graph.NodeKind;
import dev.flowengine.graph.OrderDependency;
import dev.flowengine.node.Output;
import dev.flowengine.node.Port;
import dev.flowengine.node.TypeRef;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("what the typed builder makes of its handles: ports, connections, types")
class BuiltStructureTest {
    private final FlowBuilder f = Flow.builder("built");
    private final TriggerRef<Integer> start = f.trigger("start", Integer.class);

    @Test
    void the_only_input_of_a_node_is_its_port_main() {
        f.node("a", start, n -> n);

        Flow flow = f.build();

        assertThat(shape(flow, "a").inputs()).containsExactly(InputPort.required("main"));
        assertThat(shape(flow, "a").outputs()).containsExactly("main");
        assertThat(flow.graph().connections()).containsExactly(Connection.of("start", "a"));
    }

    @Test
    void each_of_several_inputs_has_a_port_named_by_what_feeds_it() {
        BranchRef<Integer> branch = f.branch("size", start).when("big", n -> n > 1);
        f.node("a", InputSpec.of(start, branch.on("big"), start, f.optional(start)), in -> 0);

        Flow flow = f.build();

        assertThat(shape(flow, "a").inputs())
                .containsExactly(
                        InputPort.required("start"),
                        InputPort.required("size.big"),
                        InputPort.required("start#2"),
                        InputPort.optional("start#3"));
        assertThat(flow.graph().connections())
                .contains(
                        new Connection("start", "main", "a", "start"),
                        new Connection("size", "big", "a", "size.big"),
                        new Connection("start", "main", "a", "start#2"),
                        new Connection("start", "main", "a", "start#3"));
    }

    @Test
    void a_node_id_that_looks_like_a_port_of_another_node_gets_a_port_name_of_its_own() {
        NodeRef<Integer> odd = f.node("size.big", start, n -> n);
        BranchRef<Integer> branch = f.branch("size", start).when("big", n -> n > 1);
        f.node("a", odd, branch.on("big"), Integer::sum);

        assertThat(shape(f.build(), "a").inputs())
                .containsExactly(InputPort.required("size.big"), InputPort.required("size.big#2"));
    }

    @Test
    void a_merge_has_one_port_for_its_alternatives_and_a_collect_one_that_collects() {
        NodeRef<Integer> a = f.node("a", start, n -> n);
        f.merge("merged", a, start);
        f.collect("collected", a, start);

        Flow flow = f.build();

        assertThat(shape(flow, "merged").inputs()).containsExactly(InputPort.required("main"));
        assertThat(shape(flow, "collected").inputs()).containsExactly(InputPort.collecting("main"));
        assertThat(flow.graph().connections())
                .containsSubsequence(
                        Connection.of("a", "merged"),
                        Connection.of("start", "merged"),
                        Connection.of("a", "collected"),
                        Connection.of("start", "collected"));
    }

    @Test
    void the_same_source_twice_in_a_merge_is_one_connection() {
        f.merge("merged", start, start);

        assertThat(f.build().graph().connections()).containsExactly(Connection.of("start", "merged"));
    }

    @Test
    void after_orders_without_a_port_once_for_each_node() {
        NodeRef<Integer> a = f.node("a", start, n -> n);
        BranchRef<Integer> branch =
                f.branch("size", start).when("big", n -> n > 1).after(a);
        f.node("b", InputSpec.none(), in -> 1).after(a, branch.on("big"), a);

        Flow flow = f.build();

        assertThat(shape(flow, "b").inputs()).isEmpty();
        assertThat(flow.graph().orderDependencies())
                .containsExactly(
                        new OrderDependency("a", "size"),
                        new OrderDependency("a", "b"),
                        new OrderDependency("size", "b"));
    }

    @Test
    void the_ports_of_branches_and_routers_are_declared_in_order() {
        f.branch("size", start)
                .when("big", n -> n > 9)
                .when("middling", n -> n > 3)
                .otherwise("small");
        f.router("route", start, List.of(Port.of("x", Integer.class), Port.of("y", String.class)), (n, out) -> {});

        Flow flow = f.build();

        assertThat(shape(flow, "size").kind()).isEqualTo(NodeKind.BRANCH);
        assertThat(shape(flow, "size").outputs()).containsExactly("big", "middling", "small");
        assertThat(shape(flow, "route").kind()).isEqualTo(NodeKind.NODE);
        assertThat(shape(flow, "route").outputs()).containsExactly("x", "y");
    }

    @ParameterizedTest
    @EnumSource(JoinRule.Kind.class)
    @DisplayName("S12 under a join that may fire without a value on a port, every port is optional")
    void a_join_decides_whether_ports_are_required(JoinRule.Kind kind) {
        JoinRule rule = kind == JoinRule.Kind.AT_LEAST ? JoinRule.atLeast(2) : new JoinRule(kind, 0);
        NodeRef<Integer> a = f.node("a", start, n -> n);
        f.node("joined", InputSpec.of(start, a).join(rule), in -> 0);

        GraphNode joined = shape(f.build(), "joined");

        boolean needsAll = kind == JoinRule.Kind.DEFAULT || kind == JoinRule.Kind.ALL_SUCCESS;
        assertThat(joined.join()).isEqualTo(rule);
        assertThat(joined.inputs()).hasSize(2).allMatch(port -> port.required() == needsAll);
    }

    @Test
    void all_success_can_be_asked_of_a_node_of_fixed_arity() {
        NodeRef<Integer> a = f.node("a", start, n -> n);
        f.node("b", start, a, Integer::sum).allSuccess();

        assertThat(shape(f.build(), "b").join()).isEqualTo(JoinRule.ALL_SUCCESS);
    }

    @Test
    void types_follow_the_handles() {
        TypeRef<List<Integer>> list = new TypeRef<>() {};
        NodeRef<List<Integer>> a = f.node("a", start, n -> List.of(n)).returns(list);
        NodeRef<Integer> b = f.node("b", a, List::size).returns(Integer.class);
        f.merge("same", start, b);
        f.node("two", a, f.optional(b), (l, n) -> l.size()).returns(Integer.class);
        f.action("act", a, l -> {});

        Flow flow = f.build();

        assertThat(outputType(flow, "start", "main")).contains(TypeRef.of(Integer.class));
        assertThat(inputType(flow, "a", "main")).contains(TypeRef.of(Integer.class));
        assertThat(outputType(flow, "a", "main")).contains(list);
        assertThat(inputType(flow, "b", "main")).contains(list);
        assertThat(outputType(flow, "same", "main")).contains(TypeRef.of(Integer.class));
        assertThat(inputType(flow, "same", "main")).contains(TypeRef.of(Integer.class));
        assertThat(inputType(flow, "two", "a")).contains(list);
        assertThat(inputType(flow, "two", "b")).contains(TypeRef.of(Integer.class));
        assertThat(outputType(flow, "act", "main")).contains(TypeRef.of(Void.class));
    }

    @Test
    void a_type_is_unknown_where_it_was_not_declared_or_sources_differ() {
        NodeRef<Integer> untyped = f.node("untyped", start, n -> n);
        NodeRef<Long> other = f.node("other", untyped, n -> 1L).returns(Long.class);
        NodeRef<Number> mixed = f.merge("mixed", start, other);
        NodeRef<List<Integer>> collected = f.collect("collected", start, untyped);

        Flow flow = f.build();

        assertThat(List.of(untyped.type(), mixed.type(), collected.type())).containsOnly(Optional.empty());
        assertThat(outputType(flow, "untyped", "main")).isEmpty();
        assertThat(inputType(flow, "other", "main")).isEmpty();
        assertThat(inputType(flow, "mixed", "main")).isEmpty();
        assertThat(inputType(flow, "collected", "main")).isEmpty();
    }

    @Test
    void a_type_declared_late_is_seen_by_handles_and_inputs_made_before() {
        NodeRef<Integer> late = f.node("late", start, n -> n);
        BranchRef<Integer> branch = f.branch("size", late);
        Output<Integer> big = branch.on("big");
        f.node("reader", late, n -> n);

        assertThat(big.type()).isEmpty();
        late.returns(Integer.class);
        branch.when("big", n -> n > 1);
        Flow flow = f.build();

        assertThat(late.type()).contains(TypeRef.of(Integer.class));
        assertThat(big.type()).contains(TypeRef.of(Integer.class));
        assertThat(inputType(flow, "reader", "main")).contains(TypeRef.of(Integer.class));
        assertThat(outputType(flow, "size", "big")).contains(TypeRef.of(Integer.class));
    }

    @Test
    void a_type_declared_late_reaches_through_merges_and_branches() {
        NodeRef<Integer> late = f.node("late", start, n -> n);
        NodeRef<Integer> merged = f.merge("merged", late, start);
        BranchRef<Integer> branch =
                f.branch("size", merged).when("big", n -> n > 1).otherwise("small");
        NodeRef<Integer> again = f.merge("again", branch.on("big"), branch.on("small"));
        f.node("reader", again, n -> n);

        assertThat(again.type()).isEmpty();
        late.returns(Integer.class);
        assertThat(again.type()).contains(TypeRef.of(Integer.class));
        Flow flow = f.build();

        assertThat(again.type()).contains(TypeRef.of(Integer.class));
        assertThat(outputType(flow, "merged", "main")).contains(TypeRef.of(Integer.class));
        assertThat(inputType(flow, "size", "main")).contains(TypeRef.of(Integer.class));
        assertThat(outputType(flow, "size", "small")).contains(TypeRef.of(Integer.class));
        assertThat(inputType(flow, "reader", "main")).contains(TypeRef.of(Integer.class));
    }

    @Test
    void a_type_declared_on_a_merge_counts_more_than_those_of_its_sources() {
        NodeRef<Long> longs = f.node("longs", start, n -> 1L).returns(Long.class);
        NodeRef<Number> merged = f.merge("merged", start, longs);
        NodeRef<Number> declared = f.<Number>merge("declared", start, longs).returns(Number.class);

        assertThat(merged.type()).isEmpty();
        assertThat(declared.type()).contains(TypeRef.of(Number.class));
    }

    @Test
    void types_pass_through_any_number_of_merges_and_branches() {
        Output<Integer> last = start;
        for (int i = 0; i < 20_000; i++) {
            BranchRef<Integer> branch = f.branch("b" + i, last).when("x", n -> n > 1);
            last = f.merge("m" + i, branch.on("x"), branch.on("x"));
        }
        Output<Integer> end = last;
        f.build();

        assertThat(end.type()).contains(TypeRef.of(Integer.class));
    }

    @Test
    void handles_know_node_port_and_type_and_say_what_they_are() {
        NodeRef<Integer> a = f.node("a", start, n -> n).returns(Integer.class);
        BranchRef<Integer> branch = f.branch("size", a).when("big", n -> n > 1);
        Port<String> port = Port.of("words", String.class);
        RouterRef router = f.router("route", a, List.of(port), (n, out) -> {});

        assertThat(List.of(
                        start.nodeId(),
                        a.nodeId(),
                        branch.on("big").nodeId(),
                        router.on(port).nodeId()))
                .containsExactly("start", "a", "size", "route");
        assertThat(List.of(
                        start.port(),
                        a.port(),
                        branch.on("big").port(),
                        router.on(port).port()))
                .containsExactly("main", "main", "big", "words");
        assertThat(router.on(port).type()).contains(TypeRef.of(String.class));
        assertThat(f.optional(a).type()).isEmpty();
        assertThat(f.optional(branch.on("big")).port()).isEqualTo("big");
        assertThat(List.of(start, a, branch, branch.on("big"), router).stream().map(Object::toString))
                .containsExactly(
                        "trigger 'start'", "node 'a'", "branch 'size'", "port 'big' of node 'size'", "router 'route'");
    }

    @Test
    void what_a_handle_configures_is_in_the_definition() {
        f.node("a", start, n -> n).cpuBound().keep();
        f.branch("b", start).when("x", n -> true).cpuBound().keep();
        f.router("c", start, List.of(Port.of("y", Integer.class)), (n, out) -> {})
                .cpuBound()
                .keep();
        f.node("plain", start, n -> n);

        Flow flow = f.build();

        assertThat(flow.nodes())
                .filteredOn(NodeDefinition::isCpuBound)
                .extracting(NodeDefinition::id)
                .containsExactly("a", "b", "c");
        assertThat(flow.nodes())
                .filteredOn(NodeDefinition::isKept)
                .extracting(NodeDefinition::id)
                .containsExactly("a", "b", "c");
    }

    private static GraphNode shape(Flow flow, String node) {
        return flow.node(node).orElseThrow().shape();
    }

    private static Optional<TypeRef<?>> inputType(Flow flow, String node, String port) {
        return flow.node(node).orElseThrow().inputType(port);
    }

    private static Optional<TypeRef<?>> outputType(Flow flow, String node, String port) {
        return flow.node(node).orElseThrow().outputType(port);
    }
}
