package dev.flowengine.event;

import dev.flowengine.model.Iteration;
import java.time.Instant;

/**
 * The execution ended before the node could settle.
 *
 * @param executionId the execution
 * @param flowId the flow
 * @param seq position among the events of the execution
 * @param instant when
 * @param nodeId the node
 * @param iteration the pass through the loops around it
 * @param attempt the attempt, 0 if the body was never started
 */
public record NodeCancelled(
        String executionId, String flowId, long seq, Instant instant, String nodeId, Iteration iteration, int attempt)
        implements NodeEvent {

    @Override
    public String wireName() {
        return "node-cancelled";
    }

    @Override
    public void deliverTo(ExecutionListener listener) {
        listener.onNodeCancelled(this);
    }
}
