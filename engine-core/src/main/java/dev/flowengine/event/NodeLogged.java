package dev.flowengine.event;

import dev.flowengine.model.Iteration;
import dev.flowengine.model.LogLine;
import java.time.Instant;
import java.util.List;

/**
 * A node has written into the log of its execution. Lines that were not delivered yet are told together.
 *
 * @param executionId the execution
 * @param flowId the flow
 * @param seq position of the event before it
 * @param instant when
 * @param nodeId the node
 * @param iteration the pass through the loops around it
 * @param attempt the attempt, counted from 1
 * @param lines the lines, in the order in which they were written
 */
public record NodeLogged(
        String executionId,
        String flowId,
        long seq,
        Instant instant,
        String nodeId,
        Iteration iteration,
        int attempt,
        List<LogLine> lines)
        implements NodeReport {

    /** Copies the lines. */
    public NodeLogged {
        lines = List.copyOf(lines);
    }

    @Override
    public String wireName() {
        return "node-logged";
    }

    @Override
    public void deliverTo(ExecutionListener listener) {
        listener.onNodeLogged(this);
    }
}
