package dev.flowengine.persistence;

import dev.flowengine.model.Iteration;
import java.util.Objects;

/**
 * A node of a run, in one iteration.
 *
 * @param executionId the run
 * @param nodeId the node
 * @param iteration the pass through the loops around it
 */
public record NodeRun(String executionId, String nodeId, Iteration iteration) {

    /** Refuses null. */
    public NodeRun {
        Objects.requireNonNull(executionId, "executionId");
        Objects.requireNonNull(nodeId, "nodeId");
        Objects.requireNonNull(iteration, "iteration");
    }
}
