package dev.flowengine.subflow;

import static dev.flowengine.testing.ParentAndChild.awaitStatus;
import static dev.flowengine.testing.ParentAndChild.childOf;
import static dev.flowengine.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.event.ExecutionFinished;
import dev.flowengine.event.ExecutionListener;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.ExecutionSummary;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.execution.HistoryQuery;
import dev.flowengine.flow.FailureMode;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.RedrivePolicy;
import dev.flowengine.flow.SignalRef;
import dev.flowengine.flow.SubflowRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.testing.Engines;
import dev.flowengine.testing.NeedsOverlap;
import dev.flowengine.testing.VirtualTime;
import dev.flowengine.testing.WithThreads;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("S34 what happens to an execution reaches those it has started")
@Timeout(60)
class SubflowControlTest {
    private final Queue<String> ended = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean fails = new AtomicBoolean(true);
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch gate = new CountDownLatch(1);

    private final ExecutionListener listener = new ExecutionListener() {
        @Override
        public void onExecutionFinished(ExecutionFinished event) {
            ended.add(event.flowId());
        }
    };

    /** A parent whose child asks, and then says what it was answered; the child itself has one that asks. */
    private Flow asking(Duration nodeTimeout) {
        FlowBuilder g = Flow.builder("grandchild");
        TriggerRef<String> asked = g.trigger("asked", String.class);
        SignalRef<String, String> answer = g.waitForSignal("answer", asked, String.class);
        Flow grandchild = g.build();
        FlowBuilder c = Flow.builder("child");
        TriggerRef<String> begin = c.trigger("begin", String.class);
        SubflowRef<String> ask = c.subflow("ask", begin, grandchild, asked).returning(answer);
        NodeRef<String> louder = c.node("louder", ask, text -> text + "!").returns(String.class);
        Flow child = c.build();
        FlowBuilder f = Flow.builder("parent");
        TriggerRef<String> t = f.trigger("t", String.class);
        SubflowRef<String> node = f.subflow("node", t, child, begin).returning(louder);
        if (!nodeTimeout.isZero()) {
            node.nodeTimeout(nodeTimeout);
        }
        f.node("end", node, text -> "said " + text).returns(String.class);
        return f.build();
    }

    /** A parent whose child has a body that ends when the gate opens, whoever asks it to stop or interrupts it. */
    private Flow stubborn() {
        FlowBuilder c = Flow.builder("child");
        TriggerRef<String> begin = c.trigger("begin", String.class);
        NodeRef<String> stays = c.node("stays", begin, text -> {
                    entered.countDown();
                    boolean open = false;
                    while (!open) {
                        try {
                            gate.await();
                            open = true;
                        } catch (InterruptedException ignored) {
                            // Stubborn.
                        }
                    }
                    return text;
                })
                .returns(String.class);
        Flow child = c.build();
        FlowBuilder f = Flow.builder("parent");
        TriggerRef<String> t = f.trigger("t", String.class);
        f.subflow("node", t, child, begin).returning(stays);
        return f.build();
    }

    @WithThreads
    @DisplayName("S26 a cancel: none outlives its parent, however deep")
    void cancel(int threads) throws Exception {
        try (FlowEngine engine = Engines.builder(threads).listener(listener).build()) {
            FlowExecution run = engine.executeFromTrigger(asking(Duration.ZERO), "t", "why");
            FlowExecution child = childOf(engine, run, "node");
            FlowExecution grandchild = childOf(engine, child, "ask");
            awaitStatus(grandchild, ExecutionStatus.WAITING);
            run.cancel("no longer needed");
            ExecutionResult end = run.await();
            assertThat(end.status()).isEqualTo(ExecutionStatus.CANCELLED);
            assertThat(child.status()).isEqualTo(ExecutionStatus.CANCELLED);
            assertThat(grandchild.status()).isEqualTo(ExecutionStatus.CANCELLED);
            assertThat(end.snapshot().node("node").orElseThrow().status()).isEqualTo(NodeStatus.CANCELLED);
            await().until(() -> ended.size() == 3);
            assertThat(child.await().failure().orElseThrow()).hasMessageContaining("execution that waited for it");
        }
    }

