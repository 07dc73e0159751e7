package dev.flowengine.redrive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.NodeState;
import dev.flowengine.model.FlowError;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.oracle.CaseFailure;
import dev.flowengine.oracle.NodeOutcome;
import dev.flowengine.oracle.ValueDigest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Holds one node of an execution against what the oracle says, whether it was decided there or taken over. */
final class RedrivenNode {
    private RedrivenNode() {}

    static void mustBe(NodeOutcome expected, NodeState state, ExecutionResult result) {
        String id = state.nodeId();
        assertThat(state.status()).as("status of %s", id).isEqualTo(expected.status());
        assertThat(state.skipReason().orElse(null)).as("reason of %s", id).isEqualTo(expected.skipReason());
        assertThat(state.pinned()).as("pin of %s", id).isEqualTo(expected.pinned());
        boolean completed = state.status() == NodeStatus.COMPLETED;
        mustBe("failure of " + id, completed ? null : expected.failure(), state.failure());
        mustBe("handled failure of " + id, completed ? expected.failure() : null, state.handledFailure());
        if (!state.reused()) {
            assertThat(state.attempt()).as("attempts of %s", id).isEqualTo(expected.attempts());
        }
        assertThat(state.firedPorts())
                .as("ports of %s", id)
                .containsExactlyInAnyOrderElementsOf(expected.fired().keySet());
        expected.fired().forEach((port, fired) -> {
            if (fired.comparable()) {
                Object value = result.outputs(id).asMap().get(port);
                assertThat(ValueDigest.render(value))
                        .as("value of %s.%s", id, port)
                        .isEqualTo(fired.value());
            }
        });
    }

    private static void mustBe(String what, @Nullable CaseFailure expected, Optional<FlowError> actual) {
        assertThat(actual.map(error -> new CaseFailure(error.message(), error.attempt()))
                        .orElse(null))
                .as(what)
                .isEqualTo(expected);
    }
}
