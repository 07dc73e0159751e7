package dev.flowengine.persistence;

import java.util.List;
import java.util.Objects;

/**
 * The structure of an edition of a flow, kept once for all its runs: what depends on what, for views of a run ("which
 * dependency was satisfied when") and to tell what differs between editions.
 *
 * @param key the edition
 * @param name what people call the flow
 * @param digest equal exactly for equal structures, by whoever makes the records
 * @param nodes the nodes in declaration order
 * @param connections the connections in declaration order
 */
public record FlowRecord(
        FlowKey key, String name, String digest, List<FlowNodeRecord> nodes, List<ConnectionRecord> connections) {

    /** Copies the lists and refuses null. */
    public FlowRecord {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(digest, "digest");
        nodes = List.copyOf(nodes);
        connections = List.copyOf(connections);
    }
}
