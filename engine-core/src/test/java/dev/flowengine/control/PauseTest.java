package dev.flowengine.control;

import static dev.flowengine.control.Flows.blocking;
import static dev.flowengine.control.Flows.computing;
import static dev.flowengine.control.Flows.fan;
import static dev.flowengine.control.Flows.line;
import static dev.flowengine.control.Flows.passing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowDefinition;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.testing.Engines;
import dev.flowengine.testing.Threads;
import dev.flowengine.testing.WithThreads;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class PauseTest {
    private final Watch watch = new Watch();
    private final Gate gate = new Gate();
    private final AtomicInteger ran = new AtomicInteger();

    private Object count() {
        return ran.incrementAndGet();
    }

    private FlowEngine engine(int threads) {
        return Engines.builder(threads).listener(watch).build();
    }

    private FlowExecution atTheGate(FlowEngine engine, Flow flow) {
        FlowExecution run = engine.executeFromTrigger(flow, "t", 1);
        gate.awaitEntered();
        return run;
    }

    @WithThreads
    @DisplayName("S25 a pause in mid-run reports PAUSING, then PAUSED, and a resume goes on at the same point")
    void a_pause_in_mid_run(int threads) {
        try (FlowEngine engine = engine(threads)) {
            FlowExecution run = atTheGate(
                    engine, line(blocking("a", gate::hold), computing("b", c -> count()), blocking("c", c -> count())));

            assertThat(run.pause()).isEqualTo(ExecutionStatus.RUNNING);
            Watch.awaitStatus(run, ExecutionStatus.PAUSING);
            gate.open();
            Watch.awaitStatus(run, ExecutionStatus.PAUSED);
            assertThat(run.snapshot().status()).isEqualTo(ExecutionStatus.PAUSED);
            assertThat(Watch.node(run, "a").status()).isEqualTo(NodeStatus.COMPLETED);
            assertThat(ran).hasValue(0);

            assertThat(run.resume()).isEqualTo(ExecutionStatus.PAUSED);
            assertThat(watch.ended(run).status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(ran).hasValue(2);
            assertThat(watch.statuses(run))
                    .containsExactly(ExecutionStatus.PAUSING, ExecutionStatus.PAUSED, ExecutionStatus.RUNNING);
            assertThat(run.snapshot().executionPath()).containsExactly("t", "a", "b", "c");
        }
    }

    @Test
    @DisplayName("S25 bodies that wait in line for a thread do not start once the run is being paused")
    void bodies_in_line_do_not_start() {
        try (FlowEngine engine =
                Engines.builder().bodyThreads(1).listener(watch).build()) {
            FlowDefinition flow = fan(blocking("a", gate::hold));
            for (int i = 0; i < 20; i++) {
                flow.add(blocking("w" + i, c -> count())).connect("t", "w" + i);
            }
            FlowExecution run = atTheGate(engine, flow.build());
            run.pause();
            Watch.awaitStatus(run, ExecutionStatus.PAUSING);
            gate.open();
            Watch.awaitStatus(run, ExecutionStatus.PAUSED);
            assertThat(ran).hasValue(0);

            run.resume();
            assertThat(watch.ended(run).status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(ran).hasValue(20);
        }
    }

    @Test
    @DisplayName("S25 S6 a run is paused as soon as nothing of it runs, whoever holds the thread its bodies wait for")
    void a_pause_does_not_wait_for_bodies_of_others() {
        try (FlowEngine engine =
                Engines.builder().bodyThreads(1).listener(watch).build()) {
            FlowExecution other = atTheGate(engine, line(blocking("a", gate::hold)));
            FlowExecution run = engine.executeFromTrigger(line(blocking("w", c -> count())), "t", 1);
            Watch.awaitNode(run, "w", NodeStatus.QUEUED);
            run.pause();
            Watch.awaitStatus(run, ExecutionStatus.PAUSED);
            run.resume();
            run.pause();
            Watch.awaitStatus(run, ExecutionStatus.PAUSED);
            run.resume();
            Watch.awaitStatus(run, ExecutionStatus.RUNNING);
            assertThat(ran).hasValue(0);

            gate.open();
            assertThat(watch.ended(run).status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(ran).hasValue(1);
            assertThat(watch.ended(other).status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
    }

    @Test
    @DisplayName("S25 nodes that wait for an engine worker do not start once the run is being paused")
    void nodes_in_line_for_a_worker_do_not_start() {
        try (FlowEngine engine = Engines.builder().workers(1).listener(watch).build()) {
            FlowDefinition flow = fan(computing("a", gate::hold));
            for (int i = 0; i < 20; i++) {
                flow.add(computing("w" + i, c -> count())).connect("t", "w" + i);
            }
            FlowExecution run = atTheGate(engine, flow.build());
            run.pause();
            Watch.awaitStatus(run, ExecutionStatus.PAUSING);
            gate.open();
            Watch.awaitStatus(run, ExecutionStatus.PAUSED);
            assertThat(ran).hasValue(0);

            run.resume();
            assertThat(watch.ended(run).status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(ran).hasValue(20);
        }
    }

    @WithThreads
    @DisplayName("S25 an asynchronous body that runs goes on during a pause, and what it returns is kept")
    void an_asynchronous_body_goes_on(int threads) {
        CompletableFuture<Object> stage = new CompletableFuture<>();
        try (FlowEngine engine = engine(threads)) {
            Flow flow = line(NodeDefinition.builder("a").asyncBody(c -> stage).build(), passing("b"));
            FlowExecution run = engine.executeFromTrigger(flow, "t", 1);
            Watch.awaitNode(run, "a", NodeStatus.RUNNING);
            run.pause();
            Watch.awaitStatus(run, ExecutionStatus.PAUSING);
            stage.complete("later");
            Watch.awaitStatus(run, ExecutionStatus.PAUSED);
            run.resume();
            assertThat(watch.ended(run).output("b", String.class)).isEqualTo("later");
        }
    }

    @WithThreads
    @DisplayName("S25 a pause after the last node has started lets the run simply end")
    void a_pause_after_the_last_node(int threads) {
        try (FlowEngine engine = engine(threads)) {
            FlowExecution run = atTheGate(engine, line(blocking("a", gate::hold)));
            run.pause();
            Watch.awaitStatus(run, ExecutionStatus.PAUSING);
            gate.open();
            assertThat(watch.ended(run).status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(watch.statuses(run)).containsExactly(ExecutionStatus.PAUSING);
        }
    }

    @WithThreads
    @DisplayName("S25 pause and resume are idempotent")
    void pause_and_resume_are_idempotent(int threads) {
        try (FlowEngine engine = engine(threads)) {
            FlowExecution run = atTheGate(engine, line(blocking("a", gate::hold), passing("b")));
            run.resume();
            run.pause();
            run.pause();
            Watch.awaitStatus(run, ExecutionStatus.PAUSING);
            assertThat(run.pause()).isEqualTo(ExecutionStatus.PAUSING);
            gate.open();
            Watch.awaitStatus(run, ExecutionStatus.PAUSED);
            assertThat(run.pause()).isEqualTo(ExecutionStatus.PAUSED);
            run.resume();
            run.resume();
            assertThat(watch.ended(run).status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(watch.statuses(run))
                    .containsExactly(ExecutionStatus.PAUSING, ExecutionStatus.PAUSED, ExecutionStatus.RUNNING);
        }
    }

    @WithThreads
    @DisplayName("S25 a resume before the pause took effect takes it back: the run is never PAUSED")
    void a_resume_before_the_pause_took_effect(int threads) {
        try (FlowEngine engine = engine(threads)) {
            FlowExecution run = atTheGate(engine, line(blocking("a", gate::hold), passing("b")));
            run.pause();
            Watch.awaitStatus(run, ExecutionStatus.PAUSING);
            run.resume();
            Watch.awaitStatus(run, ExecutionStatus.RUNNING);
            gate.open();
            assertThat(watch.ended(run).status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(watch.statuses(run)).containsExactly(ExecutionStatus.PAUSING, ExecutionStatus.RUNNING);
        }
    }

    @WithThreads
    @DisplayName("S25 R28 any number of pauses and resumes from several threads lose no node and end the run")
    void many_pauses_and_resumes_at_once(int threads) throws Exception {
        try (FlowEngine engine = engine(threads)) {
            for (int round = 0; round < 20; round++) {
                ran.set(0);
                FlowDefinition flow = Flow.definition("many").trigger("t");
                for (int i = 0; i < 60; i++) {
                    flow.add(i % 2 == 0 ? computing("n" + i, c -> count()) : blocking("n" + i, c -> count()))
                            .connect(i < 6 ? "t" : "n" + (i - 6), "n" + i);
                }
                FlowExecution run = engine.executeFromTrigger(flow.build(), "t", 1);
                Threads.together(3, thread -> {
                    for (int i = 0; i < 30; i++) {
                        run.pause();
                        run.resume();
                    }
                });
                run.resume();
                assertThat(watch.ended(run).status()).isEqualTo(ExecutionStatus.COMPLETED);
                assertThat(ran).hasValue(60);
            }
        }
    }

    @Test
    @DisplayName("S25 S26 on a run that has ended pause, resume and cancel return its status, also once it is archived")
    void ended_runs_return_their_status() {
        try (FlowEngine engine = engine(2)) {
            Flow failing = line(blocking("a", c -> {
                throw new IllegalStateException("planned");
            }));
            FlowExecution failed = engine.executeFromTrigger(failing, "t", 1);
            FlowExecution completed = engine.executeFromTrigger(line(passing("a")), "t", 1);
            watch.ended(failed);
            watch.ended(completed);
            assertThat(failed.pause()).isEqualTo(ExecutionStatus.FAILED);
            assertThat(engine.pause(failed.id())).isEqualTo(ExecutionStatus.FAILED);
            assertThat(engine.resume(completed.id())).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(engine.cancel(completed.id(), "late")).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(watch.statuses(completed)).isEmpty();
        }
    }

    @Test
    @DisplayName("S25 S26 on an unknown run pause, resume and cancel fail with NOT_FOUND")
    void unknown_runs_are_not_found() {
        try (FlowEngine engine = engine(1)) {
            assertNotFound(() -> engine.pause("nobody"));
            assertNotFound(() -> engine.resume("nobody"));
            assertNotFound(() -> engine.cancel("nobody", "because"));
        }
    }

    @Test
    @DisplayName("S25 S26 a live run can be paused, resumed and cancelled by its id")
    void live_runs_are_controlled_by_id() {
        try (FlowEngine engine = engine(2)) {
            FlowExecution run = atTheGate(engine, line(blocking("a", gate::hold), passing("b")));
            assertThat(engine.pause(run.id())).isEqualTo(ExecutionStatus.RUNNING);
            gate.open();
            Watch.awaitStatus(run, ExecutionStatus.PAUSED);
            assertThat(engine.resume(run.id())).isEqualTo(ExecutionStatus.PAUSED);
            assertThat(watch.ended(run).status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
    }

    private static void assertNotFound(ThrowingCallable call) {
        assertThatExceptionOfType(FlowException.class)
                .isThrownBy(call)
                .withMessageContaining("nobody")
                .satisfies(refusal -> assertThat(refusal.kind()).isEqualTo(FailureKind.NOT_FOUND));
    }
}
