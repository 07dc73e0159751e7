package dev.flowengine.failure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.event.NodeAttemptFailed;
import dev.flowengine.event.NodeTimeoutNear;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowError;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.node.NodeContext;
import dev.flowengine.testing.Engines;
import dev.flowengine.testing.VirtualTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("S27 an attempt may take only so long, from the start of its body")
class AttemptTimeoutTest {
    private static final Duration LIMIT = Duration.ofMillis(50);
    private static final RetryPolicy THREE = RetryPolicy.fixed(Duration.ofMillis(10));

    private final CountDownLatch release = new CountDownLatch(1);
    private final CountDownLatch interrupted = new CountDownLatch(1);

    @AfterEach
    void let_go() {
        release.countDown();
    }

    private NodeDefinition.Builder slow() {
        return Nodes.node("a", context -> {
                    try {
                        Nodes.awaitOpen(release);
                    } catch (InterruptedException e) {
                        interrupted.countDown();
                        throw e;
                    }
                    return "too late";
                })
                .timeout(LIMIT);
    }

    /** A body that takes so long by the clock of the test. */
    private static Object takes(VirtualTime time, Duration duration) throws InterruptedException {
        CountDownLatch over = new CountDownLatch(1);
        time.schedule(duration, over::countDown);
        Nodes.awaitOpen(over);
        return "done";
    }

    @Test
    @DisplayName("S27 a node that takes 300 ms under a timeout of 50 ms fails after 50 ms, and says so")
    void a_slow_node_times_out() {
        try (Bench bench = Bench.plain()) {
            NodeDefinition node = Nodes.node("a", context -> takes(bench.time(), Duration.ofMillis(300)))
                    .timeout(LIMIT)
                    .build();
            FlowExecution run = bench.start(Nodes.line(node, Nodes.echo("b")));
            bench.time().awaitPending(2);
            bench.time().advance(LIMIT.minusNanos(1));
            assertThat(Bench.node(run, "a").status()).isEqualTo(NodeStatus.RUNNING);
            bench.time().advance(Duration.ofNanos(1));

            ExecutionResult result = Bench.ended(run);
            FlowError failure = Bench.node(result, "a").failure().orElseThrow();
            assertThat(failure.kind()).isEqualTo(FailureKind.NODE_TIMEOUT);
            assertThat(failure.type()).isEqualTo(TimeoutException.class.getName());
            assertThat(failure.message()).isEqualTo("attempt 1 of node 'a' took longer than PT0.05S");
            assertThat(failure.attempt()).isEqualTo(1);
            assertThat(result.status()).isEqualTo(ExecutionStatus.FAILED);
            assertThat(result.failure().orElseThrow().kind()).isEqualTo(FailureKind.NODE_TIMEOUT);
            assertThat(Bench.states(result)).containsEntry("b", "SKIPPED(UPSTREAM_FAILED)");
        }
    }

    @Test
    @DisplayName("S27 by the machine's own clock and timer too: the body is interrupted, the node fails")
    void a_slow_node_times_out_in_real_time() throws InterruptedException {
        Flow flow = Nodes.line(slow().build());
        try (var engine = Engines.create()) {
            ExecutionResult result = Bench.ended(engine.executeFromTrigger(flow, "t", 1));

            assertThat(Bench.node(result, "a").failure().orElseThrow().kind()).isEqualTo(FailureKind.NODE_TIMEOUT);
            Nodes.awaitOpen(interrupted);
        }
    }

    @Test
    @DisplayName("S27 a body that ends in time is not timed out later, nor is its next attempt early")
    void a_body_in_time_is_left_alone() {
        try (Bench bench = Bench.plain()) {
            NodeDefinition node = Nodes.node("a", context -> {
                        takes(bench.time(), Duration.ofMillis(40));
                        if (context.attempt() < 3) {
                            throw new IllegalStateException("again");
                        }
                        return "done";
                    })
                    .timeout(LIMIT)
                    .retry(THREE)
                    .build();
            FlowExecution run = bench.start(Nodes.line(node));
            for (int attempt = 1; attempt <= 3; attempt++) {
                bench.time().awaitPending(2);
                bench.time().advance(Duration.ofMillis(40));
                if (attempt < 3) {
                    Bench.awaitNode(run, "a", NodeStatus.WAITING);
                    bench.time().awaitPending(1);
                    assertThat(bench.time().pending())
                            .as("of an attempt that has ended no timeout is left")
                            .isEqualTo(1);
                    bench.time().advance(Duration.ofMillis(10));
                }
            }
            assertThat(Bench.ended(run).output("a", String.class)).isEqualTo("done");
            assertThat(bench.time().pending()).isZero();
        }
    }

    @Test
    @DisplayName("R15 the timeout of attempt 2 and 3 counts as that of attempt 1 does: the run ends, with attempt 3")
    void later_attempts_time_out_too() {
        List<Integer> started = new CopyOnWriteArrayList<>();
        NodeDefinition node = Nodes.node("a", context -> {
                    started.add(context.attempt());
                    Nodes.awaitOpen(release);
                    return 1;
                })
                .timeout(LIMIT)
                .retry(THREE)
                .build();
        try (Bench bench = Bench.plain()) {
            FlowExecution run = bench.start(Nodes.line(node));
            assertThat(List.of(
                            bench.passNext(), bench.passNext(), bench.passNext(), bench.passNext(), bench.passNext()))
                    .extracting(Duration::toMillis)
                    .containsExactly(50L, 10L, 50L, 10L, 50L);

            FlowError failure = Bench.node(Bench.ended(run), "a").failure().orElseThrow();
            assertThat(failure.message()).isEqualTo("attempt 3 of node 'a' took longer than PT0.05S");
            assertThat(failure.attempt()).isEqualTo(3);
            Bench.awaitUntil("every body was called", () -> started.size() == 3);
            assertThat(started).containsExactlyInAnyOrder(1, 2, 3);
        }
    }

