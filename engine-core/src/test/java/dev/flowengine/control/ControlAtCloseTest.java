package dev.flowengine.control;

import static dev.flowengine.control.Flows.blocking;
import static dev.flowengine.control.Flows.line;
import static dev.flowengine.control.Flows.node;
import static dev.flowengine.control.Flows.passing;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.execution.NodeControl;
import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.testing.Engines;
import dev.flowengine.testing.WithThreads;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("R37 an engine that is closed ends its executions, whatever was asked of them")
class ControlAtCloseTest {
    private final Watch watch = new Watch();
    private final Gate gate = new Gate();

    @AfterEach
    void letGo() {
        gate.open();
    }

    private FlowEngine engine(int threads) {
        return Engines.builder(threads).listener(watch).build();
    }

    private void assertClosed(FlowExecution run) {
        ExecutionResult result = watch.ended(run);
        assertThat(result.status()).isEqualTo(ExecutionStatus.CANCELLED);
        assertThat(result.failure().orElseThrow().kind()).isEqualTo(FailureKind.ENGINE_CLOSED);
    }

    @WithThreads
    @DisplayName("S25 S26 a paused run is cancelled by the close, at once")
    void a_paused_run(int threads) {
        FlowEngine engine = engine(threads);
        FlowExecution run = engine.executeFromTrigger(line(blocking("a", gate::hold), passing("b")), "t", 1);
        gate.awaitEntered();
        run.pause();
        Watch.awaitStatus(run, ExecutionStatus.PAUSING);
        gate.open();
        Watch.awaitStatus(run, ExecutionStatus.PAUSED);
        engine.close();
        assertClosed(run);
        assertThat(Watch.node(run, "b").status()).isEqualTo(NodeStatus.CANCELLED);
        assertThat(run.resume()).isEqualTo(ExecutionStatus.CANCELLED);
    }

    @WithThreads
    @DisplayName(
            "S25 S26 a run that is being paused may finish its running bodies in the grace of the close; a resume starts nothing")
    void a_run_that_is_being_paused(int threads) {
        FlowEngine engine = engine(threads);
        FlowExecution run = engine.executeFromTrigger(line(blocking("a", gate::hold), passing("b")), "t", 1);
        gate.awaitEntered();
        run.pause();
        Watch.awaitStatus(run, ExecutionStatus.PAUSING);
        CompletableFuture<Void> closed = CompletableFuture.runAsync(engine::close, task -> new Thread(task).start());
        Watch.awaiting("the close").until(() -> isClosing(engine));
        run.resume();
        gate.open();
        assertClosed(run);
        assertThat(Watch.node(run, "a").status()).isEqualTo(NodeStatus.COMPLETED);
        assertThat(Watch.node(run, "b").status()).isEqualTo(NodeStatus.CANCELLED);
        closed.join();
    }

    private static boolean isClosing(FlowEngine engine) {
        try {
            engine.register(line(passing("probe")));
            return false;
        } catch (FlowException refusal) {
            return true;
        }
    }

    @WithThreads
    @DisplayName("S20 S26 a run that waits for a backoff is cancelled by the close, at once")
    void a_run_that_waits(int threads) {
        FlowEngine engine = engine(threads);
        FlowExecution run = engine.executeFromTrigger(
                line(node("a", c -> {
                            throw new IllegalStateException("planned");
                        })
                        .retry(RetryPolicy.fixed(Duration.ofHours(1)).cap(Duration.ofHours(1)))
                        .build()),
                "t",
                1);
        Watch.awaitStatus(run, ExecutionStatus.WAITING);
        engine.close();
        assertClosed(run);
        assertThat(Watch.node(run, "a").attempt()).isEqualTo(1);
    }

    @WithThreads
    @DisplayName("S26 a run that is being cancelled ends with the reason of the cancel, within the grace of the close")
    void a_run_that_is_being_cancelled(int threads) {
        FlowEngine engine = engine(threads);
        FlowExecution run = engine.executeFromTrigger(line(blocking("a", gate::clutch), passing("b")), "t", 1);
        gate.awaitEntered();
        run.cancel("enough");
        Watch.awaitStatus(run, ExecutionStatus.CANCELLING);
        engine.close(Duration.ofMillis(20));
        ExecutionResult result = watch.ended(run);
        assertThat(result.status()).isEqualTo(ExecutionStatus.CANCELLED);
        assertThat(result.failure().orElseThrow().kind()).isEqualTo(FailureKind.CANCELLED);
    }

    @WithThreads
    @DisplayName("S26 a cancel while the engine closes does not wait for the grace of the close")
    void a_cancel_while_the_engine_closes(int threads) {
        FlowEngine engine = Engines.builder(threads)
                .listener(watch)
                .interruptAfter(Duration.ZERO)
                .build();
        FlowExecution run = engine.executeFromTrigger(line(blocking("a", gate::hold), passing("b")), "t", 1);
        gate.awaitEntered();
        CompletableFuture<Void> closed = CompletableFuture.runAsync(engine::close, task -> new Thread(task).start());
        Watch.awaiting("the close").until(() -> isClosing(engine));
        run.cancel("enough");
        assertThat(watch.ended(run).failure().orElseThrow().kind()).isEqualTo(FailureKind.CANCELLED);
        closed.join();
    }

    @Test
    @DisplayName("S44 R37 an intervention that was prepared before the engine closed is answered afterwards")
    void an_intervention_after_the_close_is_answered() {
        Gate its = new Gate();
        FlowEngine engine = Engines.create();
        FlowExecution run = engine.executeFromTrigger(Flows.line(Flows.blocking("a", its::hold)), "t", 1);
        its.awaitEntered();
        NodeControl control = run.node("a");
        its.open();
        engine.close();

        assertThat(control.skip("too late").toCompletableFuture())
                .failsWithin(Watch.PATIENCE)
                .withThrowableOfType(ExecutionException.class)
                .havingCause()
                .withMessageContaining("'a'");
        assertThat(run.pause()).isEqualTo(run.status());
    }
}
