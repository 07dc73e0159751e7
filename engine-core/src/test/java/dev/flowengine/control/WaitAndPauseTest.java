package dev.flowengine.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.SignalRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.testing.Engines;
import dev.flowengine.testing.VirtualTime;
import dev.flowengine.testing.WithThreads;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.DisplayName;

@DisplayName("S25 S35 waits of a run that is paused")
class WaitAndPauseTest {
    private final Watch watch = new Watch();
    private final VirtualTime time = new VirtualTime();

    private static Duration seconds(int seconds) {
        return Duration.ofSeconds(seconds);
    }

    private FlowEngine engine(int threads) {
        return time.in(Engines.builder(threads).listener(watch)).build();
    }

    private FlowExecution paused(FlowEngine engine, Flow flow, Object data) {
        FlowExecution run = engine.executeFromTrigger(flow, "t", data);
        Watch.awaitStatus(run, ExecutionStatus.WAITING);
        time.advance(seconds(4));
        run.pause();
        Watch.awaitStatus(run, ExecutionStatus.PAUSED);
        return run;
    }

    @WithThreads
    @DisplayName("a wait for a duration keeps its remaining time")
    void a_duration(int threads) {
        FlowBuilder f = Flow.builder("duration");
        TriggerRef<Integer> t = f.trigger("t", Integer.class);
        f.waitFor("wait", t, seconds(10));
        Flow flow = f.build();
        try (FlowEngine engine = engine(threads)) {
            FlowExecution run = paused(engine, flow, 1);
            time.advance(seconds(100));
            assertThat(run.snapshot().status()).isEqualTo(ExecutionStatus.PAUSED);
            run.resume();
            Watch.awaitStatus(run, ExecutionStatus.WAITING);
            time.advance(seconds(6).minusNanos(1));
            assertThat(run.snapshot().status()).isEqualTo(ExecutionStatus.WAITING);
            time.advance(Duration.ofNanos(1));
            assertThat(watch.ended(run).output("wait", Integer.class)).isEqualTo(1);
        }
    }

    @WithThreads
    @DisplayName("an instant that comes is noted, and takes effect on resume; one that has not is waited for")
    void an_instant(int threads) {
        FlowBuilder f = Flow.builder("instant");
        TriggerRef<Instant> t = f.trigger("t", Instant.class);
        NodeRef<Instant> soon = f.waitUntil("soon", t, at -> at);
        f.node("after", soon, at -> "done").returns(String.class);
        f.waitUntil("later", t, at -> at.plusSeconds(100));
        Flow flow = f.build();
        try (FlowEngine engine = engine(threads)) {
            FlowExecution run = paused(engine, flow, time.instant().plusSeconds(10));
            time.advance(seconds(50));
            settle(run, "later");
            assertThat(Watch.states(run))
                    .containsEntry("soon", NodeStatus.WAITING)
                    .containsEntry("after", NodeStatus.IDLE);
            assertThat(run.snapshot().status()).isEqualTo(ExecutionStatus.PAUSED);
            run.resume();
            Watch.awaitNode(run, "after", NodeStatus.COMPLETED);
            Watch.awaitStatus(run, ExecutionStatus.WAITING);
            time.advance(seconds(56));
            assertThat(watch.ended(run).status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
    }

    @WithThreads
    @DisplayName("a signal that arrives is noted, and takes effect on resume")
    void a_signal(int threads) {
        FlowBuilder f = Flow.builder("signal");
        TriggerRef<Integer> t = f.trigger("t", Integer.class);
        SignalRef<Integer, String> go = f.waitForSignal("go", t, String.class);
        f.node("after", go, text -> text + "!").returns(String.class);
        Flow flow = f.build();
        try (FlowEngine engine = engine(threads)) {
            FlowExecution run = paused(engine, flow, 1);
            assertThat(run.signal("go", "on")).isEqualTo(ExecutionStatus.PAUSED);
            settle(run, "go");
            assertThat(Watch.node(run, "go").status()).isEqualTo(NodeStatus.WAITING);
            run.resume();
            assertThat(watch.ended(run).output("after", String.class)).isEqualTo("on!");
        }
    }

    @WithThreads
    @DisplayName("of a signal and a deadline that both come meanwhile, the first one counts")
    void whichever_came_first(int threads) {
        FlowBuilder f = Flow.builder("first");
        TriggerRef<Instant> t = f.trigger("t", Instant.class);
        f.waitForSignal("early", t, String.class).deadlineAt(at -> at);
        f.waitForSignal("late", t, String.class).deadlineAt(at -> at);
        Flow flow = f.build();
        try (FlowEngine engine = engine(threads)) {
            FlowExecution run = paused(engine, flow, time.instant().plusSeconds(10));
            run.signal("early", "in time");
            settle(run, "late");
            time.advance(seconds(20));
            settle(run, "late");
            run.signal("late", "too late");
            run.resume();
            watch.ended(run);
            assertThat(Watch.node(run, "early").firedPorts()).containsExactly("main");
            assertThat(Watch.node(run, "late").firedPorts()).containsExactly("deadline");
        }
    }

    /** Returns when everything has taken effect that was asked of a run before. */
    private static void settle(FlowExecution run, String waiting) {
        assertThat(run.node(waiting).retryNow().toCompletableFuture())
                .as("an answer that comes after what was asked before")
                .failsWithin(Watch.PATIENCE);
    }

    @WithThreads
    @DisplayName("a wait that begins while pausing begins to count on resume; a cancel ends it")
    void begun_while_pausing(int threads) {
        Gate gate = new Gate();
        FlowBuilder f = Flow.builder("pausing");
        TriggerRef<Integer> t = f.trigger("t", Integer.class);
        NodeRef<Integer> slow = f.contextNode("slow", t, (n, context) -> {
                    gate.hold(context);
                    return n;
                })
                .returns(Integer.class);
        f.waitFor("wait", slow, seconds(10));
        Flow flow = f.build();
        try (FlowEngine engine = engine(threads)) {
            FlowExecution run = engine.executeFromTrigger(flow, "t", 1);
            gate.awaitEntered();
            run.pause();
            Watch.awaitStatus(run, ExecutionStatus.PAUSING);
            gate.open();
            Watch.awaitStatus(run, ExecutionStatus.PAUSED);
            run.resume();
            Watch.awaitStatus(run, ExecutionStatus.WAITING);
            run.pause();
            Watch.awaitStatus(run, ExecutionStatus.PAUSED);
            run.cancel("enough");
            assertThat(watch.ended(run).status()).isEqualTo(ExecutionStatus.CANCELLED);
            assertThat(time.pending()).as("timers that are left").isZero();
        }
    }
}
