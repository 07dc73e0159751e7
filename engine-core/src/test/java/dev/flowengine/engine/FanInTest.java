package dev.flowengine.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.FlowDefinition;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.graph.Connection;
import dev.flowengine.graph.InputPort;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.testing.Engines;
import dev.flowengine.testing.WithThreads;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class FanInTest {
    private final FlowBuilder f = Flow.builder("fan in");
    private final TriggerRef<Integer> start = f.trigger("start", Integer.class);

    @WithThreads
    @DisplayName("S15 collect lists all taken values in order of declaration, not of completion")
    void collect_keeps_the_order_of_declaration(int threads) {
        List<CompletableFuture<Integer>> stages = new ArrayList<>();
        List<NodeRef<Integer>> sources = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            CompletableFuture<Integer> stage = new CompletableFuture<>();
            stages.add(stage);
            sources.add(f.asyncNode("s" + i, start, n -> stage));
        }
        var none = f.branch("none", start).when("never", n -> false).on("never");
        NodeRef<List<Integer>> all =
                f.collect("all", sources.get(0), sources.get(1), none, sources.get(2), sources.get(3), sources.get(4));
        Flow flow = f.build();
        try (FlowEngine engine = Engines.withThreads(threads)) {
            FlowExecution run = engine.executeFromTrigger(flow, start, 0);
            for (int i : new int[] {3, 1, 4, 0, 2}) {
                stages.get(i).complete(i);
                if (i != 2) {
                    Runs.awaitNode(run, "s" + i, NodeStatus.COMPLETED);
                }
            }
            assertThat(Runs.ended(run).output(all)).containsExactly(0, 1, 2, 3, 4);
        }
    }

    @WithThreads
    @DisplayName(
            "S15 a port for one value takes the first taken connection in order of declaration, and the node runs once")
    void a_single_valued_port_takes_the_first_declared(int threads) {
        AtomicInteger calls = new AtomicInteger();
        CompletableFuture<String> first = new CompletableFuture<>();
        CompletableFuture<String> second = new CompletableFuture<>();
        var never = f.branch("none", start).when("never", n -> false).on("never");
        NodeRef<String> skipped = f.node("skipped", never, n -> "skipped");
        NodeRef<String> merged = f.merge(
                "merged", skipped, f.asyncNode("first", start, n -> first), f.asyncNode("second", start, n -> second));
        NodeRef<Integer> counted = f.node("counted", merged, text -> calls.incrementAndGet());
        Flow flow = f.build();
        try (FlowEngine engine = Engines.withThreads(threads)) {
            FlowExecution run = engine.executeFromTrigger(flow, start, 0);
            second.complete("second");
            Runs.awaitNode(run, "second", NodeStatus.COMPLETED);
            first.complete("first");

            ExecutionResult result = Runs.ended(run);
            assertThat(result.output(merged)).isEqualTo("first");
            assertThat(result.output(counted)).isEqualTo(1);
        }
    }

    @Test
    @DisplayName("S15 a connection drawn twice counts once")
    void a_connection_drawn_twice_counts_once() {
        Flow flow = Flow.definition("twice")
                .trigger("t")
                .add(Nodes.tracing("a"))
                .add(Nodes.collecting("all"))
                .connect("t", "a")
                .connect("a", "all")
                .connect("a", "all")
                .connect("t", "a")
                .build();
        NodeRef<List<Integer>> both = f.collect("both", start, start);
        try (FlowEngine engine = Engines.create()) {
            assertThat(Runs.ended(engine.executeFromTrigger(flow, "t", 1)).output("all", Object.class))
                    .isEqualTo(List.of("1>a"));
            assertThat(Runs.ended(engine.executeFromTrigger(f.build(), start, 1))
                            .output(both))
                    .containsExactly(1);
        }
    }

    @Test
    @DisplayName("S11 two connections between the same two nodes feed two ports")
    void two_connections_between_two_nodes() {
        Flow flow = Flow.definition("both ports")
                .trigger("t")
                .add(Nodes.pair("pair"))
                .connect(new Connection("t", "main", "pair", "left"))
                .connect(new Connection("t", "main", "pair", "right"))
                .build();
        NodeRef<Integer> square = f.node("square", start, start, (a, b) -> a * b);
        try (FlowEngine engine = Engines.create()) {
            assertThat(Runs.ended(engine.executeFromTrigger(flow, "t", 2)).output("pair", String.class))
                    .isEqualTo("2+2");
            assertThat(Runs.ended(engine.executeFromTrigger(f.build(), start, 7))
                            .output(square))
                    .isEqualTo(49);
        }
    }

    @Test
    @DisplayName("S11 each value arrives at the port it is connected to, whatever the order of the connections")
    void input_ports_are_respected() {
        Flow flow = Flow.definition("ports")
                .trigger("t")
                .add(Nodes.tracing("a"))
                .add(Nodes.tracing("b"))
                .add(Nodes.pair("pair"))
                .connect(new Connection("b", "main", "pair", "right"))
                .connect(new Connection("a", "main", "pair", "left"))
                .connect("t", "b")
                .connect("t", "a")
                .build();
        try (FlowEngine engine = Engines.create()) {
            assertThat(Runs.ended(engine.executeFromTrigger(flow, "t", 2)).output("pair", String.class))
                    .isEqualTo("2>a+2>b");
        }
    }

    @WithThreads
    @DisplayName("S15 a fan-in of 1,000 nodes waits for all of them, and runs once")
    void a_fan_in_of_1000_nodes(int threads) {
        FlowDefinition definition = Flow.definition("wide").trigger("t").add(Nodes.collecting("all"));
        List<Object> expected = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            String id = "n" + i;
            definition
                    .add(i % 2 == 0 ? Nodes.tracing(id) : Nodes.passing(id))
                    .connect("t", id)
                    .connect(id, "all");
            expected.add(i % 2 == 0 ? "x>" + id : "x");
        }
        Flow flow = definition.build();
        try (FlowEngine engine = Engines.withThreads(threads)) {
            for (int i = 0; i < 10; i++) {
                assertThat(Runs.ended(engine.executeFromTrigger(flow, "t", "x")).output("all", Object.class))
                        .isEqualTo(expected);
            }
        }
    }

    @WithThreads
    @DisplayName("S11 S15 a fan-in with a single node on one side and 1,000 on the other waits for both sides")
    void a_fan_in_with_1000_nodes_on_one_side(int threads) {
        CompletableFuture<Object> slow = new CompletableFuture<>();
        FlowDefinition definition = Flow.definition("lopsided")
                .trigger("t")
                .add(Nodes.async("one", slow))
                .add(NodeDefinition.builder("join")
                        .inputs(InputPort.required("left"), InputPort.collecting("right"))
                        .body(context -> Arrays.asList(
                                context.inputs().port("left").value(),
                                context.inputs().port("right").value()))
                        .build())
                .connect("t", "one")
                .connect(new Connection("one", "main", "join", "left"));
        List<Object> expected = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            definition
                    .add(Nodes.tracing("n" + i))
                    .connect("t", "n" + i)
                    .connect(new Connection("n" + i, "main", "join", "right"));
            expected.add("x>n" + i);
        }
        try (FlowEngine engine = Engines.withThreads(threads)) {
            FlowExecution run = engine.executeFromTrigger(definition.build(), "t", "x");
            Runs.awaitNode(run, "n999", NodeStatus.COMPLETED);
            assertThat(Runs.states(run.snapshot())).containsEntry("join", "IDLE");
            slow.complete("one");

            assertThat(Runs.ended(run).output("join", Object.class)).isEqualTo(List.of("one", expected));
        }
    }
}
