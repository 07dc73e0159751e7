package dev.flowengine.event;

import dev.flowengine.model.FlowError;
import dev.flowengine.model.Iteration;
import java.time.Instant;

/**
 * An attempt of a node has failed and another one will follow, unless the execution ends before.
 *
 * @param executionId the execution
 * @param flowId the flow
 * @param seq position among the events of the execution
 * @param instant when
 * @param nodeId the node
 * @param iteration the pass through the loops around it
 * @param attempt the attempt, 0 if the body was never started
 * @param error the failure
 */
public record NodeAttemptFailed(
        String executionId,
        String flowId,
        long seq,
        Instant instant,
        String nodeId,
        Iteration iteration,
        int attempt,
        FlowError error)
        implements NodeEvent {

    @Override
    public String wireName() {
        return "node-attempt-failed";
    }

    @Override
    public void deliverTo(ExecutionListener listener) {
        listener.onNodeAttemptFailed(this);
    }
}
