package dev.flowengine.control;

import static dev.flowengine.control.Flows.blocking;
import static dev.flowengine.control.Flows.node;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.CompensationState;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.CompensationPolicy;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.model.CompensationStatus;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.node.CompensatingBody;
import dev.flowengine.node.RunOptions;
import dev.flowengine.testing.Engines;
import dev.flowengine.testing.VirtualTime;
import dev.flowengine.testing.WithThreads;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("S26 what is asked of an execution that compensates, and what time does to it")
class CompensationControlTest {
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final CompensationPolicy POLICY = CompensationPolicy.always()
            .timeout(Duration.ofMinutes(5))
            .attemptTimeout(Duration.ofMinutes(1))
            .retry(RetryPolicy.none());

    private final Watch watch = new Watch();
    private final VirtualTime time = new VirtualTime();
    private final Gate gate = new Gate();
    private final List<String> undone = new CopyOnWriteArrayList<>();

    @AfterEach
    void letGo() {
        gate.open();
    }

    private FlowEngine engine(int threads) {
        return time.in(Engines.builder(threads).listener(watch).cancelGrace(GRACE))
                .build();
    }

    private NodeDefinition undoable(String id) {
        return undoable(id, (outputs, context) -> undone.add(id));
    }

    private static NodeDefinition undoable(String id, CompensatingBody body) {
        return node(id, context -> id).compensation(body).build();
    }

    private static NodeDefinition failing() {
        return blocking("fails", context -> {
            throw new IllegalStateException("no");
        });
    }

    private static Flow line(CompensationPolicy policy, NodeDefinition... nodes) {
        return Flows.line(Flow.definition("line").compensate(policy), nodes).build();
    }

    /** Undoes {@code last} first, which stays at the gate, and {@code first} after it. */
    private FlowExecution compensatingAtTheGate(FlowEngine engine, CompensationPolicy policy) {
        Flow flow =
                line(policy, undoable("first"), undoable("last", (outputs, context) -> gate.hold(context)), failing());
        FlowExecution run = engine.executeFromTrigger(flow, "t", 1);
        gate.awaitEntered();
        Watch.awaitStatus(run, ExecutionStatus.COMPENSATING);
        return run;
    }

    @WithThreads
    @DisplayName("S26 after a cancel, once what ran has ended or been given up")
    void after_a_cancel(int threads) {
        Gate body = new Gate();
        try (FlowEngine engine = engine(threads)) {
            FlowExecution run = engine.executeFromTrigger(
                    line(POLICY, undoable("first"), undoable("second"), blocking("ignores", body::clutch)), "t", 1);
            body.awaitEntered();
            run.cancel("enough");
            Watch.awaitStatus(run, ExecutionStatus.CANCELLING);
            assertThat(undone).isEmpty();

            time.advance(GRACE);
            ExecutionResult result = watch.ended(run);
            assertThat(result.status()).isEqualTo(ExecutionStatus.CANCELLED);
            assertThat(result.failure().orElseThrow()).hasMessageContaining("enough");
            assertThat(undone).containsExactly("second", "first");
            assertThat(watch.statuses(run)).containsExactly(ExecutionStatus.CANCELLING, ExecutionStatus.COMPENSATING);
        } finally {
            body.open();
        }
    }

    @WithThreads
    @DisplayName("S25 S26 a pause, a resume and a cancel change nothing any more")
    void nothing_holds_it_up(int threads) {
        try (FlowEngine engine = engine(threads)) {
            FlowExecution run = compensatingAtTheGate(engine, POLICY);
            assertThat(List.of(run.pause(), run.resume(), run.cancel("late")))
                    .containsOnly(ExecutionStatus.COMPENSATING);
            assertThat(gate.first().cancellation().isRequested()).isFalse();
            gate.open();

            ExecutionResult result = watch.ended(run);
            assertThat(result.status()).isEqualTo(ExecutionStatus.FAILED);
            assertThat(undone).containsExactly("first");
            assertThat(watch.statuses(run)).containsExactly(ExecutionStatus.COMPENSATING);
        }
    }

    @WithThreads
    @DisplayName("S8 S37 meanwhile its nodes are settled, and progress is not complete")
    void what_is_seen_meanwhile(int threads) {
        try (FlowEngine engine = engine(threads)) {
            FlowExecution run = compensatingAtTheGate(engine, POLICY);
            assertThat(run.snapshot().compensations())
                    .extracting(each -> each.nodeId() + " " + each.status() + " " + each.attempt())
                    .containsExactly("last RUNNING 1", "first PENDING 0");
            assertThat(run.snapshot().nodes()).allMatch(node -> node.status().isSettled());
            assertThat(run.progress().settled()).isLessThan(run.progress().total());
            assertThat(run.node("first").skip("no").toCompletableFuture()).failsWithin(Watch.PATIENCE);
            gate.open();
            watch.ended(run);
        }
    }

