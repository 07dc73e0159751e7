package dev.flowengine.plan;

import dev.flowengine.graph.Connection;
import java.util.List;
import java.util.Objects;

/**
 * An input port that has no source in the scope of an execution.
 *
 * @param nodeId the node
 * @param port its input port
 * @param required whether the node needs it: then the execution is refused unless the dependency check is switched off
 * @param pruned the connections it would have if their sources were in scope; empty if it has none at all
 */
public record UnfedPort(String nodeId, String port, boolean required, List<Connection> pruned) {

    /** Copies the list and refuses null. */
    public UnfedPort {
        Objects.requireNonNull(nodeId, "nodeId");
        Objects.requireNonNull(port, "port");
        pruned = List.copyOf(pruned);
    }
}
