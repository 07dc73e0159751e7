package dev.flowengine.internal.machine;

import static dev.flowengine.internal.machine.Machine.computing;
import static dev.flowengine.internal.machine.Machine.node;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.flow.ErrorHandling;
import dev.flowengine.flow.FailureMode;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowDefinition;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowError;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.model.SkipReason;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What pause, resume, cancel and interventions mean to the machine, signal by signal. */
class ControlledMachineTest {

    /** Four nodes beside each other: {@code a} and {@code b} on threads of their own, {@code x} and {@code y} on workers. */
    private static Machine fan(FailureMode mode) {
        FlowDefinition fan = Flow.definition("fan")
                .failureMode(mode)
                .trigger("t")
                .add(node("a"))
                .add(node("b"))
                .add(computing("x"))
                .add(computing("y"))
                .add(node("after"));
        Stream.of("a", "b", "x", "y").forEach(id -> fan.connect("t", id));
        return Machine.ofTrigger(fan.connect("a", "after")).start();
    }

    private static Machine line() {
        return Machine.ofTrigger(Flow.definition("line")
                .trigger("t")
                .add(node("a"))
                .add(node("b"))
                .connect("t", "a")
                .connect("a", "b"));
    }

    /** Does what a run loop does with the starts: those that compute go to the queue of the workers. */
    private static void carryOutStarts(Machine machine) {
        for (String id : machine.starts()) {
            if (machine.layout().isCpuBound(machine.number(id))) {
                machine.machine.startLog().queue().add(machine.number(id));
            }
        }
    }

    private static int taken(Machine machine) {
        return machine.machine.startLog().queue().poll();
    }

    private static ExecutionStatus status(Machine machine) {
        return machine.machine.status();
    }

    private static NodeFailure failure(String id) {
        return new NodeFailure(new FlowError(FailureKind.NODE_EXECUTION_FAILED, "a.B", "boom", "", id, 1, ""), null);
    }

    @Test
    @DisplayName("S25 what was decided to start but has not is held back by a pause, and starts on resume")
    void a_pause_holds_back_what_was_to_start() {
        Machine machine = fan(FailureMode.ISOLATE_BRANCH);
        machine.machine.pause();
        assertThat(status(machine)).isEqualTo(ExecutionStatus.PAUSED);
        assertThat(machine.starts()).isEmpty();

        machine.machine.resume();
        assertThat(status(machine)).isEqualTo(ExecutionStatus.RUNNING);
        assertThat(machine.starts()).containsExactly("a", "b", "x", "y");
    }

    @Test
    @DisplayName("S25 nodes in the queue of the workers are held back too, and are given out in the same order")
    void a_pause_holds_the_queue_of_the_workers() {
        Machine machine = fan(FailureMode.ISOLATE_BRANCH);
        carryOutStarts(machine);
        machine.machine.pause();
        assertThat(taken(machine)).isEqualTo(ReadyQueue.EMPTY);
        machine.complete("a").complete("b");
        assertThat(status(machine)).isEqualTo(ExecutionStatus.PAUSED);
        assertThat(machine.starts()).isEmpty();

        machine.machine.resume();
        assertThat(machine.starts()).containsExactly("after");
        assertThat(taken(machine)).isEqualTo(machine.number("x"));
        assertThat(taken(machine)).isEqualTo(machine.number("y"));
        machine.complete("x").complete("y").complete("after");
        assertThat(status(machine)).isEqualTo(ExecutionStatus.COMPLETED);
    }

    @Test
    @DisplayName("S25 a resume that comes before what runs has ended takes the pause back")
    void a_resume_in_time_takes_the_pause_back() {
        Machine machine = line().start();
        machine.starts();
        machine.machine.pause();
        assertThat(status(machine)).isEqualTo(ExecutionStatus.PAUSING);
        machine.machine.resume();
        machine.machine.resume();
        assertThat(status(machine)).isEqualTo(ExecutionStatus.RUNNING);
        machine.complete("a");
        assertThat(machine.starts()).containsExactly("b");
    }

    @Test
    @DisplayName("S25 an attempt that found the run paused is started again on resume, under the same number")
    void a_withdrawn_attempt_comes_back() {
        Machine machine = line().start();
        machine.starts();
        machine.machine.pause();
        machine.machine.withdrawn(machine.number("a"), 1);
        assertThat(status(machine)).isEqualTo(ExecutionStatus.PAUSED);
        assertThat(machine.starts()).isEmpty();
        machine.machine.resume();
        assertThat(machine.starts()).containsExactly("a");
        assertThat(machine.machine.nodes().attempt(machine.number("a"))).isEqualTo(1);
        machine.complete("a").complete("b");
        assertThat(status(machine)).isEqualTo(ExecutionStatus.COMPLETED);
    }