    @WithThreads
    @DisplayName("S26 S27 R14 an attempt that takes too long is interrupted and has failed; the next one goes on")
    void an_attempt_that_takes_too_long(int threads) {
        Flow flow = line(
                POLICY, undoable("first"), undoable("last", (outputs, context) -> gate.clutch(context)), failing());
        try (FlowEngine engine = engine(threads)) {
            FlowExecution run = engine.executeFromTrigger(flow, "t", 1);
            gate.awaitEntered();
            time.advance(Duration.ofMinutes(1));
            ExecutionResult result = watch.ended(run);

            gate.awaitInterrupted();
            assertThat(gate.first().cancellation().isRequested()).isTrue();
            CompensationState last = result.snapshot().compensation("last").orElseThrow();
            assertThat(last.status()).isEqualTo(CompensationStatus.FAILED);
            assertThat(last.failure().orElseThrow().kind()).isEqualTo(FailureKind.NODE_TIMEOUT);
            assertThat(undone).containsExactly("first");
        }
    }

    @WithThreads
    @DisplayName("S26 all of them together are bounded by a timeout, whatever a body ignores")
    void the_timeout_of_all(int threads) {
        Flow flow = line(
                POLICY.timeout(Duration.ofSeconds(30)),
                undoable("first"),
                undoable("last", (outputs, context) -> gate.clutch(context)),
                failing());
        try (FlowEngine engine = engine(threads)) {
            FlowExecution run = engine.executeFromTrigger(flow, "t", 1);
            gate.awaitEntered();
            time.advance(Duration.ofSeconds(30).minusNanos(1));
            assertThat(run.status()).isEqualTo(ExecutionStatus.COMPENSATING);
            time.advance(Duration.ofNanos(1));
            ExecutionResult result = watch.ended(run);

            assertThat(result.status()).isEqualTo(ExecutionStatus.FAILED);
            assertThat(result.compensations())
                    .extracting(CompensationState::status)
                    .containsOnly(CompensationStatus.CANCELLED);
            assertThat(result.failure().orElseThrow())
                    .hasMessageContaining("of 2 compensations 2 failed or were cut short: last, first");
            gate.awaitInterrupted();
            gate.open();
            assertThat(undone).isEmpty();
        }
    }

    @WithThreads
    @DisplayName("S20 S28 the wait before another attempt holds no thread, and is part of the timeout")
    void the_wait_between_attempts(int threads) {
        CompensationPolicy policy =
                POLICY.retry(RetryPolicy.fixed(Duration.ofMinutes(2)).maxAttempts(9));
        Flow flow = line(
                policy,
                undoable("only", (outputs, context) -> {
                    undone.add("attempt " + context.attempt());
                    throw new IllegalStateException("not yet");
                }),
                failing());
        try (FlowEngine engine = engine(threads)) {
            FlowExecution run = engine.executeFromTrigger(flow, "t", 1);
            Watch.awaiting("a first attempt").until(() -> undone.size() == 1);
            Watch.awaiting("a wait")
                    .until(() ->
                            run.snapshot().compensation("only").orElseThrow().attempt() == 2);
            // The timeout of all, the wait; not the limit of an attempt that has ended.
            time.awaitPending(2);
            time.advance(Duration.ofMinutes(2));
            Watch.awaiting("a second attempt").until(() -> undone.size() == 2);
            Watch.awaiting("a wait")
                    .until(() ->
                            run.snapshot().compensation("only").orElseThrow().attempt() == 3);
            assertThat(run.snapshot()
                            .compensation("only")
                            .orElseThrow()
                            .failure()
                            .orElseThrow()
                            .message())
                    .isEqualTo("not yet");
            time.advance(Duration.ofMinutes(3));
            ExecutionResult result = watch.ended(run);
            assertThat(result.compensations().get(0).status()).isEqualTo(CompensationStatus.CANCELLED);
        }
    }

