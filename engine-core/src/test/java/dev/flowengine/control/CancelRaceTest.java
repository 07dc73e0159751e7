package dev.flowengine.control;

import static dev.flowengine.control.Flows.blocking;
import static dev.flowengine.control.Flows.computing;
import static dev.flowengine.control.Flows.line;
import static dev.flowengine.control.Flows.passing;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.Flow;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.RunOptions;
import dev.flowengine.testing.Engines;
import dev.flowengine.testing.Threads;
import dev.flowengine.testing.VirtualTime;
import dev.flowengine.testing.WithThreads;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;

@DisplayName("R28 a cancel that meets something else: one of the two wins, for good")
class CancelRaceTest {
    private static final int ROUNDS = 150;

    private final Watch watch = new Watch();

    private FlowEngine engine(int threads) {
        return Engines.builder(threads)
                .listener(watch)
                .interruptAfter(Duration.ZERO)
                .build();
    }

    /** An execution whose end, and its reason, agree. */
    private ExecutionResult ended(FlowExecution run, FailureKind other) {
        ExecutionResult result = watch.ended(run);
        FailureKind kind = result.failure().map(FlowException::kind).orElse(null);
        assertThat(kind)
                .as("why it is %s", result.status())
                .isEqualTo(result.status() == ExecutionStatus.CANCELLED ? FailureKind.CANCELLED : other);
        return result;
    }

    @WithThreads
    @DisplayName("S25 S26 a cancel that meets a resume cancels")
    void a_cancel_meets_a_resume(int threads) throws Exception {
        Flow flow = line(passing("a"), computing("b", c -> 1), passing("c"));
        try (FlowEngine engine = engine(threads)) {
            for (int i = 0; i < ROUNDS; i++) {
                Gate gate = new Gate();
                FlowExecution run = engine.executeFromTrigger(line(blocking("a", gate::hold), passing("b")), "t", 1);
                gate.awaitEntered();
                run.pause();
                gate.open();
                Watch.awaitStatus(run, ExecutionStatus.PAUSED);
                Threads.together(2, thread -> {
                    if (thread == 0) {
                        run.resume();
                    } else {
                        run.cancel("race");
                    }
                });
                ended(run, null);
                watch.ended(engine.executeFromTrigger(flow, "t", 1));
            }
        }
    }

    @WithThreads
    @DisplayName("S26 a cancel that meets the completion leaves one of the two ends")
    void a_cancel_meets_the_completion(int threads) throws Exception {
        try (FlowEngine engine = engine(threads)) {
            for (int i = 0; i < ROUNDS; i++) {
                Gate gate = new Gate();
                FlowExecution run = engine.executeFromTrigger(line(blocking("a", gate::hold)), "t", 1);
                gate.awaitEntered();
                Threads.together(2, thread -> {
                    if (thread == 0) {
                        gate.open();
                    } else {
                        ExecutionStatus met = run.cancel("race");
                        assertThat(met == ExecutionStatus.RUNNING || met == ExecutionStatus.COMPLETED)
                                .as("met %s", met)
                                .isTrue();
                    }
                });
                ended(run, null);
            }
        }
    }

    @WithThreads
    @DisplayName("S23 S27 a cancel that meets the timeout of the run leaves one of the two ends, with its own reason")
    void a_cancel_meets_the_run_timeout(int threads) throws Exception {
        for (int i = 0; i < ROUNDS / 3; i++) {
            VirtualTime time = new VirtualTime();
            Gate gate = new Gate();
            try (FlowEngine engine =
                    time.in(Engines.builder(threads).listener(watch)).build()) {
                RunOptions options =
                        RunOptions.builder().timeout(Duration.ofSeconds(1)).build();
                FlowExecution run =
                        engine.executeFromTrigger(line(blocking("a", gate::clutch), passing("b")), "t", 1, options);
                gate.awaitEntered();
                Threads.together(2, thread -> {
                    if (thread == 0) {
                        time.advance(Duration.ofSeconds(1));
                    } else {
                        run.cancel("race");
                    }
                });
                Watch.awaiting("cancelling or ended")
                        .until(() -> run.status() == ExecutionStatus.CANCELLING
                                || run.status().isTerminal());
                gate.open();
                ended(run, FailureKind.EXECUTION_TIMEOUT);
            }
        }
    }

    @WithThreads
    @DisplayName("S26 of several cancels one is accepted, and its reason stays")
    void several_cancels_at_once(int threads) throws Exception {
        try (FlowEngine engine = engine(threads)) {
            for (int i = 0; i < ROUNDS; i++) {
                Gate gate = new Gate();
                FlowExecution run = engine.executeFromTrigger(line(blocking("a", gate::hold), passing("b")), "t", 1);
                gate.awaitEntered();
                Threads.together(3, thread -> run.cancel("reason " + thread));
                assertThat(ended(run, null).status()).isEqualTo(ExecutionStatus.CANCELLED);
                assertThat(watch.statuses(run)).containsExactly(ExecutionStatus.CANCELLING);
            }
        }
    }
}
