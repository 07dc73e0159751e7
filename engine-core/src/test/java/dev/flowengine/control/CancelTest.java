package dev.flowengine.control;

import static dev.flowengine.control.Flows.blocking;
import static dev.flowengine.control.Flows.computing;
import static dev.flowengine.control.Flows.fan;
import static dev.flowengine.control.Flows.line;
import static dev.flowengine.control.Flows.node;
import static dev.flowengine.control.Flows.passing;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowDefinition;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.graph.JoinRule;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.testing.Engines;
import dev.flowengine.testing.NeedsOverlap;
import dev.flowengine.testing.VirtualTime;
import dev.flowengine.testing.WithThreads;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class CancelTest {
    private static final Duration GRACE = Duration.ofSeconds(10);

    private final Watch watch = new Watch();
    private final VirtualTime time = new VirtualTime();
    private final Gate gate = new Gate();
    private final AtomicInteger ran = new AtomicInteger();

    @AfterEach
    void letGo() {
        gate.open();
    }

    private FlowEngine engine(int threads) {
        return time.in(Engines.builder(threads).listener(watch).cancelGrace(GRACE))
                .build();
    }

    private FlowExecution atTheGate(FlowEngine engine, Flow flow) {
        FlowExecution run = engine.executeFromTrigger(flow, "t", 1);
        gate.awaitEntered();
        return run;
    }

    private static void cancelling(FlowExecution run) {
        run.cancel("enough");
        Watch.awaitStatus(run, ExecutionStatus.CANCELLING);
    }

    @WithThreads
    @DisplayName("S26 a running body gets its token at once, and an interrupt after half the grace period")
    void the_token_at_once_and_the_interrupt_after_half_the_grace(int threads) {
        try (FlowEngine engine = engine(threads)) {
            FlowExecution run = atTheGate(engine, line(blocking("a", gate::hold), passing("b")));
            assertThat(gate.first().cancellation().isRequested()).isFalse();
            cancelling(run);
            assertThat(gate.first().cancellation().isRequested()).isTrue();
            time.advance(Duration.ofSeconds(5).minusNanos(1));
            assertThat(run.snapshot().status()).isEqualTo(ExecutionStatus.CANCELLING);
            assertThat(gate.wasInterrupted()).isFalse();

            time.advance(Duration.ofNanos(1));
            gate.awaitInterrupted();
            ExecutionResult result = watch.ended(run);
            assertThat(result.status()).isEqualTo(ExecutionStatus.CANCELLED);
            assertThat(Watch.node(run, "a").status()).isEqualTo(NodeStatus.CANCELLED);
            FlowException failure = result.failure().orElseThrow();
            assertThat(failure.kind()).isEqualTo(FailureKind.CANCELLED);
            assertThat(failure).hasMessageContaining("enough");
        }
    }

    @WithThreads
    @DisplayName("S26 interruptAfter moves the interrupt")
    void interrupt_after_moves_the_interrupt(int threads) {
        try (FlowEngine engine = time.in(Engines.builder(threads)
                        .listener(watch)
                        .cancelGrace(GRACE)
                        .interruptAfter(Duration.ofSeconds(2)))
                .build()) {
            FlowExecution run = atTheGate(engine, line(blocking("a", gate::hold)));
            cancelling(run);
            time.advance(Duration.ofSeconds(2).minusNanos(1));
            assertThat(gate.wasInterrupted()).isFalse();
            time.advance(Duration.ofNanos(1));
            gate.awaitInterrupted();
            assertThat(watch.ended(run).status()).isEqualTo(ExecutionStatus.CANCELLED);
        }
    }

    @WithThreads
    @DisplayName("S26 a result within the grace counts, but starts nothing")
    void a_result_within_the_grace_counts(int threads) {
        try (FlowEngine engine = engine(threads)) {
            FlowExecution run = atTheGate(
                    engine, line(blocking("a", gate::hold), computing("b", c -> ran.incrementAndGet()), passing("c")));
            cancelling(run);
            gate.open();
            ExecutionResult result = watch.ended(run);
            assertThat(result.status()).isEqualTo(ExecutionStatus.CANCELLED);
            assertThat(result.output("a", String.class)).isEqualTo("through the gate");
            assertThat(Watch.node(run, "b").status()).isEqualTo(NodeStatus.CANCELLED);
            assertThat(ran).hasValue(0);
        }
    }

    @WithThreads
    @DisplayName(
            "S26 R14 R27 a body that ignores token and interrupt is given up after the grace, its late result dropped")
    void a_body_that_ignores_everything(int threads) {
        try (FlowEngine engine = engine(threads)) {
            FlowExecution run = atTheGate(engine, line(blocking("a", gate::clutch), passing("b")));
            cancelling(run);
            time.advance(GRACE.minusNanos(1));
            assertThat(run.snapshot().status()).isEqualTo(ExecutionStatus.CANCELLING);
            time.advance(Duration.ofNanos(1));
            assertThat(watch.ended(run).status()).isEqualTo(ExecutionStatus.CANCELLED);
            gate.awaitInterrupted();

            // Its place is free although it still holds its thread.
            FlowExecution other = engine.executeFromTrigger(line(passing("a")), "t", 1);
            assertThat(watch.ended(other).status()).isEqualTo(ExecutionStatus.COMPLETED);
            gate.open();
            Watch.awaiting("the late result").until(() -> engine.health().lateResults() == 1);
            assertThat(Watch.node(run, "a").status()).isEqualTo(NodeStatus.CANCELLED);
        }
    }

    @Test
    @DisplayName("S26 nodes that have not started are cancelled at once, those that wait for a thread included")
    void unstarted_nodes_are_cancelled_at_once() {
        try (FlowEngine engine = time.in(
                        Engines.builder().workers(1).bodyThreads(1).listener(watch))
                .build()) {
            FlowDefinition flow = fan(blocking("a", gate::clutch));
            for (int i = 0; i < 10; i++) {
                flow.add(blocking("w" + i, c -> ran.incrementAndGet())).connect("t", "w" + i);
            }
            flow.add(node("any", c -> ran.incrementAndGet())
                            .join(JoinRule.ANY_SUCCESS)
                            .build())
                    .connect("a", "any");
            flow.add(node("done", c -> ran.incrementAndGet())
                            .join(JoinRule.ALL_DONE)
                            .build())
                    .connect("w0", "done")
                    .connect("a", "done");
            FlowExecution run = atTheGate(engine, flow.build());
            cancelling(run);
            Watch.awaiting("all but a cancelled")
                    .until(() -> Watch.states(run).values().stream()
                                    .filter(status -> status == NodeStatus.CANCELLED)
                                    .count()
                            == 12);
            assertThat(run.status()).isEqualTo(ExecutionStatus.CANCELLING);
            gate.open();
            watch.ended(run);
            assertThat(Watch.node(run, "a").status()).isEqualTo(NodeStatus.COMPLETED);
            assertThat(ran).hasValue(0);
        }
    }

    @WithThreads
    @DisplayName("S26 cancel beats pause: while PAUSING")
    void cancel_beats_a_pause_under_way(int threads) {
        try (FlowEngine engine = engine(threads)) {
            FlowExecution run = atTheGate(engine, line(blocking("a", gate::hold), passing("b")));
            run.pause();
            run.cancel("enough");
            run.pause();
            run.resume();
            Watch.awaitStatus(run, ExecutionStatus.CANCELLING);
            gate.open();
            assertThat(watch.ended(run).status()).isEqualTo(ExecutionStatus.CANCELLED);
            assertThat(watch.statuses(run)).containsExactly(ExecutionStatus.PAUSING, ExecutionStatus.CANCELLING);
        }
    }

    @WithThreads
    @DisplayName("S26 cancel beats pause: once PAUSED")
    void cancel_beats_a_pause(int threads) {
        try (FlowEngine engine = engine(threads)) {
            FlowExecution run = atTheGate(engine, line(blocking("a", gate::hold), passing("b")));
            run.pause();
            Watch.awaitStatus(run, ExecutionStatus.PAUSING);
            gate.open();
            Watch.awaitStatus(run, ExecutionStatus.PAUSED);
            assertThat(run.cancel("enough")).isEqualTo(ExecutionStatus.PAUSED);
            assertThat(watch.ended(run).status()).isEqualTo(ExecutionStatus.CANCELLED);
            assertThat(Watch.node(run, "b").status()).isEqualTo(NodeStatus.CANCELLED);
        }
    }

    @WithThreads
    @DisplayName("S26 a run that waits for a backoff is cancelled at once, and no further attempt is made")
    void a_waiting_run_is_cancelled_at_once(int threads) {
        Flow flow = line(node("a", c -> {
                    ran.incrementAndGet();
                    throw new IllegalStateException("planned");
                })
                .retry(RetryPolicy.fixed(Duration.ofSeconds(10)))
                .build());
        try (FlowEngine engine = engine(threads)) {
            FlowExecution run = engine.executeFromTrigger(flow, "t", 1);
            Watch.awaitStatus(run, ExecutionStatus.WAITING);
            assertThat(run.cancel("enough")).isEqualTo(ExecutionStatus.WAITING);
            assertThat(watch.ended(run).status()).isEqualTo(ExecutionStatus.CANCELLED);
            assertThat(Watch.node(run, "a").attempt()).as("attempts made").isEqualTo(1);
            assertThat(time.pending()).isZero();
            time.advance(Duration.ofHours(1));
            assertThat(ran).hasValue(1);
        }
    }

    @WithThreads
    @DisplayName("S26 a body that fails after the cancel is cancelled, not failed and not repeated")
    void a_failure_after_the_cancel(int threads) {
        Flow flow = line(node("a", context -> {
                    gate.hold(context);
                    throw new IllegalStateException("planned");
                })
                .retry(RetryPolicy.fixed(Duration.ZERO))
                .build());
        try (FlowEngine engine = engine(threads)) {
            FlowExecution run = atTheGate(engine, flow);
            cancelling(run);
            gate.open();
            assertThat(watch.ended(run).status()).isEqualTo(ExecutionStatus.CANCELLED);
            assertThat(Watch.node(run, "a").status()).isEqualTo(NodeStatus.CANCELLED);
            assertThat(gate.bodies()).isEqualTo(1);
        }
    }

    @WithThreads
    @DisplayName("S26 cancelling again changes nothing: the first reason stays, there is one CANCELLING and one end")
    void cancelling_again_changes_nothing(int threads) {
        try (FlowEngine engine = engine(threads)) {
            FlowExecution run = atTheGate(engine, line(blocking("a", gate::hold), passing("b")));
            cancelling(run);
            assertThat(run.cancel("another reason")).isEqualTo(ExecutionStatus.CANCELLING);
            gate.open();
            assertThat(watch.ended(run).failure().orElseThrow())
                    .hasMessageContaining("enough")
                    .message()
                    .doesNotContain("another");
            assertThat(watch.statuses(run)).containsExactly(ExecutionStatus.CANCELLING);
        }
    }

    @Test
    @NeedsOverlap
    @DisplayName("S26 R14 a computing body sees its token, is not interrupted, and is given up after the grace")
    void a_computing_body_is_given_up() {
        try (FlowEngine engine = engine(2)) {
            FlowExecution run = atTheGate(engine, line(computing("a", gate::clutch), passing("b")));
            cancelling(run);
            assertThat(gate.first().cancellation().isRequested()).isTrue();
            time.advance(GRACE);
            assertThat(watch.ended(run).status()).isEqualTo(ExecutionStatus.CANCELLED);
            assertThat(Watch.node(run, "a").status()).isEqualTo(NodeStatus.CANCELLED);
            assertThat(gate.wasInterrupted()).isFalse();
        }
    }

    @Test
    @DisplayName("S26 nodes that wait behind a computing body on the only worker never start")
    void nodes_behind_a_computing_body_never_start() {
        try (FlowEngine engine = Engines.builder().workers(1).listener(watch).build()) {
            FlowDefinition flow = fan(computing("a", gate::hold));
            for (int i = 0; i < 20; i++) {
                flow.add(computing("w" + i, c -> ran.incrementAndGet())).connect("t", "w" + i);
            }
            FlowExecution run = atTheGate(engine, flow.build());
            cancelling(run);
            gate.open();
            assertThat(watch.ended(run).status()).isEqualTo(ExecutionStatus.CANCELLED);
            assertThat(ran).hasValue(0);
            assertThat(Watch.node(run, "a").status()).isEqualTo(NodeStatus.COMPLETED);
        }
    }

    @WithThreads
    @DisplayName("S26 a grace of nothing ends the run at once")
    void a_grace_of_nothing(int threads) {
        try (FlowEngine engine = Engines.builder(threads)
                .listener(watch)
                .cancelGrace(Duration.ZERO)
                .build()) {
            FlowExecution run = atTheGate(engine, line(blocking("a", gate::clutch), passing("b")));
            run.cancel("enough");
            assertThat(watch.ended(run).status()).isEqualTo(ExecutionStatus.CANCELLED);
        }
    }

    @WithThreads
    @DisplayName(
            "S20 S26 a failure that a retry has answered is no failure of a run that is cancelled in its second attempt")
    void a_cancel_in_the_second_attempt(int threads) {
        NodeDefinition twice = node("a", context -> {
                    if (context.attempt() == 1) {
                        throw new IllegalStateException("planned");
                    }
                    return gate.hold(context);
                })
                .retry(RetryPolicy.fixed(Duration.ZERO))
                .build();
        try (FlowEngine engine = engine(threads)) {
            FlowExecution run = atTheGate(engine, line(twice));
            cancelling(run);
            time.advance(Duration.ofSeconds(5));
            assertThat(watch.ended(run).failure().orElseThrow().kind()).isEqualTo(FailureKind.CANCELLED);
            assertThat(Watch.node(run, "a").attempt()).isEqualTo(2);
        }
    }
}