    @WithThreads
    @DisplayName("S23 S27 after the timeout of the execution, and after its deadline while it is paused")
    void after_a_timeout(int threads) {
        Gate body = new Gate();
        Flow flow = line(POLICY, undoable("first"), blocking("long", body::clutch));
        try (FlowEngine engine = engine(threads)) {
            FlowExecution run = engine.executeFromTrigger(
                    flow,
                    "t",
                    1,
                    RunOptions.builder().timeout(Duration.ofSeconds(3)).build());
            body.awaitEntered();
            time.advance(Duration.ofSeconds(3));
            ExecutionResult result = watch.ended(run);
            assertThat(result.status()).isEqualTo(ExecutionStatus.FAILED);
            assertThat(result.failure().orElseThrow().kind()).isEqualTo(FailureKind.EXECUTION_TIMEOUT);
            assertThat(undone).containsExactly("first");
            assertThat(Watch.node(run, "long").status()).isEqualTo(NodeStatus.CANCELLED);
        } finally {
            body.open();
        }
    }

    @Test
    @DisplayName("S25 S27 a deadline that comes while the execution is paused")
    void a_deadline_in_a_pause() {
        Gate body = new Gate();
        Flow flow = line(POLICY, undoable("first"), blocking("long", body::hold), undoable("never"));
        try (FlowEngine engine = engine(1)) {
            FlowExecution run = engine.executeFromTrigger(
                    flow,
                    "t",
                    1,
                    RunOptions.builder()
                            .deadline(time.instant().plusSeconds(60))
                            .build());
            body.awaitEntered();
            run.pause();
            Watch.awaitStatus(run, ExecutionStatus.PAUSING);
            body.open();
            Watch.awaitStatus(run, ExecutionStatus.PAUSED);
            time.advance(Duration.ofSeconds(60));

            assertThat(watch.ended(run).status()).isEqualTo(ExecutionStatus.FAILED);
            assertThat(undone).containsExactly("first");
            assertThat(watch.statuses(run))
                    .containsExactly(ExecutionStatus.PAUSING, ExecutionStatus.PAUSED, ExecutionStatus.COMPENSATING);
        }
    }

    @WithThreads
    @DisplayName("S26 closing the engine lets the one that runs end, and the rest undone is not")
    void close_while_compensating(int threads) throws Exception {
        FlowEngine engine = engine(threads);
        FlowExecution run = compensatingAtTheGate(engine, POLICY);
        CountDownLatch closing = new CountDownLatch(1);
        CompletableFuture<Void> closed = CompletableFuture.runAsync(() -> {
            closing.countDown();
            engine.close(Watch.PATIENCE);
        });
        closing.await();
        Watch.awaiting("a refusal").until(() -> refuses(engine));
        gate.open();
        closed.get();

        ExecutionResult result = watch.ended(run);
        assertThat(result.status()).isEqualTo(ExecutionStatus.FAILED);
        assertThat(undone).isEmpty();
        assertThat(result.snapshot().compensation("first").orElseThrow().status())
                .isEqualTo(CompensationStatus.CANCELLED);
    }

    private static boolean refuses(FlowEngine engine) {
        try {
            engine.executeFromTrigger(Flows.line(), "t", 1);
            return false;
        } catch (dev.flowengine.model.FlowException closed) {
            return true;
        }
    }

    @WithThreads
    @DisplayName("S26 closing the engine ends it within its bound, whatever a compensation ignores")
    void close_is_bounded(int threads) {
        FlowEngine engine = engine(threads);
        Flow flow = line(POLICY, undoable("last", (outputs, context) -> gate.clutch(context)), failing());
        FlowExecution run = engine.executeFromTrigger(flow, "t", 1);
        gate.awaitEntered();
        engine.close(Duration.ZERO);

        ExecutionResult result = watch.ended(run);
        assertThat(result.status()).isEqualTo(ExecutionStatus.FAILED);
        assertThat(result.compensations().get(0).status()).isEqualTo(CompensationStatus.CANCELLED);
        gate.awaitInterrupted();
    }

    @Test
    @DisplayName("S26 an execution that the closing engine cancels is not compensated, and says so")
    void closing_does_not_begin_to_compensate() {
        Gate body = new Gate();
        FlowEngine engine = engine(1);
        FlowExecution run =
                engine.executeFromTrigger(line(POLICY, undoable("first"), blocking("long", body::hold)), "t", 1);
        body.awaitEntered();
        engine.close(Duration.ZERO);

        ExecutionResult result = watch.ended(run);
        assertThat(result.status()).isEqualTo(ExecutionStatus.CANCELLED);
        assertThat(undone).isEmpty();
        assertThat(result.compensations())
                .extracting(each -> each.nodeId() + " " + each.status())
                .containsExactly("first CANCELLED");
        body.open();
    }
}
