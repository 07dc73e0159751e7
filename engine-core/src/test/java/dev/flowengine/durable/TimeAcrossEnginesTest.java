package dev.flowengine.durable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.flow.Timeouts;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.node.TypeRef;
import dev.flowengine.persistence.ExecutionStore;
import dev.flowengine.persistence.NodeRecord;
import dev.flowengine.persistence.tck.FaultyExecutionStore;
import dev.flowengine.persistence.tck.InMemoryExecutionStore;
import dev.flowengine.testing.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName(
        "S25 S27 time that stands still in a pause does so across engines, and what was used up of timeouts stays so")
@Timeout(120)
class TimeAcrossEnginesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    /** No lease ends by the virtual time that goes by here. */
    private static final Duration LEASE = Duration.ofDays(30);

    private final InMemoryExecutionStore memory = new InMemoryExecutionStore();
    private final VirtualTime time = new VirtualTime();
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch open = new CountDownLatch(1);

    @Test
    @DisplayName("a backoff keeps what is left of it: paused here, left, resumed elsewhere")
    void backoff() throws Exception {
        Flow flow = failing(minutes(60));
        String id = leavePausedAfter(minutes(20), flow);
        time.advance(minutes(300));
        try (FlowEngine next = engine(memory)) {
            FlowExecution run = takenOver(next, flow, id);
            time.advance(minutes(300));
            assertThat(run.status()).isEqualTo(ExecutionStatus.PAUSED);
            run.resume();
            awaitDueIn(minutes(40));
            assertThat(due(id, "fails"))
                    .as("in the store")
                    .isEqualTo(time.instant().plus(minutes(40)));
            time.advance(minutes(40));
            assertThat(end(run).output("fails", Integer.class)).isEqualTo(2);
        }
    }

    @Test
    @DisplayName("a wait for a duration keeps what is left of it, and is due later in the store once it goes on")
    void wait_for_a_duration() throws Exception {
        Flow flow = waiting(Timeouts.none());
        String id = leavePausedAfter(minutes(20), flow);
        time.advance(minutes(300));
        try (FlowEngine next = engine(memory)) {
            FlowExecution run = takenOver(next, flow, id);
            run.resume();
            awaitDueIn(minutes(40));
            assertThat(due(id, "wait")).isEqualTo(time.instant().plus(minutes(40)));
            time.advance(minutes(40));
            assertThat(end(run).output("wait", Integer.class)).isEqualTo(4);
        }
    }

    @Test
    @DisplayName("the engine that resumes may be lost right after that: the next one waits for the rest, not for less")
    void lost_after_the_resume() throws Exception {
        Flow flow = waiting(Timeouts.none());
        FaultyExecutionStore store = FaultyExecutionStore.of(memory);
        FlowEngine lost = engine(store);
        FlowExecution run = lost.executeFromTrigger(flow, "t", 4);
        awaitStatus(run, ExecutionStatus.WAITING);
        time.advance(minutes(20));
        run.pause();
        awaitStatus(run, ExecutionStatus.PAUSED);
        time.advance(minutes(300));
        run.resume();
        awaitStatus(run, ExecutionStatus.WAITING);
        time.advance(minutes(10));
        lose(lost, store);
        try (FlowEngine next = engine(memory)) {
            takenOver(next, flow, run.id());
            awaitDueIn(minutes(30));
        }
    }

    @Test
    @DisplayName("what begins to wait while the execution is pausing has all of its time left")
    void begins_while_pausing() throws Exception {
        FlowBuilder f = Flow.builder("pausing");
        TriggerRef<Integer> t = f.trigger("t", Integer.class);
        f.contextNode("fails", t, (n, context) -> {
                    entered.countDown();
                    open.await();
                    return succeedsAgain(context.attempt());
                })
                .returns(Integer.class)
                .retry(RetryPolicy.fixed(minutes(60)));
        Flow flow = f.build();
        String id;
        try (FlowEngine engine = engine(memory)) {
            FlowExecution run = engine.executeFromTrigger(flow, "t", 4);
            id = run.id();
            entered.await();
            run.pause();
            awaitStatus(run, ExecutionStatus.PAUSING);
            time.advance(minutes(20));
            open.countDown();
            awaitStatus(run, ExecutionStatus.PAUSED);
            time.advance(minutes(300));
        }
        try (FlowEngine next = engine(memory)) {
            takenOver(next, flow, id).resume();
            awaitDueIn(minutes(60));
        }
    }

    @Test
    @DisplayName(
            "an execution has what is left of its timeout, counted without the pause, and says how long it might take")
    void execution_timeout() throws Exception {
        Flow flow = asking(Timeouts.none().execution(minutes(60)), null);
        String id = leavePausedAfter(minutes(20), flow);
        time.advance(minutes(300));
        try (FlowEngine next = engine(memory)) {
            FlowExecution run = takenOver(next, flow, id);
            time.advance(minutes(300));
            run.resume();
            awaitDueIn(minutes(40));
            time.advance(minutes(40));
            ExecutionResult end = end(run);
            assertThat(end.status()).isEqualTo(ExecutionStatus.FAILED);
            assertThat(end.failure().orElseThrow().kind()).isEqualTo(FailureKind.EXECUTION_TIMEOUT);
            assertThat(end.failure().orElseThrow()).hasMessageContaining("PT1H");
        }
    }

    @Test
    @DisplayName("a node has what is left of its timeout, counted from when it was ready without the pause")
    void node_timeout() throws Exception {
        Flow flow = asking(Timeouts.none(), minutes(60));
        String id = leavePausedAfter(minutes(20), flow);
        time.advance(minutes(300));
        try (FlowEngine next = engine(memory)) {
            FlowExecution run = takenOver(next, flow, id);
            run.resume();
            awaitDueIn(minutes(40));
            time.advance(minutes(40));
            ExecutionResult end = end(run);
            assertThat(end.failure().orElseThrow().kind()).isEqualTo(FailureKind.NODE_TIMEOUT);
            assertThat(end.failure().orElseThrow()).hasMessageContaining("PT1H");
        }
    }

    @Test
    @DisplayName("several pauses under several engines are all left out")
    void several_pauses() throws Exception {
        Flow flow = asking(Timeouts.none().execution(minutes(60)), null);
        String id = leavePausedAfter(minutes(20), flow);
        time.advance(minutes(300));
        try (FlowEngine second = engine(memory)) {
            FlowExecution run = takenOver(second, flow, id);
            run.resume();
            awaitStatus(run, ExecutionStatus.WAITING);
            time.advance(minutes(15));
            run.pause();
            awaitStatus(run, ExecutionStatus.PAUSED);
        }
        time.advance(minutes(300));
        try (FlowEngine third = engine(memory)) {
            takenOver(third, flow, id).resume();
            awaitDueIn(minutes(25));
        }
    }

    @Test
    @DisplayName("timeouts do not begin anew with another engine, that of a loop included, however it was lost")
    void no_new_beginning() throws Exception {
        FlowBuilder f = Flow.builder("loops");
        TriggerRef<Integer> t = f.trigger("t", Integer.class);
        NodeRef<List<Integer>> items =
                f.node("items", t, n -> List.of(1, 2)).returns(TypeRef.listOf(TypeRef.of(Integer.class)));
        f.loop("each", items, item -> f.waitForSignal("answer", item, Integer.class))
                .nodeTimeout(minutes(60));
        Flow flow = f.build();
        FaultyExecutionStore store = FaultyExecutionStore.of(memory);
        FlowEngine lost = engine(store);
        FlowExecution run = lost.executeFromTrigger(flow, "t", 4);
        awaitStatus(run, ExecutionStatus.WAITING);
        time.advance(minutes(20));
        lose(lost, store);
        try (FlowEngine next = engine(memory)) {
            FlowExecution taken = takenOver(next, flow, run.id());
            awaitDueIn(minutes(40));
            time.advance(minutes(40));
            assertThat(end(taken).failure().orElseThrow().kind()).isEqualTo(FailureKind.NODE_TIMEOUT);
        }
    }

    private Flow failing(Duration backoff) {
        FlowBuilder f = Flow.builder("failing");
        TriggerRef<Integer> t = f.trigger("t", Integer.class);
        f.contextNode("fails", t, (n, context) -> succeedsAgain(context.attempt()))
                .returns(Integer.class)
                .retry(RetryPolicy.fixed(backoff));
        return f.build();
    }

    private static int succeedsAgain(int attempt) {
        if (attempt == 1) {
            throw new IllegalStateException("planned failure of attempt 1");
        }
        return attempt;
    }

    private static Flow waiting(Timeouts timeouts) {
        FlowBuilder f = Flow.builder("waiting").timeouts(timeouts);
        TriggerRef<Integer> t = f.trigger("t", Integer.class);
        f.waitFor("wait", t, minutes(60));
        return f.build();
    }

    private static Flow asking(Timeouts timeouts, @Nullable Duration nodeTimeout) {
        FlowBuilder f = Flow.builder("asking").timeouts(timeouts);
        TriggerRef<Integer> t = f.trigger("t", Integer.class);
        var answer = f.waitForSignal("answer", t, String.class);
        if (nodeTimeout != null) {
            answer.nodeTimeout(nodeTimeout);
        }
        return f.build();
    }

    /** Starts an execution that waits, pauses it after a while, and leaves it. */
    private String leavePausedAfter(Duration active, Flow flow) {
        try (FlowEngine engine = engine(memory)) {
            FlowExecution run = engine.executeFromTrigger(flow, "t", 4);
            awaitStatus(run, ExecutionStatus.WAITING);
            time.advance(active);
            run.pause();
            awaitStatus(run, ExecutionStatus.PAUSED);
            return run.id();
        }
    }

    private FlowEngine engine(ExecutionStore store) {
        return time.in(Durable.builder(store).lease(LEASE)).build();
    }

    private FlowExecution takenOver(FlowEngine next, Flow flow, String id) {
        long before = memory.find(id).orElseThrow().ownership().epoch();
        next.register(flow);
        await().atMost(PATIENCE)
                .until(() -> memory.find(id).orElseThrow().ownership().epoch() > before
                        && next.health().executions() == 1);
        return next.find(id).orElseThrow();
    }

    private void lose(FlowEngine engine, FaultyExecutionStore store) {
        store.die();
        engine.close(Duration.ZERO);
        memory.advance(LEASE.multipliedBy(2));
    }

    private void awaitDueIn(Duration left) {
        await().atMost(PATIENCE).until(time::untilNext, Optional.of(left)::equals);
    }

    private Instant due(String id, String node) {
        return memory.load(id).orElseThrow().nodes().stream()
                .filter(row -> row.key().nodeId().equals(node))
                .map(NodeRecord::times)
                .flatMap(times -> times.dueAt().stream())
                .findFirst()
                .orElseThrow();
    }

    private static void awaitStatus(FlowExecution run, ExecutionStatus status) {
        await().atMost(PATIENCE).until(run::status, status::equals);
    }

    private static ExecutionResult end(FlowExecution run) throws InterruptedException {
        return run.await(PATIENCE)
                .orElseThrow(() -> new AssertionError(run.snapshot().nodes()));
    }

    private static Duration minutes(int minutes) {
        return Duration.ofMinutes(minutes);
    }
}
