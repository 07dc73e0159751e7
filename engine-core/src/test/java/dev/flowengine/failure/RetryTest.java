package dev.flowengine.failure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.event.NodeAttemptFailed;
import dev.flowengine.event.NodeCompleted;
import dev.flowengine.event.NodeEvent;
import dev.flowengine.event.NodeFailed;
import dev.flowengine.event.NodeStarted;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.execution.NodeState;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FlowError;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.node.PortValues;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("S20 a failed attempt is repeated")
class RetryTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final RetryPolicy AT_ONCE = RetryPolicy.fixed(Duration.ZERO);

    /** The waits between the attempts of a node that always fails. */
    private static List<Duration> waits(RetryPolicy policy) {
        try (Bench bench = Bench.plain()) {
            FlowExecution run =
                    bench.start(Nodes.line(Nodes.failing("a").retry(policy).build()));
            List<Duration> waits = new ArrayList<>();
            for (int i = 1; i < policy.maxAttempts(); i++) {
                waits.add(bench.passNext());
            }
            ExecutionResult result = Bench.ended(run);
            assertThat(Bench.node(result, "a").attempt()).isEqualTo(policy.maxAttempts());
            return waits;
        }
    }

    private static int attemptsOf(Throwable thrown, RetryPolicy policy) {
        NodeDefinition node = Nodes.node("a", context -> {
                    throw sneaky(thrown);
                })
                .retry(policy)
                .build();
        try (Bench bench = Bench.plain()) {
            ExecutionResult result = bench.run(Nodes.line(node));
            FlowError failure = Bench.node(result, "a").failure().orElseThrow();
            assertThat(failure.type()).isEqualTo(thrown.getClass().getName());
            return failure.attempt();
        }
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // the cast is the trick
    private static <X extends Throwable> RuntimeException sneaky(Throwable thrown) throws X {
        throw (X) thrown;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName("S20 attempts count from 1, also for a body on a worker; the last one's value counts")
    void attempts_count_from_one(boolean cpuBound) {
        List<Integer> attempts = new CopyOnWriteArrayList<>();
        NodeDefinition.Builder node = Nodes.node("a", context -> {
                    attempts.add(context.attempt());
                    if (context.attempt() < 4) {
                        throw new IOException("no");
                    }
                    return "value of attempt " + context.attempt();
                })
                .retry(AT_ONCE.maxAttempts(4));
        try (Bench bench = Bench.plain()) {
            ExecutionResult result =
                    bench.run(Nodes.line((cpuBound ? node.cpuBound() : node).build(), Nodes.echo("b")));

            assertThat(result.status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(attempts).containsExactly(1, 2, 3, 4);
            assertThat(result.output("b", String.class)).isEqualTo("value of attempt 4");
            NodeState state = Bench.node(result, "a");
            assertThat(state.attempt()).isEqualTo(4);
            assertThat(state.failure()).isEmpty();
            assertThat(state.handledFailure())
                    .as("it was not handled, it was overcome")
                    .isEmpty();
            assertThat(result.executionPath()).as("S16 each node once").containsExactly("t", "a", "b");
        }
    }

    @Test
    @DisplayName("S20 the body of an asynchronous node is started anew for each attempt")
    void asynchronous_bodies_are_repeated() {
        NodeDefinition node = NodeDefinition.builder("a")
                .asyncBody(context -> context.attempt() < 3
                        ? CompletableFuture.failedFuture(new IOException("attempt " + context.attempt()))
                        : CompletableFuture.completedFuture(context.attempt()))
                .retry(RetryPolicy.fixed(SECOND))
                .build();
        try (Bench bench = Bench.plain()) {
            FlowExecution run = bench.start(Nodes.line(node));
            assertThat(bench.passNext()).isEqualTo(SECOND);
            assertThat(bench.passNext()).isEqualTo(SECOND);

            assertThat(Bench.ended(run).output("a", Integer.class)).isEqualTo(3);
        }
    }

    @Test
    @DisplayName("S20 waits are fixed, grow exponentially up to a cap, or are what a function says")
    void waits_follow_the_policy() {
        assertThat(waits(RetryPolicy.fixed(SECOND).maxAttempts(3))).containsExactly(SECOND, SECOND);
        assertThat(waits(RetryPolicy.exponential(SECOND).maxAttempts(6).cap(Duration.ofSeconds(5))))
                .containsExactly(
                        SECOND,
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(4),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(5));
        assertThat(waits(
                        RetryPolicy.custom(failed -> Duration.ofMinutes(failed)).maxAttempts(4)))
                .containsExactly(Duration.ofMinutes(1), Duration.ofMinutes(2), Duration.ofMinutes(3));
    }

    @Test
    @DisplayName("S20 jitter varies each wait within its bounds, and does vary it")
    void jitter_stays_in_its_bounds() {
        List<Duration> waits = waits(RetryPolicy.fixed(SECOND).jitter(0.2).maxAttempts(50));

        assertThat(waits).allMatch(wait -> wait.toMillis() >= 800 && wait.toMillis() <= 1200);
        assertThat(waits).doesNotHaveDuplicates();
    }

    @Test
    @DisplayName("S20 a wait lasts until its last nanosecond")
    void a_wait_lasts_its_whole_time() {
        Flow flow = Nodes.line(
                Nodes.failingUntil(2, "a").retry(RetryPolicy.fixed(SECOND)).build());
        try (Bench bench = Bench.plain()) {
            FlowExecution run = bench.start(flow);
            bench.time().awaitPending(1);
            bench.time().advance(SECOND.minusNanos(1));
            assertThat(Bench.node(run, "a").status()).isEqualTo(NodeStatus.WAITING);

            bench.time().advance(Duration.ofNanos(1));
            assertThat(Bench.ended(run).output("a", Integer.class)).isEqualTo(2);
        }
    }

    @Test
    @DisplayName("S20 types and predicates say what is repeated; an Error is not, unless they say so")
    void policies_say_what_is_repeated() {
        RetryPolicy onIo = AT_ONCE.on(IOException.class);
        RetryPolicy temporary = AT_ONCE.when(thrown -> "temporary".equals(thrown.getMessage()));

        assertThat(attemptsOf(new IllegalStateException(), AT_ONCE)).isEqualTo(3);
        assertThat(attemptsOf(new AssertionError(), AT_ONCE)).isEqualTo(1);
        assertThat(attemptsOf(new AssertionError(), AT_ONCE.on(Error.class))).isEqualTo(3);
        assertThat(attemptsOf(new FileNotFoundException(), onIo)).isEqualTo(3);
        assertThat(attemptsOf(new IllegalStateException(), onIo)).isEqualTo(1);
        assertThat(attemptsOf(new IllegalStateException("temporary"), temporary))
                .isEqualTo(3);
        assertThat(attemptsOf(new IllegalStateException("for good"), temporary)).isEqualTo(1);
        assertThat(attemptsOf(new Throwable("plain"), AT_ONCE.on(Throwable.class)))
                .isEqualTo(3);
    }

    @Test
    @DisplayName("S20 a node's own policy replaces that of its flow, and none() switches it off")
    void a_nodes_policy_replaces_the_flows() {
        Flow flow = Nodes.fanOf(
                        Nodes.failing("flow").build(),
                        Nodes.failing("own").retry(AT_ONCE.maxAttempts(5)).build(),
                        Nodes.failing("none").retry(RetryPolicy.none()).build())
                .retry(AT_ONCE.maxAttempts(2))
                .build();
        try (Bench bench = Bench.plain()) {
            ExecutionResult result = bench.run(flow);

            assertThat(Bench.node(result, "flow").attempt()).isEqualTo(2);
            assertThat(Bench.node(result, "own").attempt()).isEqualTo(5);
            assertThat(Bench.node(result, "none").attempt()).isEqualTo(1);
        }
    }

    @Test
    @DisplayName("S10 S20 what a failed attempt emitted is discarded")
    void what_a_failed_attempt_emitted_is_discarded() {
        NodeDefinition router = NodeDefinition.builder("a")
                .outputs("left", "right")
                .emittingBody((context, out) -> {
                    out.emit(context.attempt() == 1 ? "left" : "right", "from attempt " + context.attempt());
                    if (context.attempt() == 1) {
                        throw new IOException("after the emission");
                    }
                })
                .retry(AT_ONCE)
                .build();
        try (Bench bench = Bench.plain()) {
            ExecutionResult result = bench.run(Nodes.line(router));

            assertThat(result.outputs("a")).isEqualTo(PortValues.of("right", "from attempt 2"));
        }
    }

    @Test
    @DisplayName("S20 S36 every failed attempt is told, with its number, before the next one starts")
    void failed_attempts_are_told_in_order() {
        try (Bench bench = Bench.observed()) {
            ExecutionResult overcome = bench.run(Nodes.line(
                    Nodes.failingUntil(3, "a").retry(AT_ONCE.maxAttempts(3)).build()));
            assertThat(toldOf(bench, overcome, "a"))
                    .containsExactly(
                            "started 1", "attempt failed 1", "started 2", "attempt failed 2", "started 3", "ok 3");

            ExecutionResult lost = bench.run(
                    Nodes.line(Nodes.failing("a").retry(AT_ONCE.maxAttempts(2)).build()));
            assertThat(toldOf(bench, lost, "a"))
                    .containsExactly("started 1", "attempt failed 1", "started 2", "failed 2");
            assertThat(bench.eventsOf(lost, NodeAttemptFailed.class))
                    .extracting(event -> event.error().message())
                    .containsExactly("a failed at attempt 1");
        }
    }

    private static List<String> toldOf(Bench bench, ExecutionResult result, String node) {
        List<String> told = new ArrayList<>();
        for (NodeEvent event : bench.eventsOf(result, NodeEvent.class)) {
            if (event.nodeId().equals(node)) {
                String what = event.getClass().getSimpleName();
                if (event instanceof NodeStarted) {
                    what = "started";
                } else if (event instanceof NodeAttemptFailed failed) {
                    assertThat(failed.error().attempt()).isEqualTo(failed.attempt());
                    what = "attempt failed";
                } else if (event instanceof NodeCompleted) {
                    what = "ok";
                } else if (event instanceof NodeFailed failed) {
                    assertThat(failed.error().attempt()).isEqualTo(failed.attempt());
                    what = "failed";
                }
                told.add(what + " " + event.attempt());
            }
        }
        return told;
    }

    @Test
    @DisplayName("S20 while a node waits, its state and explanation show the attempt that failed, and how")
    void a_waiting_node_shows_its_last_failure() {
        Flow flow =
                Nodes.line(Nodes.failing("a").retry(RetryPolicy.fixed(SECOND)).build());
        try (Bench bench = Bench.plain()) {
            FlowExecution run = bench.start(flow);
            bench.passNext();
            bench.time().awaitPending(1);

            NodeState state = Bench.node(run, "a");
            assertThat(state.status()).isEqualTo(NodeStatus.WAITING);
            assertThat(state.attempt()).isEqualTo(2);
            assertThat(state.failure().orElseThrow().message()).isEqualTo("a failed at attempt 2");
            assertThat(state.failure().orElseThrow().attempt()).isEqualTo(2);
            assertThat(run.explain("a"))
                    .contains("WAITING", "after attempt 2 with java.lang.IllegalStateException: a failed at attempt 2");
        }
    }

    @Test
    @DisplayName("S20 a new attempt sees the same inputs as the first")
    void every_attempt_sees_the_same_inputs() {
        List<Object> inputs = new CopyOnWriteArrayList<>();
        AtomicInteger calls = new AtomicInteger();
        NodeDefinition node = Nodes.node("b", context -> {
                    inputs.add(String.valueOf(context.input()));
                    throw new IOException("call " + calls.incrementAndGet());
                })
                .retry(AT_ONCE)
                .build();
        try (Bench bench = Bench.plain()) {
            bench.run(Nodes.line(Nodes.fine("a").build(), node));
        }
        assertThat(inputs).containsExactly("a", "a", "a");
    }
}
