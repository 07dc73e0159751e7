package dev.flowengine.control;

import static dev.flowengine.control.Flows.blocking;
import static dev.flowengine.control.Flows.line;
import static dev.flowengine.control.Flows.node;
import static dev.flowengine.control.Flows.passing;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.node.NodeContext;
import dev.flowengine.node.RunOptions;
import dev.flowengine.testing.Engines;
import dev.flowengine.testing.VirtualTime;
import dev.flowengine.testing.WithThreads;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;

@DisplayName("S25 S27 what time does while a run is paused")
class PauseAndTimeTest {
    private final Watch watch = new Watch();
    private final VirtualTime time = new VirtualTime();
    private final Gate gate = new Gate();
    private final AtomicInteger attempts = new AtomicInteger();

    private static Duration seconds(int seconds) {
        return Duration.ofSeconds(seconds);
    }

    private FlowEngine engine(int threads) {
        return time.in(Engines.builder(threads).listener(watch)).build();
    }

    private Object failFirst(NodeContext context) {
        attempts.incrementAndGet();
        if (context.attempt() == 1) {
            throw new IllegalStateException("planned failure of attempt 1");
        }
        return context.attempt();
    }

    /** A run that has been paused, and whose pause has taken effect as far as it can. */
    private static FlowExecution paused(FlowExecution run, ExecutionStatus until) {
        run.pause();
        Watch.awaitStatus(run, until);
        return run;
    }

    private static void resume(FlowExecution run, ExecutionStatus until) {
        run.resume();
        Watch.awaitStatus(run, until);
    }

    @WithThreads
    @DisplayName("a backoff keeps its remaining time")
    void a_backoff_keeps_its_remaining_time(int threads) {
        Flow flow = line(
                node("a", this::failFirst).retry(RetryPolicy.fixed(seconds(10))).build());
        try (FlowEngine engine = engine(threads)) {
            FlowExecution run = engine.executeFromTrigger(flow, "t", 1);
            Watch.awaitStatus(run, ExecutionStatus.WAITING);
            time.advance(seconds(4));
            paused(run, ExecutionStatus.PAUSED);
            time.advance(seconds(100));
            assertThat(run.status()).isEqualTo(ExecutionStatus.PAUSED);
            assertThat(attempts).hasValue(1);

            resume(run, ExecutionStatus.WAITING);
            time.advance(seconds(6).minusNanos(1));
            assertThat(run.snapshot().status()).isEqualTo(ExecutionStatus.WAITING);
            time.advance(Duration.ofNanos(1));
            assertThat(watch.ended(run).output("a", Integer.class)).isEqualTo(2);
            assertThat(watch.attempts(run, "a")).containsExactly(1, 2);
            assertThat(watch.statuses(run))
                    .containsExactly(
                            ExecutionStatus.WAITING,
                            ExecutionStatus.PAUSING,
                            ExecutionStatus.PAUSED,
                            ExecutionStatus.RUNNING,
                            ExecutionStatus.WAITING,
                            ExecutionStatus.RUNNING);
        }
    }

