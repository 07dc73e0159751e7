package dev.flowengine.internal.machine;

import static dev.flowengine.internal.machine.Machine.node;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowDefinition;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.graph.Connection;
import dev.flowengine.graph.InputPort;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.model.SkipReason;
import dev.flowengine.node.PortValues;
import dev.flowengine.plan.Start;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ExecutionMachineTest {
    private final Machine line = Machine.ofTrigger(Flow.definition("line")
            .trigger("t")
            .add(node("a"))
            .add(node("b"))
            .connect("t", "a")
            .connect("a", "b"));

    @Test
    void decides_one_step_after_the_other() {
        assertThat(line.machine.status()).isEqualTo(ExecutionStatus.QUEUED);
        line.start();

        assertThat(line.changes()).containsExactly("t QUEUED", "t RUNNING", "t COMPLETED", "a QUEUED");
        assertThat(line.starts()).containsExactly("a");
        line.machine.started(line.number("a"), 1);
        assertThat(line.complete("a").changes()).containsExactly("a RUNNING", "a COMPLETED", "b QUEUED");
        assertThat(line.starts()).containsExactly("b");
        assertThat(line.complete("b").changes()).containsExactly("b RUNNING", "b COMPLETED");
        assertThat(line.machine.status()).isEqualTo(ExecutionStatus.COMPLETED);
        assertThat(line.machine.failure()).isNull();
    }

    @Test
    void starting_again_changes_nothing() {
        line.start();
        line.changes();
        line.starts();

        line.start();

        assertThat(line.changes()).isEmpty();
        assertThat(line.starts()).isEmpty();
        line.complete("a").complete("b").start();
        assertThat(line.machine.status()).isEqualTo(ExecutionStatus.COMPLETED);
    }

    @Test
    void being_told_of_a_start_twice_or_late_changes_nothing() {
        line.start();
        line.machine.started(line.number("a"), 1);
        line.machine.started(line.number("a"), 1);
        line.complete("a");
        line.machine.started(line.number("a"), 1);

        assertThat(line.changes())
                .filteredOn(change -> change.startsWith("a"))
                .containsExactly("a QUEUED", "a RUNNING", "a COMPLETED");
    }

    @Test
    @DisplayName("S8 settled is final: a late result is dropped and said to be")
    void late_results_are_counted() {
        line.start().complete("a").fail("a").complete("a");

        assertThat(line.status("a")).isEqualTo(NodeStatus.COMPLETED);
        assertThat(line.late()).isEqualTo(2);
        line.complete("b").complete("b");
        assertThat(line.machine.emitted(line.number("b"), 1, PortValues.of("main", "again")))
                .isFalse();
        assertThat(line.output("b")).isEqualTo("of b");
        assertThat(line.late()).isEqualTo(3);
        assertThat(line.machine.status()).isEqualTo(ExecutionStatus.COMPLETED);
    }

    @Test
    @DisplayName("S14 a stall is never completed: the run fails and names what is left")
    void a_stall_fails_the_run() {
        Flow draft = Flow.definition("round")
                .trigger("t")
                .add(node("a"))
                .add(node("b"))
                .add(node("ok"))
                .connect("t", "a")
                .connect("t", "ok")
                .connect("a", "b")
                .connect("b", "a")
                .buildDraft();
        Machine machine = new Machine(draft, Start.trigger("t")).start();
        assertThat(machine.machine.status()).isEqualTo(ExecutionStatus.RUNNING);

        machine.complete("ok");

        assertThat(machine.machine.status()).isEqualTo(ExecutionStatus.FAILED);
        assertThat(machine.status("a")).isEqualTo(NodeStatus.CANCELLED);
        FlowException failure = machine.machine.failure();
        assertThat(failure).isNotNull();
        assertThat(failure.kind()).isEqualTo(FailureKind.INVALID_FLOW_STATE);
        assertThat(failure.affectedNodes()).containsExactly("a", "b");
        assertThat(failure).hasMessage("nothing runs and nothing can start, but 2 nodes are not settled: a, b");
    }

    @Test
    void a_stall_of_very_many_nodes_names_the_first_of_them() {
        FlowDefinition ring = Flow.definition("ring").trigger("t");
        IntStream.range(0, 50).forEach(i -> ring.add(node("n" + i)));
        IntStream.range(0, 50).forEach(i -> ring.connect("n" + i, "n" + (i + 1) % 50));
        ring.connect("t", "n0");

        FlowException failure = new Machine(ring.buildDraft(), Start.trigger("t"))
                .start()
                .machine
                .failure();

        assertThat(failure).isNotNull().hasMessageEndingWith("n18, n19, …");
        assertThat(failure.affectedNodes()).hasSize(50);
    }

    @Test
    void a_run_halted_before_its_start_is_cancelled() {
        line.machine.halt(Machine.reason("closed"));

        assertThat(line.machine.status()).isEqualTo(ExecutionStatus.CANCELLED);
        assertThat(line.start().starts()).isEmpty();
        assertThat(line.status("t")).isEqualTo(NodeStatus.CANCELLED);
    }

    @Test
    void a_halted_run_starts_nothing_more_and_is_cancelled_with_the_reason() {
        line.start().starts();
        line.machine.halt(Machine.reason("closed"));
        assertThat(line.machine.status()).isEqualTo(ExecutionStatus.RUNNING);

        line.complete("a");

        assertThat(line.starts()).isEmpty();
        assertThat(line.machine.status()).isEqualTo(ExecutionStatus.CANCELLED);
        assertThat(line.status("a")).isEqualTo(NodeStatus.COMPLETED);
        assertThat(line.status("b")).isEqualTo(NodeStatus.CANCELLED);
        assertThat(line.machine.failure()).hasMessage("closed");
    }

    @Test
    void a_halted_run_with_nothing_left_to_start_ends_as_it_would_have() {
        line.start().complete("a").starts();
        line.machine.halt(Machine.reason("closed"));
        line.complete("b");

        assertThat(line.machine.status()).isEqualTo(ExecutionStatus.COMPLETED);
        assertThat(line.machine.failure()).isNull();
    }

    @Test
    void a_halted_run_whose_last_node_fails_failed_by_that_node() {
        line.start().complete("a").starts();
        line.machine.halt(Machine.reason("closed"));
        line.fail("b");

        assertThat(line.machine.status()).isEqualTo(ExecutionStatus.FAILED);
        assertThat(line.machine.failure()).isNull();
        assertThat(line.machine.firstFailed()).isEqualTo(line.number("b"));
    }

    @Test
    void a_halted_run_ends_when_the_node_that_was_to_start_is_withdrawn() {
        line.start().starts();
        line.machine.halt(Machine.reason("closed"));

        line.machine.withdrawn(line.number("a"), 1);

        assertThat(line.machine.status()).isEqualTo(ExecutionStatus.CANCELLED);
        assertThat(line.status("a")).isEqualTo(NodeStatus.CANCELLED);
    }

    @Test
    void nodes_that_nobody_has_taken_up_do_not_start_once_a_run_is_halted() {
        line.start();

        line.machine.halt(Machine.reason("closed"));

        assertThat(line.starts()).isEmpty();
        assertThat(line.machine.status()).isEqualTo(ExecutionStatus.CANCELLED);
    }

    @Test
    void nodes_in_the_queue_of_the_workers_do_not_start_once_a_run_is_halted() {
        Machine fan = Machine.ofTrigger(Flow.definition("fan")
                .trigger("t")
                .add(Machine.computing("a"))
                .add(Machine.computing("b"))
                .connect("t", "a")
                .connect("t", "b"));
        ReadyQueue queue = fan.start().machine.startLog().queue();
        fan.starts().forEach(node -> queue.add(fan.number(node)));
        int taken = queue.poll();

        fan.machine.halt(Machine.reason("closed"));
        assertThat(queue.poll()).isEqualTo(ReadyQueue.EMPTY);
        assertThat(fan.machine.status()).isEqualTo(ExecutionStatus.RUNNING);
        fan.machine.completed(taken, 1, 1);

        assertThat(fan.machine.status()).isEqualTo(ExecutionStatus.CANCELLED);
        assertThat(fan.startLog()).containsExactly("t", "a");
    }

    @Test
    void terminating_cancels_what_still_runs_and_drops_its_result() {
        line.start().starts();
        line.machine.started(line.number("a"), 1);
        line.machine.halt(Machine.reason("closed"));

        line.machine.terminate();

        assertThat(line.machine.status()).isEqualTo(ExecutionStatus.CANCELLED);
        assertThat(line.status("a")).isEqualTo(NodeStatus.CANCELLED);
        line.complete("a");
        assertThat(line.late()).isEqualTo(1);
        assertThat(line.status("b")).isEqualTo(NodeStatus.CANCELLED);
    }

    @Test
    @DisplayName("S44 an ended run is left alone by halt, terminate, abort and start")
    void nothing_changes_an_ended_run() {
        line.start().complete("a").complete("b").changes();

        line.machine.halt(Machine.reason("late"));
        line.machine.terminate();
        line.machine.abort(Machine.reason("late"));

        assertThat(line.machine.status()).isEqualTo(ExecutionStatus.COMPLETED);
        assertThat(line.machine.failure()).isNull();
        assertThat(line.changes()).isEmpty();
    }

    @Test
    void aborting_fails_the_run_with_the_cause_whenever_it_comes() {
        Machine early = Machine.ofTrigger(Flow.definition("f").trigger("t"));
        early.machine.abort(Machine.reason("broken"));
        line.start().machine.abort(Machine.reason("broken"));

        assertThat(early.machine.status()).isEqualTo(ExecutionStatus.FAILED);
        assertThat(line.machine.status()).isEqualTo(ExecutionStatus.FAILED);
        assertThat(line.machine.failure()).hasMessage("broken");
        assertThat(line.status("a")).isEqualTo(NodeStatus.CANCELLED);
        assertThat(line.late()).isZero();
    }

    @Test
    void a_result_of_a_node_that_was_never_ready_is_dropped() {
        line.start().complete("b").fail("b");

        assertThat(line.status("b")).isEqualTo(NodeStatus.IDLE);
        assertThat(line.late()).isEqualTo(2);
        line.complete("a").complete("b");
        assertThat(line.machine.status()).isEqualTo(ExecutionStatus.COMPLETED);
    }

    @Test
    void there_is_news_whenever_the_outside_would_see_a_difference() {
        assertThat(line.machine.hasNews()).isFalse();
        line.start();
        assertThat(line.machine.hasNews()).isTrue();

        assertThat(line.machine.hasNews()).as("unseen changes of nodes").isTrue();
        line.changes();
        assertThat(line.machine.hasNews()).isFalse();
        line.complete("a").changes();
        assertThat(line.machine.hasNews()).as("still running").isFalse();
        line.complete("b");

        assertThat(line.machine.hasNews()).as("ended").isTrue();
    }

    @Test
    @DisplayName("S5 a start without a value on a required port skips the node if the check is off")
    void the_first_node_may_miss_its_input() {
        Flow flow = Flow.definition("f")
                .trigger("t")
                .add(NodeDefinition.builder("two")
                        .inputs(InputPort.required("x"), InputPort.optional("y"))
                        .body(context -> 1)
                        .build())
                .add(node("next"))
                .connect(new Connection("t", "main", "two", "x"))
                .connect("two", "next")
                .build();
        Machine without = new Machine(flow, Start.fromNode("two"), PortValues.of("y", 1)).start();
        Machine with = new Machine(flow, Start.fromNode("two"), PortValues.of("x", 1)).start();

        assertThat(without.skipReason("two")).isEqualTo(SkipReason.MISSING_INPUT);
        assertThat(without.skipReason("next")).isEqualTo(SkipReason.ALL_INPUTS_SKIPPED);
        assertThat(with.starts()).containsExactly("two");
    }
}
