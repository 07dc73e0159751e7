package dev.flowengine.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.event.ExecutionEvent;
import dev.flowengine.event.NodeWaiting;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.execution.NodeState;
import dev.flowengine.execution.NodeWait;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.testing.Engines;
import dev.flowengine.testing.VirtualTime;
import dev.flowengine.testing.WithThreads;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("S35 a node waits for a time without a thread")
class WaitTest {
    private final Watch watch = new Watch();
    private final VirtualTime time = new VirtualTime();

    private static Duration seconds(int seconds) {
        return Duration.ofSeconds(seconds);
    }

    private FlowEngine engine(int threads) {
        return time.in(Engines.builder(threads).listener(watch)).build();
    }

    private static Flow coolDown() {
        FlowBuilder f = Flow.builder("cool-down");
        TriggerRef<String> t = f.trigger("t", String.class);
        NodeRef<String> waited = f.waitFor("wait", t, seconds(10));
        f.node("after", waited, text -> text + "!").returns(String.class);
        return f.build();
    }

    private FlowExecution waiting(FlowEngine engine, Flow flow, Object data) {
        FlowExecution run = engine.executeFromTrigger(flow, "t", data);
        Watch.awaitStatus(run, ExecutionStatus.WAITING);
        return run;
    }

    @WithThreads
    @DisplayName("for a duration: the run is WAITING, the node passes its input on when it is over, and not before")
    void for_a_duration(int threads) {
        try (FlowEngine engine = engine(threads)) {
            Instant start = time.instant();
            FlowExecution run = waiting(engine, coolDown(), "hot");
            NodeState state = Watch.node(run, "wait");
            assertThat(state.status()).isEqualTo(NodeStatus.WAITING);
            assertThat(state.waitsFor())
                    .contains(new NodeWait(Optional.of(start.plus(seconds(10))), Optional.empty(), Optional.empty()));
            assertThat(run.explain("wait"))
                    .isEqualTo("Node 'wait' is WAITING: it waits until 2026-01-01T00:00:10Z, and holds no thread"
                            + " meanwhile.");
            assertThat(run.explain("after")).contains("'wait'", "WAITING");
            time.advance(seconds(10).minusNanos(1));
            assertThat(run.snapshot().status()).isEqualTo(ExecutionStatus.WAITING);
            time.advance(Duration.ofNanos(1));
            ExecutionResult result = watch.ended(run);
            assertThat(result.output("after", String.class)).isEqualTo("hot!");
            assertThat(watch.statuses(run)).containsExactly(ExecutionStatus.WAITING, ExecutionStatus.RUNNING);
            assertThat(watch.attempts(run, "wait")).containsExactly(1);
            NodeState settled = result.snapshot().node("wait").orElseThrow();
            assertThat(settled.waitsFor()).isEmpty();
            assertThat(settled.startedAt()).contains(start);
            assertThat(settled.endedAt()).contains(start.plus(seconds(10)));
        }
    }

