package dev.flowengine.oracle;

import dev.flowengine.model.NodeStatus;
import dev.flowengine.model.SkipReason;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a node settled; pinned tells that it completed through its pin. */
public record NodeOutcome(
        NodeStatus status, @Nullable SkipReason skipReason, Map<String, FiredValue> fired, boolean pinned) {

    /** Copies the fired ports and keeps their order. */
    public NodeOutcome {
        fired = Collections.unmodifiableMap(new LinkedHashMap<>(fired));
    }

    static NodeOutcome completed(Map<String, FiredValue> fired) {
        return new NodeOutcome(NodeStatus.COMPLETED, null, fired, false);
    }

    static NodeOutcome completedByPin(Map<String, FiredValue> fired) {
        return new NodeOutcome(NodeStatus.COMPLETED, null, fired, true);
    }

    static NodeOutcome failed() {
        return new NodeOutcome(NodeStatus.FAILED, null, Map.of(), false);
    }

    static NodeOutcome skipped(SkipReason reason) {
        return new NodeOutcome(NodeStatus.SKIPPED, reason, Map.of(), false);
    }

    boolean isCompleted() {
        return status == NodeStatus.COMPLETED;
    }

    boolean isSkipped() {
        return status == NodeStatus.SKIPPED;
    }

    /** S9: whether dependents see FAILED, because this node failed or was skipped because of a failure. */
    boolean countsAsFailed() {
        return status == NodeStatus.FAILED || skipReason == SkipReason.UPSTREAM_FAILED;
    }

    @Override
    public String toString() {
        return status + (skipReason == null ? "" : " " + skipReason) + (pinned ? " pinned" : "") + " " + fired;
    }
}
