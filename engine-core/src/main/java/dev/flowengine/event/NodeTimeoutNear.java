package dev.flowengine.event;

import dev.flowengine.model.Iteration;
import java.time.Duration;
import java.time.Instant;

/**
 * A node has used up four fifths of a timeout.
 *
 * @param executionId the execution
 * @param flowId the flow
 * @param seq position among the events of the execution
 * @param instant when
 * @param nodeId the node
 * @param iteration the pass through the loops around it
 * @param attempt the attempt, 0 if the body was never started
 * @param limit the timeout, of the attempt or of the node
 */
public record NodeTimeoutNear(
        String executionId,
        String flowId,
        long seq,
        Instant instant,
        String nodeId,
        Iteration iteration,
        int attempt,
        Duration limit)
        implements NodeEvent {

    @Override
    public String wireName() {
        return "node-timeout-near";
    }

    @Override
    public void deliverTo(ExecutionListener listener) {
        listener.onNodeTimeoutNear(this);
    }
}
