package dev.flowengine.persistence;

import java.util.Objects;

/**
 * A node of an edition of a flow.
 *
 * @param nodeId id of the node
 * @param kind what it is, such as {@code TRIGGER} or {@code BRANCH}
 * @param signature its ports, types and join as text, by whoever makes the records; equal for nodes that can stand for each
 *     other
 */
public record FlowNodeRecord(String nodeId, String kind, String signature) {

    /** Refuses null. */
    public FlowNodeRecord {
        Objects.requireNonNull(nodeId, "nodeId");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(signature, "signature");
    }
}
