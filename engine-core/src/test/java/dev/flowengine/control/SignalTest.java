package dev.flowengine.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.execution.NodeWait;
import dev.flowengine.flow.ApprovalRef;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.SignalRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.testing.Engines;
import dev.flowengine.testing.VirtualTime;
import dev.flowengine.testing.WithThreads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("S35 a node waits for a signal")
class SignalTest {
    private final Watch watch = new Watch();
    private final VirtualTime time = new VirtualTime();
    private final Gate gate = new Gate();

    /** What somebody says about an order. */
    private record Approval(boolean granted, String by) {}

    private FlowEngine engine(int threads) {
        return time.in(Engines.builder(threads).listener(watch)).build();
    }

    private static Flow order() {
        FlowBuilder f = Flow.builder("order");
        TriggerRef<Integer> t = f.trigger("t", Integer.class);
        SignalRef<Integer, Approval> approval = f.waitForSignal("approval", t, Approval.class);
        f.node("ship", t, approval, (n, said) -> n + " by " + said.by()).returns(String.class);
        return f.build();
    }

    private static FlowExecution waiting(FlowEngine engine, Flow flow) {
        FlowExecution run = engine.executeFromTrigger(flow, "t", 7);
        Watch.awaitStatus(run, ExecutionStatus.WAITING);
        return run;
    }

    @WithThreads
    @DisplayName("the run is WAITING until it arrives, and what it brings is the value of the node")
    void arrives(int threads) {
        try (FlowEngine engine = engine(threads)) {
            FlowExecution run = waiting(engine, order());
            assertThat(Watch.node(run, "approval").waitsFor())
                    .contains(new NodeWait(Optional.empty(), Optional.of("approval"), Optional.empty()));
            assertThat(run.explain("approval"))
                    .isEqualTo("Node 'approval' is WAITING: it waits for signal 'approval', and holds no thread"
                            + " meanwhile.");
            assertThat(engine.signal(run.id(), "approval", new Approval(true, "kim")))
                    .isEqualTo(ExecutionStatus.WAITING);
            ExecutionResult result = watch.ended(run);
            assertThat(result.output("ship", String.class)).isEqualTo("7 by kim");
            assertThat(run.signal("approval", new Approval(true, "late"))).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(engine.signal(run.id(), "approval", new Approval(true, "late"), "id"))
                    .isEqualTo(ExecutionStatus.COMPLETED);
        }
    }

    @WithThreads
    @DisplayName("one that arrives before anybody waits for it is kept")
    void resume_before_suspend(int threads) {
        FlowBuilder f = Flow.builder("early");
        TriggerRef<Integer> t = f.trigger("t", Integer.class);
        NodeRef<Integer> slow = f.contextNode("slow", t, (n, context) -> {
                    gate.hold(context);
                    return n;
                })
                .returns(Integer.class);
        SignalRef<Integer, String> first =
                f.waitForSignal("first", slow, String.class).signal("go");
        SignalRef<String, String> second =
                f.waitForSignal("second", first, String.class).signal("go");
        f.node("both", first, second, (a, b) -> a + b).returns(String.class);
        Flow flow = f.build();
        try (FlowEngine engine = engine(threads)) {
            FlowExecution run = engine.executeFromTrigger(flow, "t", 7);
            gate.awaitEntered();
            run.signal("go", "1");
            run.signal("go", "2");
            run.signal("go", "3");
            gate.open();
            assertThat(watch.ended(run).output("both", String.class)).isEqualTo("12");
        }
    }

    @WithThreads
    @DisplayName("one signal wakes one node, the one that has waited longest")
    void wakes_one(int threads) {
        FlowBuilder f = Flow.builder("queue");
        TriggerRef<Integer> t = f.trigger("t", Integer.class);
        SignalRef<Integer, Integer> one =
                f.waitForSignal("one", t, Integer.class).signal("next");
        NodeRef<Integer> later = f.waitFor("later", t, Duration.ofSeconds(1));
        SignalRef<Integer, Integer> two =
                f.waitForSignal("two", later, Integer.class).signal("next");
        f.node("both", one, two, (a, b) -> 10 * a + b).returns(Integer.class);
        Flow flow = f.build();
        try (FlowEngine engine = engine(threads)) {
            FlowExecution run = waiting(engine, flow);
            time.advance(Duration.ofSeconds(1));
            Watch.awaitNode(run, "two", NodeStatus.WAITING);
            run.signal("next", 1);
            Watch.awaitNode(run, "one", NodeStatus.COMPLETED);
            assertThat(Watch.node(run, "two").status()).isEqualTo(NodeStatus.WAITING);
            run.signal("next", 2);
            assertThat(watch.ended(run).output("both", Integer.class)).isEqualTo(12);
        }
    }

