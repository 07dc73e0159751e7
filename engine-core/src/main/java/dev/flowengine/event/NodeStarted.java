package dev.flowengine.event;

import dev.flowengine.model.Iteration;
import java.time.Instant;

/**
 * The body of a node starts.
 *
 * @param executionId the execution
 * @param flowId the flow
 * @param seq position among the events of the execution
 * @param instant when
 * @param nodeId the node
 * @param iteration the pass through the loops around it
 * @param attempt the attempt, 0 if the body was never started
 */
public record NodeStarted(
        String executionId, String flowId, long seq, Instant instant, String nodeId, Iteration iteration, int attempt)
        implements NodeEvent {

    @Override
    public String wireName() {
        return "node-started";
    }

    @Override
    public void deliverTo(ExecutionListener listener) {
        listener.onNodeStarted(this);
    }
}
