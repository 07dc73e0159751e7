package dev.flowengine.execution;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * The way through an execution that held up its end: from the node that ended last back to the start, always over the
 * dependency that ended last before the node started. Where a join fired early, only what fired it counts.
 *
 * @param nodes the nodes of the way from first to last, also those without a body and those that were skipped
 * @param busy how long their bodies took together: the execution cannot be shorter unless they are
 */
public record CriticalPath(List<String> nodes, Duration busy) {

    /** Copies the list and refuses null. */
    public CriticalPath {
        nodes = List.copyOf(nodes);
        Objects.requireNonNull(busy, "busy");
    }
}