    @Test
    @DisplayName("S8 S27 the late value of attempt 1 is dropped while attempt 2 runs, and after the end")
    void a_late_result_is_dropped() {
        CountDownLatch firstMayReturn = new CountDownLatch(1);
        CountDownLatch firstReturned = new CountDownLatch(1);
        NodeDefinition node = Nodes.node("a", context -> {
                    if (context.attempt() == 1) {
                        Nodes.ignoreInterruptsUntil(firstMayReturn);
                        firstReturned.countDown();
                        return "of attempt 1";
                    }
                    Nodes.awaitOpen(firstReturned);
                    Nodes.awaitOpen(release);
                    return "of attempt 2";
                })
                .timeout(LIMIT)
                .retry(THREE)
                .build();
        try (Bench bench = Bench.observed()) {
            FlowExecution run = bench.start(Nodes.line(node, Nodes.echo("b")));
            bench.time().awaitPending(2);
            bench.time().advance(LIMIT);
            Bench.awaitNode(run, "a", NodeStatus.WAITING);
            bench.passNext();
            Bench.awaitNode(run, "a", NodeStatus.RUNNING);
            firstMayReturn.countDown();
            release.countDown();

            ExecutionResult result = Bench.ended(run);
            assertThat(result.output("b", String.class)).isEqualTo("of attempt 2");
            assertThat(Bench.node(result, "a").attempt()).isEqualTo(2);
            assertThat(bench.eventsOf(result, NodeAttemptFailed.class))
                    .extracting(event -> event.error().kind())
                    .containsExactly(FailureKind.NODE_TIMEOUT);
        }
    }

    @Test
    @DisplayName("S27 a body that timed out sees its cancellation requested and is interrupted; its successor is not")
    void a_timed_out_body_is_told() throws InterruptedException {
        AtomicReference<NodeContext> first = new AtomicReference<>();
        AtomicReference<Boolean> secondSaw = new AtomicReference<>();
        NodeDefinition node = Nodes.node("a", context -> {
                    if (context.attempt() == 1) {
                        first.set(context);
                        try {
                            Nodes.awaitOpen(release);
                        } finally {
                            interrupted.countDown();
                        }
                    }
                    secondSaw.set(context.cancellation().isRequested()
                            || Thread.currentThread().isInterrupted());
                    return "fine";
                })
                .timeout(LIMIT)
                .retry(THREE)
                .build();
        try (Bench bench = Bench.plain()) {
            FlowExecution run = bench.start(Nodes.line(node));
            bench.passNext();
            Nodes.awaitOpen(interrupted);
            assertThat(first.get().cancellation().isRequested()).isTrue();
            bench.passNext();

            assertThat(Bench.ended(run).output("a", String.class)).isEqualTo("fine");
            assertThat(secondSaw.get()).isFalse();
        }
    }

    @Test
    @DisplayName("S20 S27 a timeout is repeated like any exception, unless the policy names other types")
    void a_timeout_is_repeated() {
        AtomicInteger attempts = new AtomicInteger();
        NodeDefinition.Builder node = Nodes.node("a", context -> {
                    attempts.incrementAndGet();
                    Nodes.awaitOpen(release);
                    return 1;
                })
                .timeout(LIMIT);
        try (Bench bench = Bench.plain()) {
            FlowExecution run = bench.start(
                    Nodes.line(node.retry(THREE.on(IllegalStateException.class)).build()));
            bench.passNext();
            assertThat(Bench.node(Bench.ended(run), "a").attempt()).isEqualTo(1);
            Bench.awaitUntil("one body was called", () -> attempts.get() == 1);

            FlowExecution again = bench.start(Nodes.line(
                    node.retry(THREE.maxAttempts(2).on(TimeoutException.class)).build()));
            bench.passNext();
            bench.passNext();
            bench.passNext();
            Bench.ended(again);
            Bench.awaitUntil("two more were called", () -> attempts.get() == 3);
            assertThat(Bench.node(Bench.ended(again), "a").attempt()).isEqualTo(2);
        }
    }

    @Test
    @DisplayName("S27 S36 four fifths of a timeout are announced once for each attempt")
    void a_near_timeout_is_announced() {
        try (Bench bench = Bench.observed()) {
            FlowExecution run =
                    bench.start(Nodes.line(slow().retry(THREE.maxAttempts(2)).build()));
            for (int i = 0; i < 2; i++) {
                bench.time().awaitPending(2);
                bench.time().advance(LIMIT);
                if (i == 0) {
                    Bench.awaitNode(run, "a", NodeStatus.WAITING);
                    bench.passNext();
                }
            }
            assertThat(bench.eventsOf(Bench.ended(run), NodeTimeoutNear.class))
                    .extracting(event -> event.attempt() + " " + event.limit())
                    .containsExactly("1 PT0.05S", "2 PT0.05S");
        }
    }
}
