package dev.flowengine.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.NodeState;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowError;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.node.PortValues;
import dev.flowengine.oracle.CaseFailure;
import dev.flowengine.oracle.CaseNode;
import dev.flowengine.oracle.CaseOnError;
import dev.flowengine.oracle.CasePort;
import dev.flowengine.oracle.NodeOutcome;
import dev.flowengine.oracle.ValueDigest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Holds one node of an execution that has ended against what the oracle says, and against what its bodies noted. */
final class NodeMatch {
    private final CaseNode node;
    private final NodeTrace trace;
    private final NodeState state;
    private final ExecutionResult result;

    NodeMatch(CaseNode node, NodeTrace trace, NodeState state, ExecutionResult result) {
        this.node = node;
        this.trace = trace;
        this.state = state;
        this.result = result;
    }

    void mustBe(NodeOutcome expected) {
        assertThat(state.status()).as("status of %s", node.id()).isEqualTo(expected.status());
        assertThat(state.skipReason().orElse(null))
                .as("reason of %s", node.id())
                .isEqualTo(expected.skipReason());
        assertThat(state.pinned()).as("pin of %s", node.id()).isEqualTo(expected.pinned());
        assertThat(state.attempt()).as("attempts of %s", node.id()).isEqualTo(expected.attempts());
        assertThat(state.firedPorts())
                .as("ports of %s", node.id())
                .containsExactlyInAnyOrderElementsOf(expected.fired().keySet());
        boolean completed = state.status() == NodeStatus.COMPLETED;
        mustBe("failure", state.failure(), completed ? null : expected.failure());
        mustBe("handled failure", state.handledFailure(), completed ? expected.failure() : null);
        if (completed) {
            mustHaveFired(expected);
        }
        mustAgreeWithBodies();
        assertThat(trace.recoveries()).as("recoveries of %s", node.id()).isEqualTo(recoveries(expected));
    }

    /** S26: what it may have done before it was cancelled leaves no trace but its attempts and how they failed. */
    void mustBeCancelled() {
        assertThat(state.status()).as("status of %s", node.id()).isEqualTo(NodeStatus.CANCELLED);
        assertThat(state.firedPorts()).as("ports of %s", node.id()).isEmpty();
        // How an earlier attempt failed may be left; which attempt it was in when it was cancelled is anybody's guess.
        state.failure()
                .ifPresent(error -> mustBe(
                        "failure",
                        state.failure(),
                        new CaseFailure(CaseFailure.attemptMessage(node.id(), error.attempt()), error.attempt())));
        mustBe("handled failure", state.handledFailure(), null);
        mustAgreeWithBodies();
    }

    private void mustBe(String what, Optional<FlowError> actual, @Nullable CaseFailure expected) {
        assertThat(actual.map(error -> new CaseFailure(error.message(), error.attempt()))
                        .orElse(null))
                .as("%s of %s", what, node.id())
                .isEqualTo(expected);
        actual.ifPresent(error -> {
            assertThat(error.kind()).as("kind of %s", what).isEqualTo(FailureKind.NODE_EXECUTION_FAILED);
            assertThat(error.nodeId()).as("node of %s", what).isEqualTo(node.id());
            assertThat(error.type()).as("type of %s of %s", what, node.id()).isEqualTo(thrown(error));
        });
    }

    private String thrown(FlowError error) {
        boolean ofBody = error.message().equals(CaseFailure.attemptMessage(node.id(), error.attempt()));
        return ofBody && node.behaviour().throwsError() ? PlannedError.class.getName() : PlannedFailure.class.getName();
    }

    private void mustHaveFired(NodeOutcome expected) {
        PortValues values = result.outputs(node.id());
        expected.fired().forEach((port, fired) -> {
            if (fired.comparable()) {
                assertThat(ValueDigest.render(values.asMap().get(port)))
                        .as("value of %s.%s", node.id(), port)
                        .isEqualTo(fired.value());
            }
        });
        CaseFailure failure = expected.failure();
        if (failure != null && node.policy().onError() == CaseOnError.ERROR_OUTPUT) {
            // S12, S21: the input in the failure is what the attempts saw, whichever connections fired the join.
            String received = ValueDigest.received(
                    node.inputs().stream().map(CasePort::name).toList(), trace.inputs());
            assertThat(ValueDigest.render(values.asMap().get(CaseNode.ERROR)))
                    .as("error of %s with %s", node.id(), received)
                    .isEqualTo(ValueDigest.ofError(node.id(), failure, received));
        }
    }

    private void mustAgreeWithBodies() {
        assertThat(trace.trouble()).as("attempts of %s", node.id()).isEmpty();
        assertThat(state.attempt())
                .as("attempts of %s, counted by its body", node.id())
                .isEqualTo(trace.attempts());
    }

    private int recoveries(NodeOutcome expected) {
        CaseOnError onError = node.policy().onError();
        boolean recovers = onError == CaseOnError.RECOVER || onError == CaseOnError.FAILING_RECOVERY;
        return recovers && expected.failure() != null ? 1 : 0;
    }
}
