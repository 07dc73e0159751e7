package dev.flowengine.internal.machine;

import static dev.flowengine.internal.machine.Machine.node;
import static dev.flowengine.internal.machine.Machine.reason;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.flow.FailureMode;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowError;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.node.PortValues;
import dev.flowengine.node.SubflowBody;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What the machine makes of executions that have ended while the one that waits for them was paused, if nobody resumes it. */
class EndedChildrenTest {

    /** A paused execution with a node whose child has ended, and one that runs. */
    private static Machine paused(ChildEnd end) {
        NodeDefinition child = NodeDefinition.builder("child")
                .anyBody(SubflowBody.of("other", "t"))
                .build();
        Machine machine = Machine.ofTrigger(Flow.definition("ended")
                        .failureMode(FailureMode.FAIL_FAST)
                        .trigger("t")
                        .add(child)
                        .add(node("a"))
                        .connect("t", "child")
                        .connect("t", "a"))
                .start();
        machine.starts();
        int number = machine.number("child");
        int ticket = machine.machine.nodes().ticket(number);
        machine.machine.waits().suspended(number, ticket, Suspension.of(new ChildCall("id", true, false)));
        machine.machine.pause();
        machine.machine.waits().childEnded(number, machine.machine.nodes().ticket(number), end);
        assertThat(machine.status("child")).isEqualTo(NodeStatus.WAITING);
        return machine;
    }

    private static ChildEnd value() {
        return ChildEnd.of(PortValues.of("main", "value"), () -> {});
    }

    private static ChildEnd failure() {
        FlowError error = new FlowError(FailureKind.NODE_EXECUTION_FAILED, "a.B", "boom", "", "child", 1, "");
        return ChildEnd.of(new NodeFailure(error, null), null);
    }

    @Test
    @DisplayName("S26 a cancel does not wait for what has ended in the pause, and its result counts")
    void cancelled() {
        Machine machine = paused(value());
        machine.complete("a");
        assertThat(machine.machine.status()).isEqualTo(ExecutionStatus.PAUSED);
        machine.machine.cancel(reason("no longer needed"));
        assertThat(machine.machine.status()).isEqualTo(ExecutionStatus.CANCELLED);
        assertThat(machine.status("child")).isEqualTo(NodeStatus.COMPLETED);
    }

    @Test
    @DisplayName("S26 nor does it for what has failed in the pause")
    void cancelled_after_failure() {
        Machine machine = paused(failure());
        machine.complete("a");
        machine.machine.cancel(reason("no longer needed"));
        assertThat(machine.machine.status()).isEqualTo(ExecutionStatus.CANCELLED);
        assertThat(machine.status("child")).isEqualTo(NodeStatus.CANCELLED);
    }

    @Test
    @DisplayName("S22 a fail-fast stop during the pause does not either")
    void failed_fast() {
        Machine machine = paused(value());
        machine.fail("a");
        assertThat(machine.machine.status()).isEqualTo(ExecutionStatus.FAILED);
        assertThat(machine.status("child")).isEqualTo(NodeStatus.COMPLETED);
    }

    @Test
    @DisplayName("a close of the engine does not either")
    void closed() {
        Machine machine = paused(value());
        machine.complete("a");
        machine.machine.halt(reason("the engine was closed"));
        assertThat(machine.machine.status().isTerminal()).isTrue();
    }
}
