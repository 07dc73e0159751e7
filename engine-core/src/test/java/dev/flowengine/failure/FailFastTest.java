package dev.flowengine.failure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.event.ExecutionFinished;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.ErrorHandling;
import dev.flowengine.flow.FailureMode;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowDefinition;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.graph.JoinRule;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.node.NodeContext;
import dev.flowengine.testing.NeedsOverlap;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("S22 FAIL_FAST: at the first unhandled failure the run stops")
class FailFastTest {
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final Duration INTERRUPT = Duration.ofSeconds(4);

    private final CountDownLatch running = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);
    private final AtomicReference<NodeContext> seen = new AtomicReference<>();

    private static Bench bench() {
        return Bench.with(builder -> builder.cancelGrace(GRACE).interruptAfter(INTERRUPT));
    }

    /** Fails once {@code other} runs. */
    private NodeDefinition.Builder failing() {
        return Nodes.node("bad", context -> {
            Nodes.awaitOpen(running);
            throw new IllegalStateException("first failure");
        });
    }

    private FlowDefinition beside(NodeDefinition other) {
        return Nodes.fanOf(failing().build(), other)
                .add(Nodes.echo("behind"))
                .connect("other", "behind")
                .failureMode(FailureMode.FAIL_FAST);
    }

    private void hasStarted(NodeContext context) {
        seen.set(context);
        running.countDown();
    }

    @Test
    @DisplayName("S22 S23 nothing new starts; the run is FAILED with the kind and the node of that failure")
    void nothing_new_starts() {
        FlowDefinition flow = Flow.definition("wide").trigger("t").failureMode(FailureMode.FAIL_FAST);
        flow.add(Nodes.failing("bad").build()).connect("t", "bad");
        for (int i = 0; i < 50; i++) {
            flow.add(Nodes.echo("n" + i)).connect("bad", "n" + i);
        }
        flow.add(Nodes.fine("observer").join(JoinRule.ANY_FAILED).build()).connect("bad", "observer");
        try (Bench bench = bench()) {
            ExecutionResult result = bench.run(flow.build());

            assertThat(result.status()).isEqualTo(ExecutionStatus.FAILED);
            assertThat(result.executionPath()).containsExactly("t", "bad");
            assertThat(Bench.states(result)).containsEntry("bad", "FAILED").containsEntry("t", "COMPLETED");
            assertThat(result.snapshot().nodes())
                    .filteredOn(node -> !node.nodeId().matches("t|bad"))
                    .as("S23 nodes still open settle CANCELLED, a join on failures among them")
                    .extracting("status")
                    .containsOnly(NodeStatus.CANCELLED);
            assertThat(result.failure().orElseThrow().kind()).isEqualTo(FailureKind.NODE_EXECUTION_FAILED);
            assertThat(result.failure().orElseThrow()).hasMessageContaining("node 'bad' failed at attempt 1");
            assertThat(bench.time().pending()).isZero();
        }
    }

    @Test
    @NeedsOverlap
    @DisplayName(
            "S22 S26 what runs gets its token at once and an interrupt after interruptAfter; then the run is FAILED")
    void what_runs_is_asked_and_then_interrupted() {
        AtomicBoolean interrupted = new AtomicBoolean();
        NodeDefinition other = Nodes.node("other", context -> {
                    hasStarted(context);
                    try {
                        Nodes.awaitOpen(release);
                    } catch (InterruptedException e) {
                        interrupted.set(true);
                        throw e;
                    }
                    return 1;
                })
                .build();
        try (Bench bench = bench()) {
            FlowExecution run = bench.start(beside(other).build());
            Bench.awaitNode(run, "bad", NodeStatus.FAILED);
            bench.time().awaitPending(2);
            assertThat(seen.get().cancellation().isRequested()).isTrue();
            bench.time().advance(INTERRUPT.minusNanos(1));
            assertThat(run.status().isTerminal()).isFalse();
            assertThat(interrupted).isFalse();

            bench.time().advance(Duration.ofNanos(1));
            ExecutionResult result = Bench.ended(run);
            assertThat(interrupted).isTrue();
            assertThat(result.status()).isEqualTo(ExecutionStatus.FAILED);
            assertThat(Bench.states(result)).containsEntry("other", "CANCELLED").containsEntry("behind", "CANCELLED");
            assertThat(result.failure().orElseThrow().affectedNodes()).containsExactly("bad");
        }
    }

    @Test
    @NeedsOverlap
    @DisplayName("S22 S26 a value returned within the grace counts, but starts nothing")
    void a_value_within_the_grace_counts() {
        NodeDefinition other = Nodes.node("other", context -> {
                    hasStarted(context);
                    Nodes.awaitOpen(release);
                    return "in time";
                })
                .build();
        try (Bench bench = bench()) {
            FlowExecution run = bench.start(beside(other).build());
            Bench.awaitNode(run, "bad", NodeStatus.FAILED);
            release.countDown();

            ExecutionResult result = Bench.ended(run);
            assertThat(result.output("other", String.class)).isEqualTo("in time");
            assertThat(Bench.states(result)).containsEntry("behind", "CANCELLED");
            assertThat(result.status()).isEqualTo(ExecutionStatus.FAILED);
        }
    }

    @Test
    @NeedsOverlap
    @DisplayName(
            "S22 R27 a body that ignores token and interrupt is given up at the end of the grace; one terminal event")
    void a_stubborn_body_is_given_up() {
        NodeDefinition other = Nodes.node("other", context -> {
                    hasStarted(context);
                    Nodes.ignoreInterruptsUntil(release);
                    return "too late";
                })
                .build();
        try (Bench bench = Bench.observed()) {
            FlowExecution run = bench.start(beside(other).build());
            Bench.awaitNode(run, "bad", NodeStatus.FAILED);
            bench.time().awaitPending(2);
            bench.time().advance(GRACE);

            ExecutionResult result = Bench.ended(run);
            assertThat(Bench.states(result)).containsEntry("other", "CANCELLED");
            assertThat(result.status()).isEqualTo(ExecutionStatus.FAILED);
            release.countDown();
            assertThat(bench.eventsOf(result, ExecutionFinished.class)).hasSize(1);
            assertThat(Bench.states(Bench.ended(run))).containsEntry("other", "CANCELLED");
        }
    }

    @Test
    @NeedsOverlap
    @DisplayName("S22 S23 S26 a cancel during the stop is accepted, and does not begin the grace anew")
    void a_cancel_does_not_begin_the_grace_anew() {
        NodeDefinition other = Nodes.node("other", context -> {
                    hasStarted(context);
                    Nodes.ignoreInterruptsUntil(release);
                    return "too late";
                })
                .build();
        try (Bench bench = bench()) {
            FlowExecution run = bench.start(beside(other).build());
            Bench.awaitNode(run, "bad", NodeStatus.FAILED);
            bench.time().awaitPending(2);
            bench.time().advance(GRACE.minusSeconds(1));
            run.cancel("enough");
            Bench.awaitUntil("it is cancelled", () -> run.status() == ExecutionStatus.CANCELLING);
            bench.time().advance(Duration.ofSeconds(1));

            assertThat(Bench.ended(run).status()).isEqualTo(ExecutionStatus.CANCELLED);
            release.countDown();
        }
    }

    @Test
    @DisplayName("S22 S20 a node that backs off is cancelled at once")
    void a_backoff_is_cancelled() {
        NodeDefinition other = Nodes.node("other", context -> {
                    running.countDown();
                    throw new IllegalStateException("again");
                })
                .retry(RetryPolicy.fixed(Duration.ofHours(1)))
                .build();
        NodeDefinition bad = failing().retry(RetryPolicy.none()).build();
        Flow flow = Nodes.fanOf(other, bad)
                .after("bad", "first")
                .add(Nodes.fine("first").build())
                .connect("t", "first")
                .failureMode(FailureMode.FAIL_FAST)
                .build();
        try (Bench bench = bench()) {
            ExecutionResult result = bench.run(flow);

            assertThat(result.status()).isEqualTo(ExecutionStatus.FAILED);
            assertThat(Bench.states(result)).containsEntry("other", "CANCELLED").containsEntry("bad", "FAILED");
            assertThat(bench.time().pending()).isZero();
        }
    }

    @Test
    @DisplayName("S22 S21 a failure that is overcome or handled is none: the run goes on")
    void a_handled_failure_stops_nothing() {
        Flow flow = Nodes.lineOf(
                        Nodes.failingUntil(2, "overcome")
                                .retry(RetryPolicy.fixed(Duration.ZERO))
                                .build(),
                        Nodes.failing("handled")
                                .onError(ErrorHandling.fallback("B"))
                                .build(),
                        Nodes.echo("end"))
                .failureMode(FailureMode.FAIL_FAST)
                .build();
        try (Bench bench = bench()) {
            ExecutionResult result = bench.run(flow);

            assertThat(result.status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(result.output("end", String.class)).isEqualTo("B");
        }
    }
}