    @Test
    @DisplayName("S26 a cancel of a parent that is just starting it")
    void cancel_at_any_moment() throws Exception {
        try (FlowEngine engine = Engines.builder(2).listener(listener).build()) {
            Flow flow = asking(Duration.ZERO);
            for (int i = 0; i < 200; i++) {
                FlowExecution run = engine.executeFromTrigger(flow, "t", "why");
                for (int spin = 0; spin < i * 20; spin++) {
                    Thread.onSpinWait();
                }
                run.cancel("at once");
                assertThat(run.await().status()).isEqualTo(ExecutionStatus.CANCELLED);
                assertThat(engine.history(HistoryQuery.all().childrenOf(run.id()))
                                .executions())
                        .allMatch(child -> child.status().isTerminal());
            }
        }
    }

    @Test
    @DisplayName("S26 a cancel of a parent whose child does not stop ends with the grace of the parent")
    void stubborn_child() throws Exception {
        Duration grace = Duration.ofMillis(100);
        try (FlowEngine engine = Engines.builder().cancelGrace(grace).build()) {
            FlowExecution run = engine.executeFromTrigger(stubborn(), "t", "x");
            entered.await();
            FlowExecution child = childOf(engine, run, "node");
            run.cancel("no longer needed");
            assertThat(run.await().status()).isEqualTo(ExecutionStatus.CANCELLED);
            assertThat(child.await().status()).isEqualTo(ExecutionStatus.CANCELLED);
            gate.countDown();
        }
    }

