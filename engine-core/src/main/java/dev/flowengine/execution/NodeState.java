package dev.flowengine.execution;

import dev.flowengine.graph.Connection;
import dev.flowengine.model.FlowError;
import dev.flowengine.model.Iteration;
import dev.flowengine.model.NodeProgress;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.model.SkipReason;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One node of an execution at a moment.
 *
 * @param nodeId the node
 * @param iteration which iterations of the loops around it this is about, the latest; empty outside any loop, and with a 0 for a
 *     loop that has not begun any
 * @param status its status
 * @param skipReason why it was skipped; empty unless it was
 * @param firedPorts the output ports that fired, in declaration order; empty unless it completed
 * @param failure how it failed; if it waits for its next attempt or was cancelled, how the last that failed did; else empty
 * @param handledFailure the failure it completed in spite of; empty unless something handled one
 * @param attempt the latest attempt, counted from 1; 0 if its body was never started
 * @param pinned whether its output was given instead of computed
 * @param reused whether its output was taken over from the execution that was redriven
 * @param cached whether its output was made by an earlier execution and used again
 * @param decidedBy the connections that fired a join early, in declaration order; empty for a join that waits for all
 * @param waitsFor what it waits for, other than its next attempt; empty if it does not
 * @param childExecutionId id of the execution that its latest attempt has started, or would have if that had not been refused;
 *     empty if it starts none
 * @param progress how far its body has come by its own account; empty if it did not say
 * @param startedAt when its body started; empty if it did not, or if per-node times are switched off
 * @param endedAt when it settled; empty if it did not, or if its body never started or times are switched off
 */
public record NodeState(
        String nodeId,
        Iteration iteration,
        NodeStatus status,
        Optional<SkipReason> skipReason,
        List<String> firedPorts,
        Optional<FlowError> failure,
        Optional<FlowError> handledFailure,
        int attempt,
        boolean pinned,
        boolean reused,
        boolean cached,
        List<Connection> decidedBy,
        Optional<NodeWait> waitsFor,
        Optional<String> childExecutionId,
        Optional<NodeProgress> progress,
        Optional<Instant> startedAt,
        Optional<Instant> endedAt) {

    /** Copies the lists and refuses null. */
    public NodeState {
        Objects.requireNonNull(nodeId, "nodeId");
        Objects.requireNonNull(iteration, "iteration");
        Objects.requireNonNull(status, "status");
        firedPorts = List.copyOf(firedPorts);
        decidedBy = List.copyOf(decidedBy);
    }
}
