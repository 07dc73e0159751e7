package dev.flowengine.event;

import dev.flowengine.model.Iteration;
import java.time.Instant;

/**
 * An attempt to undo what a node has done is about to start.
 *
 * @param executionId the execution
 * @param flowId the flow
 * @param seq position among the events of the execution
 * @param instant when
 * @param nodeId the node
 * @param iteration the pass through the loops around it
 * @param attempt the attempt of the compensation, counted from 1
 */
public record CompensationStarted(
        String executionId, String flowId, long seq, Instant instant, String nodeId, Iteration iteration, int attempt)
        implements NodeEvent {

    @Override
    public String wireName() {
        return "compensation-started";
    }

    @Override
    public void deliverTo(ExecutionListener listener) {
        listener.onCompensationStarted(this);
    }
}
