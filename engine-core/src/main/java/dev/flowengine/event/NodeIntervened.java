package dev.flowengine.event;

import dev.flowengine.model.Intervention;
import dev.flowengine.model.Iteration;
import java.time.Instant;

/**
 * Somebody has intervened in a node by hand.
 *
 * @param executionId the execution
 * @param flowId the flow
 * @param seq position among the events of the execution
 * @param instant when
 * @param nodeId the node
 * @param iteration the pass through the loops around it
 * @param attempt the attempt, 0 if the body was never started
 * @param action what was done
 * @param reason why; empty if nothing was said
 */
public record NodeIntervened(
        String executionId,
        String flowId,
        long seq,
        Instant instant,
        String nodeId,
        Iteration iteration,
        int attempt,
        Intervention action,
        String reason)
        implements NodeEvent {

    @Override
    public String wireName() {
        return "node-intervened";
    }

    @Override
    public void deliverTo(ExecutionListener listener) {
        listener.onNodeIntervened(this);
    }
}
