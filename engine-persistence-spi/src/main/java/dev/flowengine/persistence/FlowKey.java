package dev.flowengine.persistence;

import java.util.Objects;

/**
 * An edition of a flow.
 *
 * @param flowId id of the flow
 * @param version its version
 */
public record FlowKey(String flowId, String version) {

    /** Refuses null. */
    public FlowKey {
        Objects.requireNonNull(flowId, "flowId");
        Objects.requireNonNull(version, "version");
    }
}
