package dev.flowengine.persistence;

import dev.flowengine.model.Iteration;
import java.util.Objects;

/**
 * What a row of a node is known by within its run.
 *
 * @param nodeId the node
 * @param iteration the pass through the loops around it
 * @param attempt the attempt, counted from 1; 0 of a node that settled without one
 */
public record NodeKey(String nodeId, Iteration iteration, int attempt) {

    /** Refuses null and negative attempts. */
    public NodeKey {
        Objects.requireNonNull(nodeId, "nodeId");
        Objects.requireNonNull(iteration, "iteration");
        if (attempt < 0) {
            throw new IllegalArgumentException("attempt is " + attempt + ", but must not be negative");
        }
    }

    /**
     * An attempt outside any loop.
     *
     * @param nodeId the node
     * @param attempt the attempt, counted from 1
     * @return the key
     */
    public static NodeKey of(String nodeId, int attempt) {
        return new NodeKey(nodeId, Iteration.NONE, attempt);
    }

    /**
     * The key under which effects of the node are done at most once, the same for all attempts.
     *
     * @param executionId the run, or the run whose keys a redrive keeps
     * @return such as {@code 4f3a/charge/3.7}; outside any loop it ends with the slash
     */
    public String idempotencyKey(String executionId) {
        return executionId + "/" + nodeId + "/" + iteration;
    }
}
