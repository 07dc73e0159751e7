package dev.flowengine.event;

import dev.flowengine.model.Iteration;
import dev.flowengine.model.SkipReason;
import java.time.Instant;

/**
 * A node was decided without running.
 *
 * @param executionId the execution
 * @param flowId the flow
 * @param seq position among the events of the execution
 * @param instant when
 * @param nodeId the node
 * @param iteration the pass through the loops around it
 * @param attempt the attempt, 0 if the body was never started
 * @param reason why
 */
public record NodeSkipped(
        String executionId,
        String flowId,
        long seq,
        Instant instant,
        String nodeId,
        Iteration iteration,
        int attempt,
        SkipReason reason)
        implements NodeEvent {

    @Override
    public String wireName() {
        return "node-skipped";
    }

    @Override
    public void deliverTo(ExecutionListener listener) {
        listener.onNodeSkipped(this);
    }
}
