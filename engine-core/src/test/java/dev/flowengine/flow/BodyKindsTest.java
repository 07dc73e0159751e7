package dev.flowengine.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.graph.JoinRule;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.SkipReason;
import dev.flowengine.node.Input;
import dev.flowengine.node.NodeContext;
import dev.flowengine.node.Output;
import dev.flowengine.node.Port;
import dev.flowengine.node.TypeRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class BodyKindsTest {
    private final FlowBuilder f = Flow.builder("kinds");
    private final TriggerRef<Integer> start = f.trigger("start", Integer.class);

    @Test
    void a_node_takes_one_two_or_three_inputs_in_the_order_given() throws Exception {
        NodeRef<Integer> one = f.node("one", start, n -> n + 1);
        NodeRef<String> two = f.node("two", one, start, (a, b) -> a + ":" + b);
        NodeRef<String> three = f.node("three", two, start, one, (a, b, c) -> a + "|" + b + "|" + c);

        assertThat(outcome(5).output(three)).isEqualTo("6:5|5|6");
    }

    @Test
    void a_node_of_many_inputs_reads_them_by_handle() throws Exception {
        NodeRef<String> a = f.node("a", start, n -> "a" + n);
        NodeRef<Integer> b = f.node("b", start, n -> n * 2);
        NodeRef<String> all =
                f.node("all", InputSpec.of(a, b, start, a), in -> in.get(a) + (in.get(b) + in.get(start)) + in.ports());

        assertThat(outcome(5).output(all)).isEqualTo("a515[a, b, start, a#2]");
    }

    @Test
    void a_context_node_sees_its_context_beside_its_input() throws Exception {
        NodeRef<String> told = f.contextNode("told", start, (Integer n, NodeContext context) -> n + context.nodeId());
        NodeRef<String> inputs = f.contextNode(
                "inputs",
                InputSpec.of(start, told),
                (in, context) ->
                        in.get(told) + in.get(start) + context.execution().startNodeId());

        assertThat(outcome(1).output(inputs)).isEqualTo("1told1start");
    }

    @Test
    void an_async_node_delivers_later() throws Exception {
        NodeRef<Integer> later = f.asyncNode("later", start, n -> CompletableFuture.completedFuture(n + 1));
        NodeRef<Integer> sum = f.asyncNode(
                "sum",
                InputSpec.of(start, later),
                in -> CompletableFuture.completedFuture(in.get(start) + in.get(later)));

        assertThat(outcome(4).output(sum)).isEqualTo(9);
    }

    @Test
    @DisplayName("S10 an action fires main with null, and null is a value")
    void an_action_fires_null() throws Exception {
        List<Object> seen = new CopyOnWriteArrayList<>();
        NodeRef<Void> act = f.action("act", start, seen::add);
        NodeRef<Void> actOnMany = f.action("actOnMany", InputSpec.of(start, act), in -> seen.add(in.get(start) + 1));
        NodeRef<Boolean> after = f.node("after", actOnMany, Objects::isNull);

        assertThat(outcome(7).output(after)).isTrue();
        assertThat(seen).containsExactly(7, 8);
    }

    @Test
    @DisplayName("S10 a port is fired by emitting to it, null included; not emitting is not firing")
    void a_router_fires_the_ports_it_emits_to() throws Exception {
        Port<Integer> even = Port.of("even", Integer.class);
        Port<List<String>> words = new Port<>("words", new TypeRef<List<String>>() {});
        Port<String> nothing = Port.of("nothing", String.class);
        RouterRef route = f.router("route", start, List.of(even, words, nothing), (n, out) -> {
            out.emit(even, n);
            out.emit(words, null);
        });
        NodeRef<Integer> onEven = f.node("onEven", route.on(even), n -> n);
        NodeRef<Boolean> onWords = f.node("onWords", route.on(words), list -> list == null);
        NodeRef<Integer> onNothing = f.node("onNothing", route.on(nothing), String::length);

        ExecutionResult result = outcome(2);

        assertThat(result.output(onEven)).isEqualTo(2);
        assertThat(result.output(onWords)).isTrue();
        assertThat(skipReason(result, onNothing)).contains(SkipReason.BRANCH_NOT_TAKEN);
    }

    @Test
    void a_router_of_many_inputs_reads_them_by_handle() throws Exception {
        NodeRef<Integer> ten = f.node("ten", start, n -> 10);
        Port<Integer> sum = Port.of("sum", Integer.class);
        RouterRef route = f.router(
                "route",
                InputSpec.of(start, ten),
                List.of(sum),
                (in, out) -> out.emit(sum, in.get(start) + in.get(ten)));

        assertThat(outcome(1).output(route.on(sum))).isEqualTo(11);
    }

    @Test
    void a_branch_passes_its_value_on_through_the_first_port_whose_condition_holds() throws Exception {
        BranchRef<Integer> branch = f.branch("size", start)
                .when("big", n -> n > 100)
                .when("middling", n -> n > 10)
                .otherwise("small");
        NodeRef<Integer> big = f.node("onBig", branch.on("big"), n -> n);
        NodeRef<Integer> middling = f.node("onMiddling", branch.on("middling"), n -> n);
        NodeRef<Integer> small = f.node("onSmall", branch.on("small"), n -> n);

        List<NodeRef<Integer>> ends = List.of(big, middling, small);
        Flow flow = f.build();

        assertThat(reached(flow, 500, ends)).containsExactly("onBig");
        assertThat(reached(flow, 50, ends)).containsExactly("onMiddling");
        assertThat(reached(flow, 5, ends)).containsExactly("onSmall");
    }

    @Test
    void a_branch_without_otherwise_fires_nothing_when_no_condition_holds() throws Exception {
        BranchRef<Integer> branch = f.branch("size", start).when("big", n -> n > 100);
        NodeRef<Integer> big = f.node("onBig", branch.on("big"), n -> n);

        ExecutionResult result = outcome(1);

        assertThat(result.status()).isEqualTo(ExecutionStatus.COMPLETED);
        assertThat(result.outputs("size").asMap()).isEmpty();
        assertThat(skipReason(result, big)).contains(SkipReason.BRANCH_NOT_TAKEN);
    }

    @Test
    @DisplayName("S15 a merge passes on the first taken value, a collect all of them, in declaration order")
    void merge_and_collect_keep_the_order_of_declaration() throws Exception {
        NodeRef<Integer> slow = f.node("slow", f.node("hop", start, n -> n), n -> n + 1);
        NodeRef<Integer> quick = f.node("quick", start, n -> n + 2);
        NodeRef<Integer> merged = f.merge("merged", slow, quick);
        NodeRef<List<Integer>> collected = f.collect("collected", slow, quick, start);

        ExecutionResult result = outcome(0);

        assertThat(result.output(merged)).isEqualTo(1);
        assertThat(result.output(collected)).containsExactly(1, 2, 0);
    }

    @Test
    void an_input_made_optional_is_empty_when_nothing_arrives() throws Exception {
        BranchRef<Integer> branch =
                f.branch("size", start).when("big", n -> n > 100).otherwise("small");
        NodeRef<String> both = f.node(
                "both", f.optional(branch.on("big")), start, (Optional<Integer> big, Integer n) -> big + "/" + n);

        Flow flow = f.build();

        assertThat(Runs.run(flow, start, 5).output(both)).isEqualTo("Optional.empty/5");
        assertThat(Runs.run(flow, start, 500).output(both)).isEqualTo("Optional[500]/500");
    }

    @Test
    void every_kind_of_body_takes_an_input_made_optional() throws Exception {
        NodeRef<Integer> none = f.node("none", start, n -> null);
        OptionalInput<Integer> maybe = f.optional(none);
        List<Object> seen = new CopyOnWriteArrayList<>();
        Port<Object> port = Port.of("out", Object.class);
        NodeRef<Object> context = f.contextNode("context", maybe, (value, ignored) -> value);
        NodeRef<Object> async = f.asyncNode("async", maybe, CompletableFuture::completedFuture);
        f.action("action", maybe, seen::add);
        RouterRef router = f.router("router", maybe, List.of(port), (value, out) -> out.emit(port, value));
        NodeRef<Object> inputs = f.node("inputs", InputSpec.of(maybe, start), in -> in.get(maybe));
        NodeRef<Object> third = f.node("third", start, start, maybe, (a, b, value) -> value);

        ExecutionResult result = outcome(1);

        List<Output<Object>> outputs = List.of(context, async, router.on(port), inputs, third);
        assertThat(outputs)
                .allSatisfy(output -> assertThat(result.output(output)).isEqualTo(Optional.empty()));
        assertThat(seen).containsExactly(Optional.empty());
    }

    @Test
    void under_a_join_that_may_miss_values_each_input_says_what_arrived() throws Exception {
        NodeRef<Integer> broken = f.node("broken", start, n -> Integer.parseInt("none"));
        BranchRef<Integer> branch = f.branch("size", start).when("big", n -> n > 100);
        NodeRef<List<Input.State>> all =
                f.node("all", InputSpec.of(start, broken, branch.on("big")).join(JoinRule.ALL_DONE), in -> {
                    List<Input.State> states = new ArrayList<>();
                    states.add(in.input(start).state());
                    states.add(in.input(broken).state());
                    states.add(in.input(branch.on("big")).state());
                    return states;
                });

        assertThat(outcome(1).output(all)).containsExactly(Input.State.PRESENT, Input.State.FAILED, Input.State.ABSENT);
    }

    @Test
    @DisplayName("S11 an order-only dependency waits until its source is settled, without a value")
    void a_node_starts_after_those_it_was_ordered_after() throws Exception {
        NodeRef<Integer> first = f.node("first", f.node("hop", start, n -> n), n -> n);
        NodeRef<Integer> second = f.node("second", start, n -> n).after(first, first);

        ExecutionResult result = outcome(1);

        assertThat(result.executionPath()).containsSubsequence("first", "second");
        assertThat(result.output(second)).isEqualTo(1);
    }

    private ExecutionResult outcome(int data) throws InterruptedException {
        return Runs.run(f.build(), start, data);
    }

    private List<String> reached(Flow flow, int data, List<NodeRef<Integer>> ends) throws InterruptedException {
        List<String> path = Runs.run(flow, start, data).executionPath();
        return ends.stream().map(NodeRef::nodeId).filter(path::contains).toList();
    }

    private static Optional<SkipReason> skipReason(ExecutionResult result, NodeRef<?> node) {
        return result.snapshot().node(node.nodeId()).orElseThrow().skipReason();
    }
}
