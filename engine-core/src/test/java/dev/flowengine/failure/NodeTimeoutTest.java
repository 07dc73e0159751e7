package dev.flowengine.failure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.event.NodeFailed;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.execution.NodeState;
import dev.flowengine.flow.ErrorHandling;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowError;
import dev.flowengine.model.NodeStatus;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("S27 a node may take only so long from its readiness, queueing and backoff included")
class NodeTimeoutTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final CountDownLatch release = new CountDownLatch(1);
    private final AtomicInteger calls = new AtomicInteger();

    @AfterEach
    void let_go() {
        release.countDown();
    }

    private NodeDefinition.Builder blocking(String id) {
        return Nodes.node(id, context -> {
            calls.incrementAndGet();
            Nodes.awaitOpen(release);
            return id;
        });
    }

    @Test
    @DisplayName("S27 time in the queue counts: a node that never got a thread fails, at attempt 0, and never runs")
    void time_in_the_queue_counts() {
        NodeDefinition queued = Nodes.node("queued", context -> calls.incrementAndGet())
                .nodeTimeout(LIMIT)
                .build();
        try (Bench bench = Bench.with(builder -> builder.bodyThreads(1))) {
            FlowExecution occupant = bench.start(Nodes.line(blocking("occupant").build()));
            Bench.awaitNode(occupant, "occupant", NodeStatus.RUNNING);
            FlowExecution run = bench.start(Nodes.line(queued));
            bench.time().awaitPending(1);
            Bench.awaitNode(run, "queued", NodeStatus.QUEUED);
            bench.time().advance(LIMIT);

            ExecutionResult result = Bench.ended(run);
            FlowError failure = Bench.node(result, "queued").failure().orElseThrow();
            assertThat(failure.kind()).isEqualTo(FailureKind.NODE_TIMEOUT);
            assertThat(failure.message())
                    .isEqualTo("node 'queued' took longer than PT10S, waits and all attempts included");
            assertThat(failure.attempt()).isZero();
            assertThat(Bench.node(result, "queued").attempt()).isZero();
            assertThat(result.executionPath()).containsExactly("t");
            release.countDown();
            assertThat(Bench.ended(occupant).status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(bench.run(Nodes.line(Nodes.fine("next").build())).status())
                    .as("the line goes on behind what was taken out of it")
                    .isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(calls).as("only the occupant ran").hasValue(1);
        }
    }

    @Test
    @DisplayName("S27 backoff counts: a node fails while it waits, with the attempt that ran, and never runs again")
    void backoff_counts() {
        NodeDefinition node = Nodes.node("a", context -> {
                    calls.incrementAndGet();
                    throw new IllegalStateException("again");
                })
                .retry(RetryPolicy.fixed(Duration.ofSeconds(4)).maxAttempts(100))
                .nodeTimeout(LIMIT)
                .build();
        try (Bench bench = Bench.observed()) {
            FlowExecution run = bench.start(Nodes.line(node));
            for (int attempt = 1; attempt <= 2; attempt++) {
                int expected = attempt;
                Bench.awaitUntil("attempt " + attempt + " failed", () -> waits(run, expected));
                bench.time().awaitPending(3);
                bench.time().advance(Duration.ofSeconds(4));
            }
            Bench.awaitUntil("attempt 3 failed", () -> waits(run, 3));
            bench.time().awaitPending(2);
            bench.time().advance(Duration.ofSeconds(2));

            ExecutionResult result = Bench.ended(run);
            NodeState state = Bench.node(result, "a");
            assertThat(state.failure().orElseThrow().kind()).isEqualTo(FailureKind.NODE_TIMEOUT);
            assertThat(state.attempt()).isEqualTo(3);
            assertThat(state.failure().orElseThrow().attempt()).isEqualTo(3);
            assertThat(bench.eventsOf(result, NodeFailed.class))
                    .extracting(NodeFailed::attempt)
                    .containsExactly(3);
            assertThat(bench.time().pending()).isZero();
            bench.time().advance(LIMIT);
            assertThat(calls).hasValue(3);
        }
    }

    private static boolean waits(FlowExecution run, int attempt) {
        NodeState state = Bench.node(run, "a");
        return state.status() == NodeStatus.WAITING && state.attempt() == attempt;
    }

    @Test
    @DisplayName("S27 all attempts together: the attempt that runs when the time is up is interrupted")
    void all_attempts_count_together() throws InterruptedException {
        CountDownLatch interrupted = new CountDownLatch(1);
        NodeDefinition node = Nodes.node("a", context -> {
                    if (context.attempt() == 1) {
                        throw new IllegalStateException("once");
                    }
                    try {
                        Nodes.awaitOpen(release);
                    } catch (InterruptedException e) {
                        interrupted.countDown();
                        throw e;
                    }
                    return 1;
                })
                .retry(RetryPolicy.fixed(Duration.ofSeconds(4)))
                .nodeTimeout(LIMIT)
                .build();
        try (Bench bench = Bench.plain()) {
            FlowExecution run = bench.start(Nodes.line(node));
            bench.time().awaitPending(2);
            bench.time().advance(Duration.ofSeconds(4));
            Bench.awaitNode(run, "a", NodeStatus.RUNNING);
            bench.time().advance(Duration.ofSeconds(6).minusNanos(1));
            assertThat(run.status().isTerminal()).isFalse();
            bench.time().advance(Duration.ofNanos(1));

            NodeState state = Bench.node(Bench.ended(run), "a");
            assertThat(state.failure().orElseThrow().kind()).isEqualTo(FailureKind.NODE_TIMEOUT);
            assertThat(state.attempt()).isEqualTo(2);
            Nodes.awaitOpen(interrupted);
        }
    }

    @Test
    @DisplayName("S27 S20 a node timeout is final: it is not repeated, but it is handled")
    void a_node_timeout_is_not_repeated_but_handled() {
        NodeDefinition node = blocking("a")
                .retry(RetryPolicy.fixed(Duration.ZERO).maxAttempts(9))
                .nodeTimeout(LIMIT)
                .onError(ErrorHandling.recover(error -> error.kind().name()))
                .build();
        try (Bench bench = Bench.plain()) {
            FlowExecution run = bench.start(Nodes.line(node, Nodes.echo("b")));
            Bench.awaitUntil("the body runs", () -> calls.get() == 1);
            bench.passNext();

            ExecutionResult result = Bench.ended(run);
            assertThat(result.output("b", String.class)).isEqualTo("NODE_TIMEOUT");
            assertThat(Bench.node(result, "a").handledFailure()).isPresent();
            assertThat(calls).hasValue(1);
        }
    }

    @Test
    @DisplayName("S27 R14 a node timeout ends a recovery that hangs, and gives its place to others")
    void a_node_timeout_ends_a_recovery() {
        NodeDefinition node = Nodes.failing("a")
                .nodeTimeout(LIMIT)
                .onError(ErrorHandling.recover(error -> {
                    calls.incrementAndGet();
                    Nodes.ignoreInterruptsUntil(release);
                    return 1;
                }))
                .build();
        try (Bench bench = Bench.with(builder -> builder.bodyThreads(1))) {
            FlowExecution run = bench.start(Nodes.line(node));
            Bench.awaitUntil("the recovery runs", () -> calls.get() == 1);
            bench.passNext();

            assertThat(Bench.node(Bench.ended(run), "a").failure().orElseThrow().kind())
                    .isEqualTo(FailureKind.NODE_TIMEOUT);
            assertThat(bench.run(Nodes.line(Nodes.fine("b").build())).status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
    }

    @Test
    @DisplayName("S27 a node that ends in time leaves nothing behind")
    void nothing_is_left_behind() {
        try (Bench bench = Bench.plain()) {
            ExecutionResult result = bench.run(Nodes.line(
                    Nodes.fine("a").nodeTimeout(LIMIT).timeout(LIMIT).build(),
                    Nodes.fine("b").cpuBound().nodeTimeout(LIMIT).build()));

            assertThat(result.status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(bench.time().pending()).isZero();
        }
    }

    @Test
    @DisplayName("S27 the times of a node that was given up are those of its last attempt, end after start")
    void the_times_of_a_given_up_node_are_in_order() {
        CountDownLatch never = new CountDownLatch(1);
        for (int attempts = 1; attempts <= 2; attempts++) {
            int last = attempts;
            NodeDefinition node = Nodes.node("a", context -> {
                        if (context.attempt() == last) {
                            Nodes.awaitOpen(never);
                        }
                        throw new IllegalStateException("first");
                    })
                    .retry(RetryPolicy.fixed(Duration.ofSeconds(1)).maxAttempts(2))
                    .nodeTimeout(Duration.ofSeconds(10))
                    .build();
            try (Bench bench = Bench.plain()) {
                FlowExecution run = bench.start(Nodes.line(node));
                for (int i = 1; i < attempts; i++) {
                    Bench.awaitUntil("it waits", () -> run.status() == ExecutionStatus.WAITING);
                    bench.time().advance(Duration.ofSeconds(1));
                }
                Bench.awaitUntil(
                        "its last attempt runs",
                        () -> Bench.node(run, "a").attempt() == last
                                && Bench.node(run, "a").status() == NodeStatus.RUNNING);
                Bench.awaitUntil(
                        "it has started",
                        () -> Bench.node(run, "a")
                                .startedAt()
                                .equals(Optional.of(bench.time().instant())));
                bench.time().advance(Duration.ofSeconds(10));
                NodeState state = Bench.node(Bench.ended(run), "a");
                Bench.awaitUntil(
                        "its end is known", () -> Bench.node(run, "a").endedAt().isPresent());
                assertThat(Bench.node(run, "a").endedAt().orElseThrow())
                        .isAfter(state.startedAt().orElseThrow());
            }
        }
    }
}
