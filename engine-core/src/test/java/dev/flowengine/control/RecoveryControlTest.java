package dev.flowengine.control;

import static dev.flowengine.control.Flows.line;
import static dev.flowengine.control.Flows.node;
import static dev.flowengine.control.Flows.passing;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.event.ExecutionEvent;
import dev.flowengine.event.ExecutionStatusChanged;
import dev.flowengine.event.NodeEvent;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.execution.NodeControl;
import dev.flowengine.flow.ErrorHandling;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.node.NodeContext;
import dev.flowengine.testing.Engines;
import dev.flowengine.testing.VirtualTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName(
        "S21 a node whose recovery is at work can be intervened in, and interventions are told before what they do")
class RecoveryControlTest {
    private final Watch watch = new Watch();
    private final Gate gate = new Gate();

    @AfterEach
    void letGo() {
        gate.open();
    }

    private static Object fail(NodeContext context) {
        throw new IllegalStateException("planned");
    }

    /** A run whose node {@code a} has failed, and whose recovery is at the gate. */
    private FlowExecution recovering(FlowEngine engine, boolean cpuBound) {
        NodeDefinition.Builder failing = node("a", RecoveryControlTest::fail).onError(ErrorHandling.recover(error -> {
            gate.block();
            return "recovered";
        }));
        FlowExecution run = engine.executeFromTrigger(
                line((cpuBound ? failing.cpuBound() : failing).build(), passing("b")), "t", 1);
        gate.awaitEntered();
        return run;
    }

    private List<String> toldOf(FlowExecution run, String nodeId) {
        return watch.events(run).stream()
                .filter(event -> event instanceof NodeEvent of && of.nodeId().equals(nodeId))
                .map(ExecutionEvent::wireName)
                .toList();
    }

    private static void done(CompletionStage<Void> stage) throws Exception {
        stage.toCompletableFuture().get(Watch.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName("S21 a value given by hand takes the place of the recovery: nothing is left of the failure")
    void a_value_takes_the_place_of_the_recovery(boolean cpuBound) throws Exception {
        try (FlowEngine engine = Engines.builder().listener(watch).build()) {
            FlowExecution run = recovering(engine, cpuBound);
            done(run.node("a").complete("by hand"));

            assertThat(watch.ended(run).output("b", String.class)).isEqualTo("by hand");
            assertThat(Watch.node(run, "a").handledFailure()).isEmpty();
            assertThat(Watch.node(run, "a").failure()).isEmpty();
            assertThat(toldOf(run, "a")).containsExactly("node-started", "node-intervened", "node-completed");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void it_can_be_skipped(boolean cpuBound) throws Exception {
        try (FlowEngine engine = Engines.builder().listener(watch).build()) {
            FlowExecution run = recovering(engine, cpuBound);
            done(run.node("a").skip("no need"));

            assertThat(watch.ended(run).status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(Watch.node(run, "a").status()).isEqualTo(NodeStatus.SKIPPED);
            assertThat(toldOf(run, "a")).containsExactly("node-started", "node-intervened", "node-skipped");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"retry", "skip", "complete"})
    void an_intervention_is_told_before_what_comes_of_it(String what) throws Exception {
        Function<NodeControl, CompletionStage<Void>> action = switch (what) {
            case "retry" -> NodeControl::retryNow;
            case "skip" -> control -> control.skip("why");
            default -> control -> control.complete("by hand");
        };
        VirtualTime time = new VirtualTime();
        try (FlowEngine engine = time.in(Engines.builder().listener(watch)).build()) {
            NodeDefinition once = node("a", context -> context.attempt() == 1 ? fail(context) : "second")
                    .retry(RetryPolicy.fixed(Duration.ofSeconds(1)))
                    .build();
            FlowExecution run = engine.executeFromTrigger(line(once), "t", 1);
            Watch.awaitStatus(run, ExecutionStatus.WAITING);
            done(action.apply(run.node("a")));
            watch.ended(run);

            List<ExecutionEvent> events = watch.events(run);
            List<String> names = events.stream()
                    .map(event -> event instanceof ExecutionStatusChanged change
                            ? change.status().name()
                            : event.wireName())
                    .toList();
            assertThat(names.indexOf("node-intervened"))
                    .as("%s", names)
                    .isEqualTo(names.indexOf("WAITING") + 1)
                    .isLessThan(names.lastIndexOf("RUNNING"));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName("S39 S26 a node cancelled while its recovery is at work is explained by what it was to recover from")
    void a_cancel_during_the_recovery_is_explained(boolean cpuBound) {
        try (FlowEngine engine =
                Engines.builder().listener(watch).cancelGrace(Duration.ZERO).build()) {
            FlowExecution run = recovering(engine, cpuBound);
            run.cancel("enough");

            assertThat(watch.ended(run).snapshot().explain("a"))
                    .contains("after attempt 1 failed with", "and before that was made good");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName("S8 what a recovery makes after its run has ended is counted as late")
    void a_late_recovery_is_counted(boolean cpuBound) {
        try (FlowEngine engine =
                Engines.builder().listener(watch).cancelGrace(Duration.ZERO).build()) {
            FlowExecution run = recovering(engine, cpuBound);
            run.cancel("enough");
            watch.ended(run);
            gate.open();

            Watch.awaiting("the late value").until(() -> engine.health().lateResults() == 1);
        }
    }
}
