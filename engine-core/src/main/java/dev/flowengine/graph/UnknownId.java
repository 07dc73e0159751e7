package dev.flowengine.graph;

import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import java.util.List;

/** Errors about ids that name nothing, with the ids that were probably meant. */
final class UnknownId {
    private UnknownId() {}

    static FlowException node(String id, GraphIndex index) {
        List<String> nearest = NearestIds.to(id, index.allIds());
        String known = nearest.isEmpty()
                ? "the nodes are " + Listing.of(index.allIds())
                : "the nearest are " + Listing.of(nearest);
        return FlowException.of(FailureKind.NOT_FOUND, "there is no node '" + id + "'; " + known)
                .affectedNodes(List.of(id))
                .suggestedResolution("use the id of a node of this flow")
                .build();
    }

    static FlowException trigger(String id, GraphIndex index) {
        String found = index.find(id) < 0 ? "there is no trigger '" + id + "'" : "node '" + id + "' is no trigger";
        return FlowException.of(FailureKind.NOT_FOUND, found + "; the triggers are " + Listing.of(index.triggerIds()))
                .affectedNodes(List.of(id))
                .suggestedResolution("start from one of the triggers, or from a node with executeFromNode")
                .build();
    }
}