    @WithThreads
    @DisplayName("until an instant computed from the input; one that has passed is not waited for")
    void until_an_instant(int threads) {
        FlowBuilder f = Flow.builder("until");
        TriggerRef<Instant> t = f.trigger("t", Instant.class);
        f.waitUntil("wait", t, instant -> instant);
        Flow flow = f.build();
        try (FlowEngine engine = engine(threads)) {
            Instant due = time.instant().plus(Duration.ofDays(3));
            FlowExecution run = waiting(engine, flow, due);
            time.advance(Duration.ofDays(3).minusNanos(1));
            assertThat(run.snapshot().status()).isEqualTo(ExecutionStatus.WAITING);
            time.advance(Duration.ofNanos(1));
            assertThat(watch.ended(run).output("wait", Instant.class)).isEqualTo(due);

            FlowExecution late = engine.executeFromTrigger(flow, "t", due.minusSeconds(1));
            assertThat(watch.ended(late).status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
    }

    @WithThreads
    @DisplayName("listeners are told what is waited for, and that it ended, once")
    void events(int threads) {
        try (FlowEngine engine = engine(threads)) {
            FlowExecution run = waiting(engine, coolDown(), "hot");
            Instant due = time.instant().plus(seconds(10));
            time.advance(seconds(10));
            watch.ended(run);
            List<ExecutionEvent> waits = watch.events(run).stream()
                    .filter(NodeWaiting.class::isInstance)
                    .toList();
            assertThat(waits).singleElement().satisfies(event -> {
                NodeWaiting waiting = (NodeWaiting) event;
                assertThat(waiting.wireName()).isEqualTo("node-waiting");
                assertThat(waiting.nodeId()).isEqualTo("wait");
                assertThat(waiting.until()).contains(due);
                assertThat(waiting.signal()).isEmpty();
            });
        }
    }

    @WithThreads
    @DisplayName("nothing restarts: what ran before the wait runs once, and so does what computes its end")
    void a_wait_restarts_nothing(int threads) {
        AtomicInteger before = new AtomicInteger();
        AtomicInteger computed = new AtomicInteger();
        FlowBuilder f = Flow.builder("once");
        TriggerRef<Integer> t = f.trigger("t", Integer.class);
        NodeRef<Integer> first =
                f.node("first", t, n -> before.incrementAndGet()).returns(Integer.class);
        NodeRef<Integer> waited = f.waitUntil("wait", first, n -> {
            computed.incrementAndGet();
            return time.instant().plusSeconds(5);
        });
        f.node("last", waited, n -> n).returns(Integer.class);
        Flow flow = f.build();
        try (FlowEngine engine = engine(threads)) {
            FlowExecution run = waiting(engine, flow, 1);
            time.advance(seconds(5));
            assertThat(watch.ended(run).output("last", Integer.class)).isEqualTo(1);
            assertThat(before).hasValue(1);
            assertThat(computed).hasValue(1);
        }
    }

    @WithThreads
    @DisplayName("several waits run side by side, and the run goes on with each as it ends")
    void side_by_side(int threads) {
        FlowBuilder f = Flow.builder("several");
        TriggerRef<Integer> t = f.trigger("t", Integer.class);
        NodeRef<Integer> slow = f.waitFor("slow", t, seconds(20));
        NodeRef<Integer> quick = f.waitFor("quick", t, seconds(5));
        f.node("sum", slow, quick, Integer::sum).returns(Integer.class);
        Flow flow = f.build();
        try (FlowEngine engine = engine(threads)) {
            FlowExecution run = waiting(engine, flow, 4);
            time.advance(seconds(5));
            Watch.awaitNode(run, "quick", NodeStatus.COMPLETED);
            Watch.awaitStatus(run, ExecutionStatus.WAITING);
            time.advance(seconds(15));
            assertThat(watch.ended(run).output("sum", Integer.class)).isEqualTo(8);
        }
    }

    @WithThreads
    @DisplayName("what computes the instant may fail, and is retried and handled like any body")
    void the_instant_fails(int threads) {
        AtomicInteger calls = new AtomicInteger();
        FlowBuilder f = Flow.builder("failing");
        TriggerRef<Integer> t = f.trigger("t", Integer.class);
        f.waitUntil("wait", t, n -> {
                    if (calls.incrementAndGet() == 1) {
                        throw new IllegalStateException("not yet");
                    }
                    return time.instant().plusSeconds(7);
                })
                .retry(RetryPolicy.fixed(seconds(3)));
        f.waitUntil("never", t, n -> null).fallback(-1);
        Flow flow = f.build();
        try (FlowEngine engine = engine(threads)) {
            FlowExecution run = waiting(engine, flow, 1);
            assertThat(Watch.node(run, "wait").waitsFor())
                    .as("a backoff is no wait")
                    .isEmpty();
            time.advance(seconds(3));
            Watch.awaiting("the wait")
                    .until(() -> Watch.node(run, "wait").waitsFor().isPresent());
            assertThat(Watch.node(run, "wait").failure()).isEmpty();
            time.awaitPending(1);
            time.advance(seconds(7));
            ExecutionResult result = watch.ended(run);
            assertThat(result.status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(result.output("never", Integer.class)).isEqualTo(-1);
            assertThat(result.snapshot()
                            .node("never")
                            .orElseThrow()
                            .handledFailure()
                            .orElseThrow()
                            .message())
                    .contains("'never'", "no instant");
            assertThat(watch.attempts(run, "wait")).containsExactly(1, 2);
        }
    }

    @WithThreads
    @DisplayName("S27 the node timeout counts the wait")
    void the_node_timeout_counts(int threads) {
        FlowBuilder f = Flow.builder("timeout");
        TriggerRef<Integer> t = f.trigger("t", Integer.class);
        f.waitFor("wait", t, seconds(10)).nodeTimeout(seconds(4));
        Flow flow = f.build();
        try (FlowEngine engine = engine(threads)) {
            FlowExecution run = waiting(engine, flow, 1);
            time.advance(seconds(4));
            ExecutionResult result = watch.ended(run);
            assertThat(result.status()).isEqualTo(ExecutionStatus.FAILED);
            assertThat(result.snapshot()
                            .node("wait")
                            .orElseThrow()
                            .failure()
                            .orElseThrow()
                            .kind())
                    .isEqualTo(FailureKind.NODE_TIMEOUT);
            assertThat(time.pending()).as("timers that are left").isZero();
        }
    }

    @WithThreads
    @DisplayName("S26 a cancel settles what waits at once")
    void cancelled(int threads) {
        try (FlowEngine engine = engine(threads)) {
            FlowExecution run = waiting(engine, coolDown(), "hot");
            run.cancel("enough");
            ExecutionResult result = watch.ended(run);
            assertThat(result.status()).isEqualTo(ExecutionStatus.CANCELLED);
            assertThat(Watch.states(run)).containsEntry("wait", NodeStatus.CANCELLED);
            assertThat(time.pending()).as("timers that are left").isZero();
        }
    }

    @Test
    @DisplayName("S28 no thread is held: with one of each kind, a thousand waits leave room for others")
    void holds_no_thread() {
        try (FlowEngine engine = engine(1)) {
            List<FlowExecution> runs = IntStream.range(0, 1_000)
                    .mapToObj(i -> engine.executeFromTrigger(coolDown(), "t", "run " + i))
                    .toList();
            runs.forEach(run -> Watch.awaitStatus(run, ExecutionStatus.WAITING));
            FlowBuilder f = Flow.builder("other");
            TriggerRef<Integer> t = f.trigger("t", Integer.class);
            f.node("a", t, n -> n + 1).returns(Integer.class);
            assertThat(watch.ended(engine.executeFromTrigger(f.build(), "t", 1)).output("a", Integer.class))
                    .isEqualTo(2);
            time.advance(seconds(10));
            runs.forEach(run -> assertThat(watch.ended(run).status()).isEqualTo(ExecutionStatus.COMPLETED));
        }
    }

    @Test
    @DisplayName("by hand a wait can be completed or skipped, and is no attempt to be retried")
    void by_hand() throws Exception {
        try (FlowEngine engine = engine(2)) {
            FlowExecution completed = waiting(engine, coolDown(), "hot");
            assertThat(completed.node("wait").retryNow().toCompletableFuture())
                    .failsWithin(Watch.PATIENCE)
                    .withThrowableThat()
                    .withMessageContaining("does not wait for another attempt");
            completed.node("wait").complete("cold").toCompletableFuture().get();
            assertThat(watch.ended(completed).output("after", String.class)).isEqualTo("cold!");

            FlowExecution skipped = waiting(engine, coolDown(), "hot");
            skipped.node("wait").skip("no need").toCompletableFuture().get();
            assertThat(watch.ended(skipped).status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(Watch.states(skipped)).containsEntry("after", NodeStatus.SKIPPED);
            assertThat(time.pending()).as("timers that are left").isZero();
        }
    }
}