    @WithThreads
    @DisplayName("sent twice under one id it counts once")
    void idempotent(int threads) {
        FlowBuilder f = Flow.builder("twice");
        TriggerRef<Integer> t = f.trigger("t", Integer.class);
        SignalRef<Integer, Integer> one =
                f.waitForSignal("one", t, Integer.class).signal("next");
        SignalRef<Integer, Integer> two =
                f.waitForSignal("two", one, Integer.class).signal("next");
        f.node("both", one, two, (a, b) -> 10 * a + b).returns(Integer.class);
        Flow flow = f.build();
        try (FlowEngine engine = engine(threads)) {
            FlowExecution run = waiting(engine, flow);
            run.signal("next", 1, "order-1");
            run.signal("next", 9, "order-1");
            run.signal("next", 2, "order-2");
            assertThat(watch.ended(run).output("both", Integer.class)).isEqualTo(12);
        }
    }

    @WithThreads
    @DisplayName("or until a deadline: then the port of that name fires with the input, and nothing else")
    void deadline(int threads) {
        FlowBuilder f = Flow.builder("deadline");
        TriggerRef<Integer> t = f.trigger("t", Integer.class);
        SignalRef<Integer, String> answer =
                f.waitForSignal("answer", t, String.class).deadline(Duration.ofHours(1));
        f.node("answered", answer, text -> text).returns(String.class);
        f.node("chased", answer.onDeadline(), n -> "chase " + n).returns(String.class);
        Flow flow = f.build();
        try (FlowEngine engine = engine(threads)) {
            FlowExecution late = waiting(engine, flow);
            assertThat(late.explain("answer")).contains("for signal 'answer', or until 2026-01-01T01:00:00Z");
            time.advance(Duration.ofHours(1));
            assertThat(watch.ended(late).output("chased", String.class)).isEqualTo("chase 7");
            assertThat(Watch.states(late)).containsEntry("answered", NodeStatus.SKIPPED);
            assertThat(Watch.node(late, "answer").firedPorts()).containsExactly("deadline");

            FlowExecution inTime = waiting(engine, flow);
            inTime.signal("answer", "yes");
            assertThat(watch.ended(inTime).output("answered", String.class)).isEqualTo("yes");
            assertThat(Watch.states(inTime)).containsEntry("chased", NodeStatus.SKIPPED);
            assertThat(time.pending()).as("timers that are left").isZero();
        }
    }

    @WithThreads
    @DisplayName("an approval passes the input on through the port of the choice")
    void approval(int threads) {
        Flow flow = review();
        try (FlowEngine engine = engine(threads)) {
            FlowExecution granted = waiting(engine, flow);
            granted.signal("review", "approve");
            assertThat(watch.ended(granted).output("ship", Integer.class)).isEqualTo(7);
            FlowExecution refused = waiting(engine, flow);
            refused.signal("review", "reject");
            assertThat(watch.ended(refused).output("tell", Integer.class)).isEqualTo(-7);
            assertThat(Watch.states(refused)).containsEntry("ship", NodeStatus.SKIPPED);
            FlowExecution forgotten = waiting(engine, flow);
            time.advance(Duration.ofDays(2));
            assertThat(watch.ended(forgotten).output("escalate", Integer.class)).isEqualTo(70);
        }
    }

    private static Flow review() {
        FlowBuilder f = Flow.builder("review");
        TriggerRef<Integer> t = f.trigger("t", Integer.class);
        ApprovalRef<Integer> review =
                f.<Integer>approval("review", t, "approve", "reject").deadline(Duration.ofDays(2));
        f.node("ship", review.on("approve"), n -> n).returns(Integer.class);
        f.node("tell", review.on("reject"), n -> -n).returns(Integer.class);
        f.node("escalate", review.onDeadline(), n -> 10 * n).returns(Integer.class);
        return f.build();
    }

