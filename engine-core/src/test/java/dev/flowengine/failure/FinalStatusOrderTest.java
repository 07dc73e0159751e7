package dev.flowengine.failure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.FailureMode;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowDefinition;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.node.RunOptions;
import dev.flowengine.testing.NeedsOverlap;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("S23 of several reasons to end, the first in the order of the rule decides")
class FinalStatusOrderTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final RunOptions LIMITED =
            RunOptions.builder().timeout(MINUTE).build();

    private final CountDownLatch running = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);

    @AfterEach
    void let_go() {
        release.countDown();
    }

    /** Does not end until the test does. */
    private NodeDefinition stubborn() {
        return Nodes.node("stubborn", context -> {
                    running.countDown();
                    Nodes.ignoreInterruptsUntil(release);
                    return 1;
                })
                .build();
    }

    private FlowDefinition failedAndStubborn() {
        NodeDefinition bad = Nodes.node("bad", context -> {
                    Nodes.awaitOpen(running);
                    throw new IllegalStateException("planned");
                })
                .build();
        return Nodes.fanOf(bad, stubborn(), Nodes.fine("good").build());
    }

    private static FlowExecution start(Bench bench, FlowDefinition flow) {
        FlowExecution run = bench.engine().executeFromTrigger(flow.build(), "t", 1, LIMITED);
        Bench.awaitNode(run, "bad", NodeStatus.FAILED);
        Bench.awaitNode(run, "good", NodeStatus.COMPLETED);
        return run;
    }

    @Test
    @NeedsOverlap
    @DisplayName("S23 a cancel beats an unhandled failure and a run timeout that comes during its grace")
    void a_cancel_beats_failures_and_timeouts() {
        try (Bench bench = Bench.with(builder -> builder.cancelGrace(MINUTE.multipliedBy(2)))) {
            FlowExecution run = start(bench, failedAndStubborn());
            run.cancel("no longer wanted");
            Bench.awaitStatus(run, ExecutionStatus.CANCELLING);
            bench.time().advance(MINUTE);
            assertThat(run.status()).isEqualTo(ExecutionStatus.CANCELLING);
            bench.time().advance(MINUTE);

            ExecutionResult result = Bench.ended(run);
            assertThat(result.status()).isEqualTo(ExecutionStatus.CANCELLED);
            assertThat(result.failure().orElseThrow().kind()).isEqualTo(FailureKind.CANCELLED);
            assertThat(Bench.states(result)).containsEntry("bad", "FAILED").containsEntry("stubborn", "CANCELLED");
        }
    }

    @Test
    @NeedsOverlap
    @DisplayName("S23 a run timeout beats an unhandled failure, although a sink completed")
    void a_run_timeout_beats_a_failure() {
        try (Bench bench = Bench.plain()) {
            FlowExecution run = start(bench, failedAndStubborn());
            bench.time().advance(MINUTE);

            ExecutionResult result = Bench.ended(run);
            assertThat(result.status()).isEqualTo(ExecutionStatus.FAILED);
            assertThat(result.failure().orElseThrow().kind()).isEqualTo(FailureKind.EXECUTION_TIMEOUT);
            assertThat(Bench.states(result))
                    .containsEntry("stubborn", "CANCELLED")
                    .containsEntry("good", "COMPLETED");
        }
    }

    @Test
    @NeedsOverlap
    @DisplayName("S23 fail-fast keeps its node's failure as the reason, although the run timeout ends its grace")
    void fail_fast_keeps_its_reason() {
        NodeDefinition bad = Nodes.node("bad", context -> {
                    Nodes.awaitOpen(running);
                    throw new IllegalStateException("planned");
                })
                .build();
        FlowDefinition flow = Nodes.fanOf(Nodes.fine("good").build(), stubborn())
                .add(bad)
                .connect("good", "bad")
                .failureMode(FailureMode.FAIL_FAST);
        try (Bench bench = Bench.with(builder -> builder.cancelGrace(MINUTE.multipliedBy(2)))) {
            FlowExecution run = start(bench, flow);
            bench.time().awaitPending(2);
            bench.time().advance(MINUTE.multipliedBy(2));

            ExecutionResult result = Bench.ended(run);
            assertThat(result.status()).isEqualTo(ExecutionStatus.FAILED);
            assertThat(result.failure().orElseThrow().kind()).isEqualTo(FailureKind.NODE_EXECUTION_FAILED);
            assertThat(result.failure().orElseThrow().affectedNodes()).containsExactly("bad");
        }
    }

    @Test
    @DisplayName("S23 a run that ends by itself in the very moment of its timeout is not changed by it any more")
    void a_timeout_after_the_end_changes_nothing() {
        try (Bench bench = Bench.plain()) {
            FlowExecution run =
                    bench.engine().executeFromTrigger(Nodes.line(Nodes.fine("a").build()), "t", 1, LIMITED);
            assertThat(Bench.ended(run).status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(bench.time().pending()).isZero();
            bench.time().advance(MINUTE);

            assertThat(run.status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(run.cancel("too late")).isEqualTo(ExecutionStatus.COMPLETED);
        }
    }

    @Test
    @DisplayName("S23 the reason of a run with several failures is the first one that nothing handled")
    void the_first_unhandled_failure_is_the_reason() {
        Flow flow = Nodes.lineOf(Nodes.fine("a").build(), Nodes.failing("first").build())
                .add(Nodes.failing("later")
                        .retry(RetryPolicy.fixed(MINUTE).maxAttempts(2))
                        .build())
                .connect("a", "later")
                .build();
        try (Bench bench = Bench.plain()) {
            FlowExecution run = bench.start(flow);
            Bench.awaitNode(run, "first", NodeStatus.FAILED);
            bench.passNext();

            ExecutionResult result = Bench.ended(run);
            assertThat(result.status()).isEqualTo(ExecutionStatus.FAILED);
            assertThat(result.failure().orElseThrow().affectedNodes()).containsExactly("first");
        }
    }
}
