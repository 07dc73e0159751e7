package dev.flowengine.event;

import dev.flowengine.model.FlowError;
import dev.flowengine.model.Iteration;
import java.time.Instant;
import java.util.Optional;

/**
 * A node has completed.
 *
 * @param executionId the execution
 * @param flowId the flow
 * @param seq position among the events of the execution
 * @param instant when
 * @param nodeId the node
 * @param iteration the pass through the loops around it
 * @param attempt the attempt, 0 if the body was never started
 * @param pinned whether its output was given instead of computed
 * @param reused whether its output was taken over from the execution that was redriven
 * @param cached whether its output was made by an earlier execution and found in the result cache by this engine
 * @param handledFailure the failure it completed in spite of; empty if its body ended well
 */
public record NodeCompleted(
        String executionId,
        String flowId,
        long seq,
        Instant instant,
        String nodeId,
        Iteration iteration,
        int attempt,
        boolean pinned,
        boolean reused,
        boolean cached,
        Optional<FlowError> handledFailure)
        implements NodeEvent {

    @Override
    public String wireName() {
        return "node-completed";
    }

    @Override
    public void deliverTo(ExecutionListener listener) {
        listener.onNodeCompleted(this);
    }
}
