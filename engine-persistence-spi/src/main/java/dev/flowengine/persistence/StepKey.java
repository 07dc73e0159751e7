package dev.flowengine.persistence;

import dev.flowengine.model.Iteration;
import java.util.Objects;

/**
 * What a recorded step is known by within its run.
 *
 * @param nodeId the node that records it; empty for what belongs to the run as a whole, such as a signal that came early
 * @param iteration the pass through the loops around the node
 * @param name its name
 */
public record StepKey(String nodeId, Iteration iteration, String name) {

    /** Refuses null. */
    public StepKey {
        Objects.requireNonNull(nodeId, "nodeId");
        Objects.requireNonNull(iteration, "iteration");
        Objects.requireNonNull(name, "name");
    }
}
