package dev.flowengine.execution;

import java.time.Duration;
import java.util.Objects;

/**
 * How long the body of a node took.
 *
 * @param nodeId the node
 * @param duration from the start of its latest attempt to its end, or to now if it runs
 */
public record NodeDuration(String nodeId, Duration duration) {

    /** Refuses null. */
    public NodeDuration {
        Objects.requireNonNull(nodeId, "nodeId");
        Objects.requireNonNull(duration, "duration");
    }
}
