package dev.flowengine.node;

import dev.flowengine.model.FailureKind;
import java.io.Serializable;
import java.util.Objects;

/**
 * An item of a map that has failed.
 *
 * @param item number of the item, from 1 in the order of the source: the last step of its iteration
 * @param kind what kind of failure it was
 * @param nodeId the node of the body that failed first
 * @param message how
 */
public record ItemFailure(int item, FailureKind kind, String nodeId, String message) implements Serializable {

    /** Refuses null. */
    public ItemFailure {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(nodeId, "nodeId");
        Objects.requireNonNull(message, "message");
    }
}