    @WithThreads
    @DisplayName("a backoff that begins while pausing has all of its time left on resume")
    void a_backoff_that_begins_while_pausing(int threads) {
        Flow flow = line(node("a", context -> {
                    gate.hold(context);
                    return failFirst(context);
                })
                .retry(RetryPolicy.fixed(seconds(10)))
                .build());
        try (FlowEngine engine = engine(threads)) {
            FlowExecution run = engine.executeFromTrigger(flow, "t", 1);
            gate.awaitEntered();
            paused(run, ExecutionStatus.PAUSING);
            gate.open();
            Watch.awaitStatus(run, ExecutionStatus.PAUSED);
            assertThat(Watch.node(run, "a").status()).isEqualTo(NodeStatus.WAITING);
            time.advance(seconds(60));

            resume(run, ExecutionStatus.WAITING);
            time.advance(seconds(9));
            assertThat(run.snapshot().status()).isEqualTo(ExecutionStatus.WAITING);
            time.advance(seconds(1));
            assertThat(watch.ended(run).status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
    }

    @WithThreads
    @DisplayName("a running attempt stays under its timeout, and its repetition waits for the resume")
    void a_running_attempt_stays_under_its_timeout(int threads) {
        Gate second = new Gate();
        Flow flow = line(node("a", context -> (context.attempt() == 1 ? gate : second).hold(context))
                .timeout(seconds(10))
                .retry(RetryPolicy.fixed(Duration.ZERO))
                .build());
        try (FlowEngine engine = engine(threads)) {
            FlowExecution run = engine.executeFromTrigger(flow, "t", 1);
            gate.awaitEntered();
            time.awaitPending(1);
            paused(run, ExecutionStatus.PAUSING);
            time.advance(seconds(10));
            gate.awaitInterrupted();
            Watch.awaitStatus(run, ExecutionStatus.PAUSED);
            time.advance(seconds(60));
            assertThat(second.bodies()).isZero();

            run.resume();
            second.awaitEntered().open();
            assertThat(watch.ended(run).status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
    }

    @WithThreads
    @DisplayName("a node timeout keeps its remaining time")
    void a_node_timeout_keeps_its_remaining_time(int threads) {
        Flow flow = line(node("a", gate::hold).nodeTimeout(seconds(10)).build());
        try (FlowEngine engine = engine(threads)) {
            FlowExecution run = engine.executeFromTrigger(flow, "t", 1);
            gate.awaitEntered();
            time.advance(seconds(4));
            paused(run, ExecutionStatus.PAUSING);
            time.advance(seconds(100));
            resume(run, ExecutionStatus.RUNNING);
            time.advance(seconds(6).minusNanos(1));
            assertThat(run.snapshot().status()).isEqualTo(ExecutionStatus.RUNNING);
            assertThat(gate.wasInterrupted()).isFalse();

            time.advance(Duration.ofNanos(1));
            ExecutionResult result = watch.ended(run);
            assertThat(result.failure().orElseThrow().kind()).isEqualTo(FailureKind.NODE_TIMEOUT);
        }
    }

    @WithThreads
    @DisplayName("the time of a node that becomes ready in a pause begins with the resume")
    void the_time_of_a_node_that_becomes_ready_in_a_pause(int threads) {
        Gate next = new Gate();
        Flow flow = line(
                blocking("a", gate::hold),
                node("b", next::hold).nodeTimeout(seconds(10)).build());
        try (FlowEngine engine = engine(threads)) {
            FlowExecution run = engine.executeFromTrigger(flow, "t", 1);
            gate.awaitEntered();
            paused(run, ExecutionStatus.PAUSING);
            gate.open();
            Watch.awaitStatus(run, ExecutionStatus.PAUSED);
            time.advance(seconds(100));
            assertThat(Watch.node(run, "b").status()).isEqualTo(NodeStatus.QUEUED);
            run.resume();
            next.awaitEntered();
            time.advance(seconds(9));
            assertThat(next.wasInterrupted()).isFalse();
            next.open();
            assertThat(watch.ended(run).status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
    }

    @WithThreads
    @DisplayName("a run timeout keeps its remaining time")
    void a_run_timeout_keeps_its_remaining_time(int threads) {
        try (FlowEngine engine = engine(threads)) {
            FlowExecution run = engine.executeFromTrigger(
                    line(blocking("a", gate::hold), passing("b")),
                    "t",
                    1,
                    RunOptions.builder().timeout(seconds(10)).build());
            gate.awaitEntered();
            time.advance(seconds(4));
            paused(run, ExecutionStatus.PAUSING);
            time.advance(seconds(100));
            resume(run, ExecutionStatus.RUNNING);
            time.advance(seconds(6).minusNanos(1));
            assertThat(run.snapshot().status()).isEqualTo(ExecutionStatus.RUNNING);

            time.advance(Duration.ofNanos(1));
            ExecutionResult result = watch.ended(run);
            assertThat(result.status()).isEqualTo(ExecutionStatus.FAILED);
            assertThat(result.failure().orElseThrow().kind()).isEqualTo(FailureKind.EXECUTION_TIMEOUT);
        }
    }

    @WithThreads
    @DisplayName("a deadline never stands still, and ends a paused run")
    void a_deadline_ends_a_paused_run(int threads) {
        try (FlowEngine engine = engine(threads)) {
            RunOptions options = RunOptions.builder()
                    .deadline(time.instant().plusSeconds(10))
                    .build();
            FlowExecution run =
                    engine.executeFromTrigger(line(blocking("a", gate::hold), passing("b")), "t", 1, options);
            gate.awaitEntered();
            paused(run, ExecutionStatus.PAUSING);
            gate.open();
            Watch.awaitStatus(run, ExecutionStatus.PAUSED);
            time.advance(seconds(10));
            ExecutionResult result = watch.ended(run);
            assertThat(result.status()).isEqualTo(ExecutionStatus.FAILED);
            assertThat(result.failure().orElseThrow().kind()).isEqualTo(FailureKind.EXECUTION_TIMEOUT);
            assertThat(Watch.node(run, "b").status()).isEqualTo(NodeStatus.CANCELLED);
            assertThat(time.pending()).isZero();
        }
    }
}