    @WithThreads
    @DisplayName("S25 pause and resume, however deep; what ends meanwhile takes effect on resume")
    void pause(int threads) throws Exception {
        try (FlowEngine engine = Engines.withThreads(threads)) {
            FlowExecution run = engine.executeFromTrigger(asking(Duration.ZERO), "t", "why");
            FlowExecution child = childOf(engine, run, "node");
            FlowExecution grandchild = childOf(engine, child, "ask");
            awaitStatus(grandchild, ExecutionStatus.WAITING);
            awaitStatus(run, ExecutionStatus.WAITING);
            run.pause();
            awaitStatus(run, ExecutionStatus.PAUSED);
            awaitStatus(child, ExecutionStatus.PAUSED);
            awaitStatus(grandchild, ExecutionStatus.PAUSED);
            grandchild.signal("answer", "because");
            // Somebody resumes one of them alone: what it comes to is noted above.
            grandchild.resume();
            assertThat(grandchild.await().status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(child.status()).isEqualTo(ExecutionStatus.PAUSED);
            run.resume();
            assertThat(run.await().output("end", String.class)).isEqualTo("said because!");
        }
    }

    @Test
    @DisplayName("S27 when the node has used up its time its child is cancelled")
    void node_timeout() throws Exception {
        VirtualTime time = new VirtualTime();
        try (FlowEngine engine = time.in(Engines.builder()).build()) {
            FlowExecution run = engine.executeFromTrigger(asking(Duration.ofHours(1)), "t", "why");
            FlowExecution child = childOf(engine, run, "node");
            FlowExecution grandchild = childOf(engine, child, "ask");
            awaitStatus(grandchild, ExecutionStatus.WAITING);
            awaitStatus(run, ExecutionStatus.WAITING);
            time.advance(Duration.ofHours(1));
            ExecutionResult end = run.await();
            assertThat(end.failure().orElseThrow().kind()).isEqualTo(FailureKind.NODE_TIMEOUT);
            assertThat(child.await().status()).isEqualTo(ExecutionStatus.CANCELLED);
            assertThat(grandchild.await().status()).isEqualTo(ExecutionStatus.CANCELLED);
        }
    }

    @Test
    @DisplayName("when somebody skips the node, or gives its value, its child is cancelled")
    void by_hand() throws Exception {
        try (FlowEngine engine = Engines.create()) {
            FlowExecution run = engine.executeFromTrigger(asking(Duration.ZERO), "t", "why");
            FlowExecution child = childOf(engine, run, "node");
            awaitStatus(run, ExecutionStatus.WAITING);
            run.node("node").complete("by hand");
            assertThat(run.await().output("end", String.class)).isEqualTo("said by hand");
            assertThat(child.await().status()).isEqualTo(ExecutionStatus.CANCELLED);
        }
    }

    @Test
    @NeedsOverlap
    @DisplayName("S22 a fail-fast stop and a run timeout stop it")
    void stopped() throws Exception {
        VirtualTime time = new VirtualTime();
        FlowBuilder c = Flow.builder("child");
        TriggerRef<String> begin = c.trigger("begin", String.class);
        c.waitForSignal("answer", begin, String.class);
        Flow child = c.build();
        FlowBuilder f = Flow.builder("parent").failureMode(FailureMode.FAIL_FAST);
        TriggerRef<String> t = f.trigger("t", String.class);
        f.subflow("node", t, child, begin);
        f.node("bad", f.waitFor("wait", t, Duration.ofSeconds(1)), any -> {
            throw new IllegalStateException("bad");
        });
        Flow flow = f.build();
        try (FlowEngine engine = time.in(Engines.builder()).build()) {
            FlowExecution run = engine.executeFromTrigger(flow, "t", "x");
            FlowExecution started = childOf(engine, run, "node");
            awaitStatus(started, ExecutionStatus.WAITING);
            awaitStatus(run, ExecutionStatus.WAITING);
            time.advance(Duration.ofSeconds(1));
            assertThat(run.await().status()).isEqualTo(ExecutionStatus.FAILED);
            assertThat(started.status()).isEqualTo(ExecutionStatus.CANCELLED);
        }
    }

    @Test
    @DisplayName("a close ends both, and neither as failed")
    void close() throws Exception {
        FlowEngine engine = Engines.create();
        FlowExecution run = engine.executeFromTrigger(asking(Duration.ZERO), "t", "why");
        FlowExecution child = childOf(engine, run, "node");
        FlowExecution grandchild = childOf(engine, child, "ask");
        awaitStatus(grandchild, ExecutionStatus.WAITING);
        engine.close();
        for (FlowExecution each : List.of(run, child, grandchild)) {
            ExecutionResult end = each.await();
            assertThat(end.status()).isEqualTo(ExecutionStatus.CANCELLED);
            assertThat(end.failure().orElseThrow().kind()).isEqualTo(FailureKind.ENGINE_CLOSED);
        }
    }

    @Test
    @NeedsOverlap
    @DisplayName("a close waits for what runs in it, as for what runs in the parent")
    void close_waits() throws Exception {
        FlowEngine engine = Engines.create();
        FlowExecution run = engine.executeFromTrigger(stubborn(), "t", "x");
        entered.await();
        Thread closing = new Thread(() -> engine.close(Duration.ofSeconds(30)));
        closing.start();
        await().until(() -> !engine.health().reasons().isEmpty());
        gate.countDown();
        closing.join();
        assertThat(run.await().status()).isEqualTo(ExecutionStatus.COMPLETED);
    }

    @Test
    @DisplayName("S29 a redrive keeps those that completed, and starts those anew that did not, with their lineage")
    void redrive() throws Exception {
        FlowBuilder c = Flow.builder("child").redrive(RedrivePolicy.upTo(3, Duration.ofMillis(1)));
        TriggerRef<Boolean> begin = c.trigger("begin", Boolean.class);
        c.node("maybe", begin, may -> {
                    if (may && fails.get()) {
                        throw new IllegalStateException("not yet");
                    }
                    return may;
                })
                .returns(Boolean.class);
        Flow child = c.build();
        FlowBuilder f = Flow.builder("parent");
        TriggerRef<Boolean> t = f.trigger("t", Boolean.class);
        NodeRef<Boolean> no = f.node("no", t, may -> false).returns(Boolean.class);
        SubflowRef<String> good = f.subflow("good", no, child, begin);
        SubflowRef<String> bad = f.subflow("bad", t, child, begin);
        f.node("both", good, bad, (one, two) -> one + two).returns(String.class);
        Flow flow = f.build();
        try (FlowEngine engine = Engines.create()) {
            ExecutionResult first = engine.executeFromTrigger(flow, "t", true).await();
            assertThat(first.status()).isEqualTo(ExecutionStatus.FAILED);
            fails.set(false);
            ExecutionResult second = engine.redrive(first.executionId()).start().await();
            assertThat(second.status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(second.output(good)).isEqualTo(first.output(good));
            assertThat(second.snapshot().node("good").orElseThrow().reused()).isTrue();
            List<ExecutionSummary> children = engine.history(HistoryQuery.all().childrenOf(second.executionId()))
                    .executions();
            assertThat(children).singleElement().satisfies(again -> {
                assertThat(again.executionId()).isEqualTo(second.output(bad));
                assertThat(again.redriveOf())
                        .isEqualTo(first.snapshot().node("bad").orElseThrow().childExecutionId());
            });
            // The policy of its flow is for executions that nobody waits for.
            assertThat(engine.history(HistoryQuery.all().flow("child")).executions())
                    .hasSize(3);
        }
    }
}
