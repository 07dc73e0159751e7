package dev.flowengine.failure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.event.ExecutionStatusChanged;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowDefinition;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.testing.NeedsOverlap;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("S20 a wait between attempts holds no thread and can be cancelled")
class BackoffHoldsNothingTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final int MANY = 500;

    private static Flow manyThatBackOff() {
        FlowDefinition definition = Flow.definition("many").trigger("t");
        for (int i = 0; i < MANY; i++) {
            definition
                    .add(Nodes.failingUntil(2, "n" + i)
                            .retry(RetryPolicy.fixed(HOUR))
                            .build())
                    .connect("t", "n" + i);
        }
        return definition.build();
    }

    @Test
    @DisplayName("S20 S28 500 nodes back off at once with one worker and one body thread, and others run meanwhile")
    void many_back_off_with_one_thread() {
        try (Bench bench = Bench.with(builder -> builder.workers(1).bodyThreads(1))) {
            FlowExecution run = bench.start(manyThatBackOff());
            bench.time().awaitPending(MANY);
            Bench.awaitStatus(run, ExecutionStatus.WAITING);
            assertThat(run.snapshot().nodes())
                    .filteredOn(node -> node.status() == NodeStatus.WAITING)
                    .hasSize(MANY);

            ExecutionResult other = bench.run(Nodes.line(
                    Nodes.fine("a").build(), Nodes.fine("b").cpuBound().build()));
            assertThat(other.status()).isEqualTo(ExecutionStatus.COMPLETED);

            bench.time().advance(HOUR);
            ExecutionResult result = Bench.ended(run);
            assertThat(result.status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(result.executionPath()).hasSize(MANY + 1).doesNotHaveDuplicates();
        }
    }

    @Test
    @NeedsOverlap
    @DisplayName("S8 a run is RUNNING while anything runs, WAITING when only backoffs are left, then RUNNING again")
    void a_run_waits_when_only_backoffs_are_left() {
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch again = new CountDownLatch(1);
        NodeDefinition waiting = Nodes.node("waiting", context -> {
                    if (context.attempt() == 1) {
                        throw new IllegalStateException("once");
                    }
                    Nodes.awaitOpen(again);
                    return 1;
                })
                .retry(RetryPolicy.fixed(HOUR))
                .build();
        NodeDefinition running = Nodes.node("running", context -> {
                    Nodes.awaitOpen(busy);
                    return 1;
                })
                .build();
        try (Bench bench = Bench.observed()) {
            FlowExecution run = bench.start(Nodes.fanOf(waiting, running).build());
            Bench.awaitNode(run, "waiting", NodeStatus.WAITING);
            assertThat(run.status()).isEqualTo(ExecutionStatus.RUNNING);

            busy.countDown();
            Bench.awaitStatus(run, ExecutionStatus.WAITING);
            assertThat(run.snapshot().status()).isEqualTo(ExecutionStatus.WAITING);

            bench.time().advance(HOUR);
            Bench.awaitStatus(run, ExecutionStatus.RUNNING);
            Bench.awaitNode(run, "waiting", NodeStatus.RUNNING);
            again.countDown();
            ExecutionResult result = Bench.ended(run);
            assertThat(bench.eventsOf(result, ExecutionStatusChanged.class))
                    .extracting(ExecutionStatusChanged::status)
                    .containsExactly(ExecutionStatus.WAITING, ExecutionStatus.RUNNING);
        }
    }

    @Test
    @DisplayName("S20 S26 a cancel ends a wait at once; the attempt it waited for never starts")
    void a_cancel_ends_the_wait() {
        AtomicInteger attempts = new AtomicInteger();
        NodeDefinition node = Nodes.node("a", context -> {
                    attempts.incrementAndGet();
                    throw new IllegalStateException("again");
                })
                .retry(RetryPolicy.fixed(HOUR).maxAttempts(9))
                .build();
        try (Bench bench = Bench.plain()) {
            FlowExecution run = bench.start(Nodes.line(node, Nodes.echo("b")));
            bench.passNext();
            bench.time().awaitPending(1);
            Bench.awaitStatus(run, ExecutionStatus.WAITING);
            run.cancel("enough");

            ExecutionResult result = Bench.ended(run);
            assertThat(result.status()).isEqualTo(ExecutionStatus.CANCELLED);
            assertThat(Bench.states(result)).containsEntry("a", "CANCELLED").containsEntry("b", "CANCELLED");
            assertThat(Bench.node(result, "a").attempt())
                    .as("the attempt that ran, not the one it waited for")
                    .isEqualTo(2);
            assertThat(bench.time().pending()).as("nothing is left behind").isZero();
            bench.time().advance(HOUR.multipliedBy(10));
            assertThat(attempts).hasValue(2);
        }
    }

    @Test
    @NeedsOverlap
    @DisplayName("S20 S26 the wait is over at once, although another body takes its time to stop")
    void a_cancel_ends_the_wait_before_its_grace() {
        CountDownLatch release = new CountDownLatch(1);
        NodeDefinition waiting =
                Nodes.failing("waiting").retry(RetryPolicy.fixed(HOUR)).build();
        NodeDefinition deaf = Nodes.node("deaf", context -> {
                    Nodes.ignoreInterruptsUntil(release);
                    return 1;
                })
                .build();
        try (Bench bench = Bench.plain()) {
            FlowExecution run = bench.start(Nodes.fanOf(waiting, deaf).build());
            bench.time().awaitPending(1);
            Bench.awaitNode(run, "deaf", NodeStatus.RUNNING);
            run.cancel("enough");

            Bench.awaitNode(run, "waiting", NodeStatus.CANCELLED);
            assertThat(run.status().isTerminal()).isFalse();
            release.countDown();
            assertThat(Bench.ended(run).status()).isEqualTo(ExecutionStatus.CANCELLED);
        }
    }

    @Test
    @DisplayName("S20 closing the engine does not wait for a backoff")
    void closing_does_not_wait_for_a_backoff() {
        Bench bench = Bench.plain();
        FlowExecution run = bench.start(
                Nodes.line(Nodes.failing("a").retry(RetryPolicy.fixed(HOUR)).build()));
        bench.time().awaitPending(1);
        bench.engine().close();

        assertThat(Bench.ended(run).status()).isEqualTo(ExecutionStatus.CANCELLED);
        assertThat(bench.time().pending()).isZero();
    }
}
