package dev.flowengine.internal.machine;

import static dev.flowengine.internal.machine.Machine.node;
import static dev.flowengine.internal.machine.Machine.reason;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.flow.Flow;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.node.AwaitedSignal;
import dev.flowengine.node.TypeRef;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What the machine makes of signals that arrive while its engine closes. */
class ClosingMachineTest {

    @Test
    @DisplayName("R37 a node that needs no body and is given up while nothing starts is not taken for one that ran")
    void given_up_without_being_out() {
        NodeDefinition disabled =
                NodeDefinition.builder("disabled").disabled().body(context -> 1).build();
        Machine machine = Machine.ofTrigger(Flow.definition("closing")
                        .trigger("t")
                        .add(node("a"))
                        .add(node("b"))
                        .add(disabled)
                        .connect("t", "a")
                        .connect("t", "b")
                        .connect("b", "disabled"))
                .start();
        machine.starts();
        machine.machine.halt(reason("closing"));
        machine.complete("b");
        assertThat(machine.status("disabled")).isEqualTo(NodeStatus.QUEUED);

        assertThat(machine.machine.interventions().skip(machine.number("disabled"), "not needed"))
                .isTrue();
        assertThat(machine.machine.status()).as("a still runs").isEqualTo(ExecutionStatus.RUNNING);
        machine.complete("a");
        assertThat(machine.late()).isZero();
        assertThat(machine.status("a")).isEqualTo(NodeStatus.COMPLETED);
        assertThat(machine.machine.status()).isEqualTo(ExecutionStatus.COMPLETED);
    }

    @Test
    @DisplayName("S25 R37 a signal that arrives in a pause while the engine closes is noted, for whoever resumes")
    void a_pause_outlasts_the_engine() {
        Machine machine = Machine.ofTrigger(Flow.definition("closing")
                        .trigger("t")
                        .add(node("a"))
                        .add(node("b"))
                        .connect("t", "a")
                        .connect("t", "b"))
                .start();
        machine.starts();
        List<Integer> taken = new ArrayList<>();
        int a = machine.number("a");
        AwaitedSignal go = AwaitedSignal.of("go", TypeRef.of(String.class));
        machine.machine.waits().suspended(a, machine.machine.nodes().ticket(a), new Suspension(null, null, go));
        machine.machine.pause();
        machine.machine.release();
        machine.machine.waits().arrived(new ArrivedSignal("1", "go", "now", taken::add));

        assertThat(machine.status("a")).isEqualTo(NodeStatus.WAITING);
        assertThat(taken).isEmpty();
        machine.complete("b");
        assertThat(machine.status("b")).isEqualTo(NodeStatus.COMPLETED);
        assertThat(machine.machine.status()).isEqualTo(ExecutionStatus.PAUSING);
    }

    @Test
    @DisplayName("S25 R37 a time that comes in a pause while the engine closes is noted, for whoever resumes")
    void a_time_in_a_pause() {
        Machine machine = Machine.ofTrigger(Flow.definition("closing")
                        .trigger("t")
                        .add(node("a"))
                        .add(node("b"))
                        .connect("t", "a")
                        .connect("t", "b"))
                .start();
        machine.starts();
        int a = machine.number("a");
        int ticket = machine.machine.nodes().ticket(a);
        machine.machine.waits().suspended(a, ticket, new Suspension(Instant.EPOCH, null, null));
        machine.machine.pause();
        machine.machine.release();
        machine.machine.waits().woke(a, ticket);
        assertThat(machine.status("a")).isEqualTo(NodeStatus.WAITING);
    }
}