    @Test
    @DisplayName("S25 a backoff that ends just as the run is paused starts nothing until the resume")
    void a_backoff_that_ends_in_a_pause_waits_for_the_resume() {
        Machine machine = line().start();
        machine.starts();
        int a = machine.number("a");
        machine.machine.failed(a, 1, failure("a"), Duration.ofSeconds(1));
        assertThat(status(machine)).isEqualTo(ExecutionStatus.WAITING);
        machine.machine.pause();
        assertThat(status(machine)).isEqualTo(ExecutionStatus.PAUSED);
        machine.machine.due(a, 2);
        assertThat(status(machine)).isEqualTo(ExecutionStatus.PAUSED);
        assertThat(machine.starts()).isEmpty();
        machine.machine.resume();
        assertThat(machine.starts()).containsExactly("a");
    }

    @Test
    @DisplayName("S25 a resume while a backoff is left leads back to WAITING")
    void a_resume_with_a_backoff_left_waits() {
        Machine machine = line().start();
        machine.starts();
        machine.machine.failed(machine.number("a"), 1, failure("a"), Duration.ofSeconds(1));
        machine.machine.pause();
        machine.machine.resume();
        assertThat(status(machine)).isEqualTo(ExecutionStatus.WAITING);
    }

    @Test
    @DisplayName("S26 from a cancel on no join is evaluated; a value returned in time counts")
    void a_cancel_evaluates_no_join() {
        Machine machine = fan(FailureMode.ISOLATE_BRANCH);
        carryOutStarts(machine);
        int running = taken(machine);
        machine.machine.cancel(Machine.reason("enough"));
        assertThat(status(machine)).isEqualTo(ExecutionStatus.CANCELLING);
        assertThat(machine.status("y")).isEqualTo(NodeStatus.CANCELLED);
        assertThat(machine.status("after")).isEqualTo(NodeStatus.CANCELLED);
        machine.complete("a").fail("b");
        assertThat(status(machine)).isEqualTo(ExecutionStatus.CANCELLING);
        machine.machine.completed(running, 1, 1);

        assertThat(status(machine)).isEqualTo(ExecutionStatus.CANCELLED);
        assertThat(machine.status("a")).isEqualTo(NodeStatus.COMPLETED);
        assertThat(machine.status("b")).isEqualTo(NodeStatus.CANCELLED);
        assertThat(machine.starts()).isEmpty();
    }

    @Test
    @DisplayName("S22 S26 a cancel during a fail-fast stop is accepted, and settles no node twice")
    void a_cancel_during_a_fail_fast_stop() {
        Machine machine = fan(FailureMode.FAIL_FAST);
        carryOutStarts(machine);
        machine.fail("a");
        assertThat(machine.status("x")).isEqualTo(NodeStatus.CANCELLED);
        machine.changes();

        machine.machine.cancel(Machine.reason("enough"));

        assertThat(machine.changes()).isEmpty();
        assertThat(status(machine)).isEqualTo(ExecutionStatus.CANCELLING);
        machine.complete("b");
        assertThat(status(machine)).isEqualTo(ExecutionStatus.CANCELLED);
    }

    @Test
    @DisplayName("S22 R28 a resume during a fail-fast stop starts nothing and does not revive the run")
    void a_resume_during_a_fail_fast_stop() {
        Machine machine = fan(FailureMode.FAIL_FAST);
        carryOutStarts(machine);
        machine.machine.pause();
        machine.fail("a");

        machine.machine.resume();

        assertThat(taken(machine)).isEqualTo(ReadyQueue.EMPTY);
        assertThat(machine.starts()).isEmpty();
        machine.complete("b");
        assertThat(status(machine)).isEqualTo(ExecutionStatus.FAILED);
    }

    @Test
    @DisplayName("S26 R28 a resume while the engine closes starts nothing")
    void a_resume_while_the_engine_closes() {
        Machine machine = fan(FailureMode.ISOLATE_BRANCH);
        carryOutStarts(machine);
        machine.machine.pause();
        machine.machine.halt(Machine.reason("closed"));

        machine.machine.resume();

        assertThat(taken(machine)).isEqualTo(ReadyQueue.EMPTY);
        machine.complete("a").complete("b");
        assertThat(machine.starts()).isEmpty();
        assertThat(status(machine)).isEqualTo(ExecutionStatus.CANCELLED);
        assertThat(machine.status("x")).isEqualTo(NodeStatus.CANCELLED);
    }

    @Test
    @DisplayName(
            "S22 S23 a fail-fast run whose node fails while the engine closes is FAILED by that node, never PARTIAL")
    void a_failure_in_a_fail_fast_run_while_the_engine_closes() {
        Machine machine = fan(FailureMode.FAIL_FAST);
        machine.starts();
        machine.machine.halt(Machine.reason("closed"));
        machine.fail("a").complete("b").complete("x").complete("y");

        assertThat(status(machine)).isEqualTo(ExecutionStatus.FAILED);
        assertThat(machine.machine.failure()).isNull();
        assertThat(machine.machine.firstFailed()).isEqualTo(machine.number("a"));
    }

