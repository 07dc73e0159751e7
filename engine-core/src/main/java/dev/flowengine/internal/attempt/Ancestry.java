package dev.flowengine.internal.attempt;

import dev.flowengine.model.Iteration;
import java.util.List;

/**
 * Where an execution comes from that a node of another one has started.
 *
 * @param executionId the execution of that node
 * @param nodeId the node
 * @param iteration the pass through the loops around it
 * @param flows ids of the flows above this execution's, the outermost first
 * @param awaited whether the node waits for this execution to end
 */
public record Ancestry(String executionId, String nodeId, Iteration iteration, List<String> flows, boolean awaited) {

    /** Copies the list. */
    public Ancestry {
        flows = List.copyOf(flows);
    }
}
