package dev.flowengine.control;

import static dev.flowengine.control.Flows.line;
import static dev.flowengine.control.Flows.node;
import static dev.flowengine.control.Flows.passing;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.testing.Engines;
import dev.flowengine.testing.VirtualTime;
import dev.flowengine.testing.WithThreads;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;

/** Bodies that go on as a stage: how they are stopped, and what the host may have attached to them. */
class AsyncControlTest {
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final Duration LIMIT = Duration.ofSeconds(3);

    private final Watch watch = new Watch();
    private final VirtualTime time = new VirtualTime();
    private final Gate gate = new Gate();
    private final CompletableFuture<Object> stage = new CompletableFuture<>();

    @AfterEach
    void letGo() {
        gate.open();
    }

    private FlowEngine engine(int threads) {
        return time.in(Engines.builder(threads).listener(watch).cancelGrace(GRACE))
                .build();
    }

    private static NodeDefinition.Builder async(CompletionStage<?> stage) {
        return NodeDefinition.builder("a").asyncBody(context -> stage);
    }

    private static FlowExecution running(FlowEngine engine, NodeDefinition first) {
        FlowExecution run = engine.executeFromTrigger(line(first, passing("b")), "t", 1);
        Watch.awaitNode(run, "a", NodeStatus.RUNNING);
        return run;
    }

    @WithThreads
    @DisplayName("S26 the stage of an asynchronous body is cancelled when bodies are interrupted")
    void the_stage_is_cancelled(int threads) {
        try (FlowEngine engine = engine(threads)) {
            FlowExecution run = running(engine, async(stage).build());
            run.cancel("enough");
            Watch.awaitStatus(run, ExecutionStatus.CANCELLING);
            assertThat(stage).isNotDone();
            time.advance(GRACE.dividedBy(2));
            assertThat(watch.ended(run).status()).isEqualTo(ExecutionStatus.CANCELLED);
            assertThat(stage).isCancelled();
        }
    }

    @WithThreads
    @DisplayName("S26 a stage that completes within the grace counts, one that completes later is dropped")
    void a_stage_within_the_grace_counts(int threads) {
        try (FlowEngine engine = engine(threads)) {
            FlowExecution run = running(engine, async(stage).build());
            run.cancel("enough");
            Watch.awaitStatus(run, ExecutionStatus.CANCELLING);
            stage.complete("in time");
            assertThat(watch.ended(run).output("a", String.class)).isEqualTo("in time");

            CompletableFuture<Object> slow = new CompletableFuture<>();
            FlowExecution other =
                    running(engine, async(slow.minimalCompletionStage()).build());
            other.cancel("enough");
            Watch.awaitStatus(other, ExecutionStatus.CANCELLING);
            time.advance(GRACE);
            assertThat(watch.ended(other).status()).isEqualTo(ExecutionStatus.CANCELLED);
            slow.complete("too late");
            assertThat(Watch.node(other, "a").status()).isEqualTo(NodeStatus.CANCELLED);
        }
    }

    @WithThreads
    @DisplayName("S26 R27 a stage that cannot be cancelled does not keep a cancelled run from ending")
    void a_stage_that_cannot_be_cancelled_and_a_cancel(int threads) {
        try (FlowEngine engine = engine(threads)) {
            FlowExecution run =
                    running(engine, async(stage.minimalCompletionStage()).build());
            run.cancel("enough");
            Watch.awaitStatus(run, ExecutionStatus.CANCELLING);
            time.advance(GRACE);
            assertThat(watch.ended(run).status()).isEqualTo(ExecutionStatus.CANCELLED);
        }
    }

    @WithThreads
    @DisplayName("S27 R15 a stage that cannot be cancelled does not keep an attempt from timing out")
    void a_stage_that_cannot_be_cancelled_and_a_timeout(int threads) {
        try (FlowEngine engine = engine(threads)) {
            FlowExecution run = running(
                    engine, async(stage.minimalCompletionStage()).timeout(LIMIT).build());
            // A snapshot may show that it runs before its timers are set: the limit, and the warning before it.
            time.awaitPending(2);
            time.advance(LIMIT);
            assertThat(watch.ended(run).failure().orElseThrow().kind()).isEqualTo(FailureKind.NODE_TIMEOUT);
        }
    }

    @WithThreads
    @DisplayName("S27 a stage that cannot be cancelled does not keep a node from expiring, or a run from timing out")
    void a_stage_that_cannot_be_cancelled_and_other_timeouts(int threads) {
        try (FlowEngine engine = engine(threads)) {
            FlowExecution run = running(
                    engine,
                    async(stage.minimalCompletionStage()).nodeTimeout(LIMIT).build());
            time.advance(LIMIT);
            assertThat(watch.ended(run).failure().orElseThrow().kind()).isEqualTo(FailureKind.NODE_TIMEOUT);
        }
    }

    @WithThreads
    @SuppressWarnings("FutureReturnValueIgnored") // what blocks is the point
    @DisplayName("R16 R21 what the host attached to a stage cannot hold up the timer")
    void what_is_attached_to_a_stage_cannot_hold_up_the_timer(int threads) {
        stage.whenComplete((value, thrown) -> gate.block());
        Gate other = new Gate();
        // The real timer, whose thread is the one that must not be held up.
        try (FlowEngine engine = Engines.builder(threads).listener(watch).build()) {
            Flow quick = Flows.fan(
                            async(stage).timeout(Duration.ofMillis(20)).build(),
                            node("b", other::hold)
                                    .timeout(Duration.ofMillis(60))
                                    .build())
                    .build();
            FlowExecution run = engine.executeFromTrigger(quick, "t", 1);
            assertThat(watch.ended(run).failure().orElseThrow().kind()).isEqualTo(FailureKind.NODE_TIMEOUT);
            other.awaitInterrupted();
        }
    }
}
