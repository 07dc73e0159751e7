package dev.flowengine.event;

import dev.flowengine.model.FlowError;
import dev.flowengine.model.Iteration;
import java.time.Instant;

/**
 * An attempt to undo what a node has done has failed.
 *
 * @param executionId the execution
 * @param flowId the flow
 * @param seq position among the events of the execution
 * @param instant when
 * @param nodeId the node
 * @param iteration the pass through the loops around it
 * @param attempt the attempt of the compensation, counted from 1
 * @param error the failure
 * @param repeated whether another attempt follows, unless the execution ends before
 */
public record CompensationFailed(
        String executionId,
        String flowId,
        long seq,
        Instant instant,
        String nodeId,
        Iteration iteration,
        int attempt,
        FlowError error,
        boolean repeated)
        implements NodeEvent {

    @Override
    public String wireName() {
        return "compensation-failed";
    }

    @Override
    public void deliverTo(ExecutionListener listener) {
        listener.onCompensationFailed(this);
    }
}
