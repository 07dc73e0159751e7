package dev.flowengine.event;

import dev.flowengine.model.Iteration;
import dev.flowengine.model.NodeProgress;
import java.time.Instant;

/**
 * A node has said how far it has come. Earlier words that were not delivered yet are left out.
 *
 * @param executionId the execution
 * @param flowId the flow
 * @param seq position of the event before it
 * @param instant when
 * @param nodeId the node
 * @param iteration the pass through the loops around it
 * @param attempt the attempt, counted from 1
 * @param progress its latest word
 */
public record NodeProgressed(
        String executionId,
        String flowId,
        long seq,
        Instant instant,
        String nodeId,
        Iteration iteration,
        int attempt,
        NodeProgress progress)
        implements NodeReport {

    @Override
    public String wireName() {
        return "node-progressed";
    }

    @Override
    public void deliverTo(ExecutionListener listener) {
        listener.onNodeProgressed(this);
    }
}
