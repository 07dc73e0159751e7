package dev.flowengine.control;

import static dev.flowengine.control.Flows.blocking;
import static dev.flowengine.control.Flows.computing;
import static dev.flowengine.control.Flows.line;
import static dev.flowengine.control.Flows.node;
import static dev.flowengine.control.Flows.passing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.flowengine.FlowEngine;
import dev.flowengine.event.NodeIntervened;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.execution.NodeControl;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.model.Intervention;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.model.SkipReason;
import dev.flowengine.node.NodeContext;
import dev.flowengine.node.TypeRef;
import dev.flowengine.testing.Engines;
import dev.flowengine.testing.NeedsOverlap;
import dev.flowengine.testing.VirtualTime;
import dev.flowengine.testing.WithThreads;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class NodeControlTest {
    private static final Duration HOUR = Duration.ofHours(1);

    private final Watch watch = new Watch();
    private final VirtualTime time = new VirtualTime();
    private final Gate gate = new Gate();

    @AfterEach
    void letGo() {
        gate.open();
    }

    private FlowEngine engine(int threads) {
        return time.in(Engines.builder(threads).listener(watch)).build();
    }

    private FlowExecution atTheGate(FlowEngine engine, Flow flow) {
        FlowExecution run = engine.executeFromTrigger(flow, "t", 1);
        gate.awaitEntered();
        return run;
    }

    private static Object failFirst(NodeContext context) {
        if (context.attempt() == 1) {
            throw new IllegalStateException("planned failure of attempt 1");
        }
        return context.attempt();
    }

    private static FlowExecution waiting(FlowEngine engine) {
        Flow flow = line(
                node("a", NodeControlTest::failFirst)
                        .retry(RetryPolicy.fixed(HOUR).cap(HOUR))
                        .build(),
                passing("b"));
        FlowExecution run = engine.executeFromTrigger(flow, "t", 1);
        Watch.awaitStatus(run, ExecutionStatus.WAITING);
        return run;
    }

    private static void done(CompletionStage<Void> stage) {
        try {
            stage.toCompletableFuture().get(Watch.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("the intervention was not done", e);
        }
    }

    private static void assertRefused(CompletionStage<Void> stage, String... parts) {
        assertThat(stage.toCompletableFuture())
                .failsWithin(Watch.PATIENCE)
                .withThrowableOfType(ExecutionException.class)
                .havingCause()
                .isInstanceOfSatisfying(FlowException.class, refusal -> {
                    assertThat(refusal.kind()).isEqualTo(FailureKind.INVALID_FLOW_STATE);
                    assertThat(refusal).hasMessageContainingAll(parts);
                });
    }

    private List<NodeIntervened> interventions(FlowExecution run) {
        return watch.events(run).stream()
                .filter(NodeIntervened.class::isInstance)
                .map(NodeIntervened.class::cast)
                .toList();
    }

    @WithThreads
    @DisplayName("S20 retryNow ends a backoff, and the run goes on with the next attempt")
    void retry_now_ends_a_backoff(int threads) {
        try (FlowEngine engine = engine(threads)) {
            FlowExecution run = waiting(engine);
            done(run.node("a").retryNow());
            assertThat(watch.ended(run).output("b", Integer.class)).isEqualTo(2);
            assertThat(time.pending()).isZero();
            assertThat(interventions(run)).singleElement().satisfies(event -> {
                assertThat(event.action()).isEqualTo(Intervention.RETRY_NOW);
                assertThat(event.nodeId()).isEqualTo("a");
                assertThat(event.attempt()).isEqualTo(1);
            });
        }
    }

    @WithThreads
    @DisplayName("S20 S25 retryNow in a pause takes effect with the resume")
    void retry_now_in_a_pause(int threads) {
        try (FlowEngine engine = engine(threads)) {
            FlowExecution run = waiting(engine);
            run.pause();
            Watch.awaitStatus(run, ExecutionStatus.PAUSED);
            done(run.node("a").retryNow());
            assertThat(run.snapshot().status()).isEqualTo(ExecutionStatus.PAUSED);
            run.resume();
            assertThat(watch.ended(run).status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
    }

    @WithThreads
    @DisplayName("S13 a node that waits can be skipped: as if a branch to it had not been taken")
    void a_waiting_node_can_be_skipped(int threads) {
        try (FlowEngine engine = engine(threads)) {
            FlowExecution run = waiting(engine);
            done(run.node("a").skip("not today"));
            assertThat(watch.ended(run).status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(Watch.node(run, "a").skipReason()).contains(SkipReason.MANUAL);
            assertThat(Watch.node(run, "b").skipReason()).contains(SkipReason.ALL_INPUTS_SKIPPED);
            assertThat(interventions(run)).singleElement().satisfies(event -> {
                assertThat(event.action()).isEqualTo(Intervention.SKIP);
                assertThat(event.reason()).isEqualTo("not today");
            });
        }
    }

    @WithThreads
    @DisplayName(
            "S13 R14 a node that runs can be skipped: its body is interrupted, its late result dropped, its place free")
    void a_running_node_can_be_skipped(int threads) {
        try (FlowEngine engine = engine(threads)) {
            FlowExecution run = atTheGate(engine, line(blocking("a", gate::clutch), passing("b")));
            done(run.node("a").skip("too slow"));
            assertThat(watch.ended(run).status()).isEqualTo(ExecutionStatus.COMPLETED);
            gate.awaitInterrupted();
            assertThat(gate.first().cancellation().isRequested()).isTrue();
            watch.ended(engine.executeFromTrigger(line(passing("free")), "t", 1));
            gate.open();
            watch.ended(engine.executeFromTrigger(line(passing("free")), "t", 1));
            assertThat(Watch.node(run, "a").status()).isEqualTo(NodeStatus.SKIPPED);
        }
    }

    @Test
    @DisplayName("S13 a node that waits for a thread can be skipped, and never starts")
    void a_node_in_line_can_be_skipped() {
        Gate second = new Gate();
        try (FlowEngine engine =
                Engines.builder().bodyThreads(1).listener(watch).build()) {
            FlowExecution run = atTheGate(
                    engine,
                    Flows.fan(blocking("a", gate::hold), blocking("w", second::hold))
                            .build());
            Watch.awaitNode(run, "w", NodeStatus.QUEUED);
            done(run.node("w").skip("no need"));
            gate.open();
            assertThat(watch.ended(run).status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(second.bodies()).isZero();
        }
    }

    @WithThreads
    @DisplayName("S8 a node that runs can be completed with a value, which its dependents receive")
    void a_running_node_can_be_completed(int threads) {
        try (FlowEngine engine = engine(threads)) {
            FlowExecution run = atTheGate(engine, line(blocking("a", gate::clutch), passing("b")));
            done(run.node("a").complete("by hand"));
            assertThat(watch.ended(run).output("b", String.class)).isEqualTo("by hand");
            assertThat(interventions(run))
                    .singleElement()
                    .satisfies(event -> assertThat(event.action()).isEqualTo(Intervention.COMPLETE));
        }
    }

    @WithThreads
    @DisplayName("S8 S21 a node that waits can be completed, also with null, and no failure is left of it")
    void a_waiting_node_can_be_completed(int threads) {
        try (FlowEngine engine = engine(threads)) {
            FlowExecution run = waiting(engine);
            done(run.node("a").complete(null));
            assertThat(watch.ended(run).output("b", Object.class)).isNull();
            assertThat(Watch.node(run, "a").failure()).isEmpty();
            assertThat(Watch.node(run, "a").handledFailure()).isEmpty();
            assertThat(time.pending()).isZero();
        }
    }

    @WithThreads
    @DisplayName("S25 in a pause a node can be skipped or completed; what follows it waits for the resume")
    void interventions_in_a_pause(int threads) {
        try (FlowEngine engine = engine(threads)) {
            FlowExecution run = atTheGate(engine, line(blocking("a", gate::hold), passing("b"), passing("c")));
            run.pause();
            Watch.awaitStatus(run, ExecutionStatus.PAUSING);
            gate.open();
            Watch.awaitStatus(run, ExecutionStatus.PAUSED);
            done(run.node("b").complete("by hand"));
            assertThat(run.snapshot().status()).isEqualTo(ExecutionStatus.PAUSED);
            assertThat(Watch.node(run, "c").status()).isEqualTo(NodeStatus.QUEUED);
            run.resume();
            assertThat(watch.ended(run).output("c", String.class)).isEqualTo("by hand");
        }
    }

    @WithThreads
    @DisplayName("S8 interventions a node is in no state for are refused, and change nothing")
    void wrong_states_are_refused(int threads) {
        try (FlowEngine engine = engine(threads)) {
            FlowExecution run = atTheGate(engine, line(passing("done"), blocking("a", gate::hold), passing("b")));
            assertRefused(run.node("a").retryNow(), "'a'", "RUNNING");
            assertRefused(run.node("a").extendTimeout(HOUR), "'a'", "no timeout");
            for (String id : List.of("t", "done")) {
                assertRefused(run.node(id).skip("why"), "'" + id + "'", "COMPLETED");
                assertRefused(run.node(id).complete(1), "'" + id + "'", "COMPLETED");
                assertRefused(run.node(id).retryNow(), "'" + id + "'", "COMPLETED");
            }
            assertRefused(run.node("b").skip("why"), "'b'", "IDLE");
            assertRefused(run.node("b").complete(1), "'b'", "IDLE");
            assertRefused(run.node("b").extendTimeout(HOUR), "'b'");
            gate.open();
            assertThat(watch.ended(run).status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(interventions(run)).isEmpty();
        }
    }

    @Test
    @NeedsOverlap
    @DisplayName("S8 a node on an engine worker cannot be skipped or completed, and the refusal says so")
    void a_node_on_a_worker_is_refused() {
        try (FlowEngine engine = engine(2)) {
            FlowExecution run = atTheGate(engine, line(computing("a", gate::clutch)));
            CompletionStage<Void> skipped = run.node("a").skip("why");
            CompletionStage<Void> completed = run.node("a").complete(1);
            assertRefused(skipped, "'a'", "cannot be skipped", "engine worker");
            assertRefused(completed, "'a'", "cannot be completed", "engine worker");
            gate.open();
            assertThat(watch.ended(run).output("a", String.class)).isEqualTo("through the gate");
        }
    }

    @WithThreads
    @DisplayName("S26 nothing can be done to a node of a run that is being cancelled")
    void interventions_after_a_cancel(int threads) {
        try (FlowEngine engine = engine(threads)) {
            FlowExecution run = atTheGate(engine, line(blocking("a", gate::hold), passing("b")));
            run.cancel("enough");
            assertRefused(run.node("a").skip("why"), "'a'");
            assertRefused(run.node("a").complete(1), "'a'");
            gate.open();
            assertThat(watch.ended(run).status()).isEqualTo(ExecutionStatus.CANCELLED);
        }
    }

    @Test
    @DisplayName("S18 a value of another type than the node puts out is refused at once")
    void a_value_of_another_type_is_refused() {
        try (FlowEngine engine = engine(1)) {
            FlowExecution run = atTheGate(
                    engine,
                    line(node("a", gate::hold)
                            .outputType("main", TypeRef.of(String.class))
                            .build()));
            assertThatExceptionOfType(FlowException.class)
                    .isThrownBy(() -> run.node("a").complete(42))
                    .withMessageContainingAll("'a'", "java.lang.Integer", "java.lang.String");
            done(run.node("a").complete("fits"));
            assertThat(watch.ended(run).output("a", String.class)).isEqualTo("fits");
        }
    }

    @Test
    @DisplayName("S8 a node that does not belong to the run is NOT_FOUND, live or ended")
    void an_unknown_node_is_not_found() {
        try (FlowEngine engine = engine(1)) {
            FlowExecution run = atTheGate(engine, line(blocking("a", gate::hold)));
            assertNotFound(run);
            gate.open();
            watch.ended(run);
            assertNotFound(run);
            assertNotFound(engine.find(run.id()).orElseThrow());
        }
    }

    private static void assertNotFound(FlowExecution run) {
        assertThatExceptionOfType(FlowException.class)
                .isThrownBy(() -> run.node("nobody"))
                .withMessageContainingAll("nobody", run.id())
                .satisfies(refusal -> assertThat(refusal.kind()).isEqualTo(FailureKind.NOT_FOUND));
    }

    @Test
    @DisplayName("S44 nothing can be done to nodes of a run that has ended, not even after its engine was closed")
    void ended_runs_are_refused() {
        FlowEngine engine = engine(1);
        FlowExecution run = atTheGate(engine, line(blocking("a", gate::hold)));
        gate.open();
        watch.ended(run);
        List<FlowExecution> handles = List.of(run, engine.find(run.id()).orElseThrow());
        handles.forEach(NodeControlTest::assertEnded);
        engine.close();
        handles.forEach(NodeControlTest::assertEnded);
    }

    private static void assertEnded(FlowExecution run) {
        NodeControl node = run.node("a");
        assertRefused(node.retryNow(), "'a'", "COMPLETED");
        assertRefused(node.skip("why"), "'a'", "COMPLETED");
        assertRefused(node.complete(1), "'a'", "COMPLETED");
        assertRefused(node.extendTimeout(HOUR), "'a'", "COMPLETED");
    }

    @Test
    @DisplayName("S39 S26 a node cancelled between two attempts is explained by the one that failed")
    void a_node_cancelled_between_attempts_is_explained() {
        try (FlowEngine engine = engine(1)) {
            FlowExecution run = waiting(engine);
            run.cancel("enough");

            assertThat(watch.ended(run).snapshot().explain("a"))
                    .startsWith("Node 'a' is CANCELLED: the execution ended CANCELLED after attempt 1 failed with")
                    .contains("planned failure of attempt 1")
                    .endsWith(" and before that was made good.");
        }
    }
}