    @Test
    @DisplayName("what no node waits for is refused, with the names of what is known")
    void refused() {
        try (FlowEngine engine = engine(2)) {
            FlowExecution run = waiting(engine, review());
            assertRefused(() -> run.signal("reviews", "approve"), FailureKind.NOT_FOUND, "'reviews'", "review");
            assertRefused(
                    () -> run.signal("review", "perhaps"),
                    FailureKind.INVALID_DEFINITION,
                    "'perhaps'",
                    "approve, reject");
            assertRefused(() -> run.signal("review", 1), FailureKind.INVALID_DEFINITION, "java.lang.Integer");
            assertRefused(() -> run.signal("review", null), FailureKind.INVALID_DEFINITION, "null");
            assertRefused(() -> engine.signal("nobody", "review", "approve"), FailureKind.NOT_FOUND, "nobody");
            assertRefused(
                    () -> run.signal("flowengine.child-ended", "approve"),
                    FailureKind.INVALID_DEFINITION,
                    "'flowengine.child-ended'",
                    "engine's own");
            assertThat(run.status()).isEqualTo(ExecutionStatus.WAITING);

            FlowExecution order = waiting(engine, order());
            assertRefused(
                    () -> order.signal("approval", "yes"),
                    FailureKind.INVALID_DEFINITION,
                    "java.lang.String",
                    Approval.class.getName());
        }
    }

    private static void assertRefused(Runnable signal, FailureKind kind, String... named) {
        assertThatThrownBy(signal::run)
                .asInstanceOf(InstanceOfAssertFactories.type(FlowException.class))
                .satisfies(refused -> {
                    assertThat(refused.kind()).isEqualTo(kind);
                    assertThat(refused).hasMessageContainingAll(named);
                    assertThat(refused.suggestedResolution()).isNotEmpty();
                });
    }

    @WithThreads
    @DisplayName("sent by many at once, each counts once, and none is lost")
    void from_many_threads(int threads) throws Exception {
        int many = 16;
        FlowBuilder f = Flow.builder("many");
        TriggerRef<Integer> t = f.trigger("t", Integer.class);
        List<SignalRef<Integer, Integer>> all = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            all.add(f.waitForSignal("wait" + i, t, Integer.class).signal("next"));
        }
        Flow flow = f.build();
        try (FlowEngine engine = engine(threads)) {
            ExecutorService senders = Executors.newFixedThreadPool(4);
            for (int round = 0; round < 20; round++) {
                FlowExecution run = engine.executeFromTrigger(flow, "t", 7);
                CountDownLatch go = new CountDownLatch(1);
                for (int i = 0; i < many; i++) {
                    int value = i;
                    // Each twice: by whoever is not sure that the first came through.
                    for (int n = 0; n < 2; n++) {
                        senders.execute(() -> {
                            awaitQuietly(go);
                            run.signal("next", value, "id" + value);
                        });
                    }
                }
                go.countDown();
                ExecutionResult result = watch.ended(run);
                assertThat(all.stream()
                                .map(ref -> result.output(ref.nodeId(), Integer.class))
                                .sorted()
                                .toList())
                        .hasSize(many)
                        .doesNotHaveDuplicates();
            }
            senders.shutdownNow();
        }
    }

    private static void awaitQuietly(CountDownLatch go) {
        try {
            go.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    @DisplayName("S30 two nodes may not wait for different things under one name, and ports have to be declared")
    void wrong_definitions() {
        FlowBuilder f = Flow.builder("wrong");
        TriggerRef<Integer> t = f.trigger("t", Integer.class);
        f.waitForSignal("one", t, Integer.class).signal("next");
        f.waitForSignal("two", t, String.class).signal("next");
        assertThatThrownBy(f::build).hasMessageContainingAll("'one'", "'two'", "'next'", "Integer", "String");
        FlowBuilder h = Flow.builder("wrong");
        h.waitForSignal("wait", h.trigger("t", Integer.class), Integer.class).signal("flowengine.mine");
        assertThatThrownBy(h::build).hasMessageContainingAll("'wait'", "'flowengine.mine'", "engine's own");
        FlowBuilder g = Flow.builder("wrong");
        TriggerRef<Integer> s = g.trigger("t", Integer.class);
        assertThatThrownBy(() -> g.approval("review", s)).hasMessageContaining("'review'");
        assertThatThrownBy(() -> g.approval("review", s, "yes", "yes")).hasMessageContaining("yes");
        assertThatThrownBy(() -> g.waitFor("wait", s, Duration.ZERO)).hasMessageContaining("time to wait");
    }
}