    @Test
    @DisplayName("S22 S25 R28 a pause during a fail-fast stop, or while the engine closes, does not hold up the end")
    void a_pause_of_a_run_that_is_ending() {
        Machine failing = fan(FailureMode.FAIL_FAST);
        carryOutStarts(failing);
        failing.fail("a").machine.pause();
        assertThat(status(failing)).isEqualTo(ExecutionStatus.RUNNING);
        failing.complete("b");
        assertThat(status(failing)).isEqualTo(ExecutionStatus.FAILED);

        Machine closing = fan(FailureMode.ISOLATE_BRANCH);
        carryOutStarts(closing);
        closing.machine.halt(Machine.reason("closed"));
        closing.machine.pause();
        assertThat(status(closing)).isEqualTo(ExecutionStatus.RUNNING);
        closing.complete("a").complete("b");
        assertThat(status(closing)).isEqualTo(ExecutionStatus.CANCELLED);
    }

    @Test
    @DisplayName("S8 S27 what a failed attempt returns late is not taken for the value of its recovery")
    void a_late_value_during_the_recovery() {
        Machine machine = Machine.ofTrigger(Flow.definition("recovering")
                        .trigger("t")
                        .add(NodeDefinition.builder("a")
                                .onError(ErrorHandling.recover(error -> 1))
                                .body(context -> 1)
                                .build())
                        .connect("t", "a"))
                .start();
        machine.starts();
        machine.fail("a");
        machine.machine.completed(machine.number("a"), 1, "late");
        assertThat(machine.status("a")).isEqualTo(NodeStatus.RUNNING);

        machine.complete("a");
        assertThat(machine.output("a")).isEqualTo("of a");
        assertThat(status(machine)).isEqualTo(ExecutionStatus.COMPLETED);
    }

    @Test
    @DisplayName("S23 a run whose cancel was accepted is CANCELLED, even if the engine cannot continue it")
    void a_cancelled_run_that_cannot_be_continued() {
        Machine machine = fan(FailureMode.ISOLATE_BRANCH);
        carryOutStarts(machine);
        machine.machine.cancel(Machine.reason("enough"));
        machine.machine.abort(Machine.reason("defect"));
        assertThat(status(machine)).isEqualTo(ExecutionStatus.CANCELLED);
        assertThat(machine.status("a")).isEqualTo(NodeStatus.CANCELLED);
    }

    @Test
    @DisplayName("S26 cancel beats pause, also a pause that took effect")
    void cancel_beats_pause() {
        Machine pausing = line().start();
        pausing.starts();
        pausing.machine.pause();
        pausing.machine.cancel(Machine.reason("enough"));
        pausing.machine.pause();
        pausing.machine.resume();
        assertThat(status(pausing)).isEqualTo(ExecutionStatus.CANCELLING);
        pausing.complete("a");
        assertThat(status(pausing)).isEqualTo(ExecutionStatus.CANCELLED);

        Machine paused = line().start();
        paused.machine.pause();
        paused.machine.cancel(Machine.reason("enough"));
        assertThat(status(paused)).isEqualTo(ExecutionStatus.CANCELLED);
        assertThat(paused.status("a")).isEqualTo(NodeStatus.CANCELLED);
    }

    @Test
    @DisplayName("S26 a cancel before the start leaves nothing to start")
    void a_cancel_before_the_start() {
        Machine machine = line();
        machine.machine.cancel(Machine.reason("enough"));
        assertThat(status(machine)).isEqualTo(ExecutionStatus.CANCELLED);
        machine.start();
        assertThat(machine.starts()).isEmpty();
        assertThat(machine.status("t")).isEqualTo(NodeStatus.CANCELLED);
    }

    @Test
    @DisplayName("S8 a node that is skipped just as it becomes ready does not start after all")
    void a_node_skipped_as_it_becomes_ready_does_not_start() {
        Machine machine = line().start();

        assertThat(machine.machine.interventions().skip(machine.number("a"), "by hand"))
                .isTrue();

        assertThat(machine.starts()).isEmpty();
        assertThat(machine.skipReason("a")).isEqualTo(SkipReason.MANUAL);
        assertThat(machine.status("b")).isEqualTo(NodeStatus.SKIPPED);
        assertThat(status(machine)).isEqualTo(ExecutionStatus.COMPLETED);
    }

    @Test
    @DisplayName("S8 a node that became ready while the engine closes can be skipped without ending what runs")
    void a_node_skipped_while_the_engine_closes() {
        Machine machine = fan(FailureMode.ISOLATE_BRANCH);
        machine.starts();
        machine.machine.halt(Machine.reason("closed"));
        machine.complete("a");
        machine.machine.interventions().skip(machine.number("after"), "by hand");

        assertThat(status(machine)).isEqualTo(ExecutionStatus.RUNNING);
        machine.complete("b").complete("x").complete("y");
        assertThat(status(machine)).isEqualTo(ExecutionStatus.COMPLETED);
    }
}
