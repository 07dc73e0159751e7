package dev.flowengine.oracle;

import dev.flowengine.model.NodeStatus;
import dev.flowengine.model.SkipReason;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a node settled.
 *
 * @param status its status
 * @param skipReason why it was skipped; null unless it was
 * @param fired the values it fired
 * @param pinned whether it completed through its pin
 * @param attempts how many attempts its body had
 * @param failure why it failed, or the handled failure it completed in spite of; else null
 */
public record NodeOutcome(
        NodeStatus status,
        @Nullable SkipReason skipReason,
        Map<String, FiredValue> fired,
        boolean pinned,
        int attempts,
        @Nullable CaseFailure failure) {

    /** Copies the fired ports and keeps their order. */
    public NodeOutcome {
        fired = Collections.unmodifiableMap(new LinkedHashMap<>(fired));
    }

    /** A node without a body that runs: a trigger, or a disabled node. */
    static NodeOutcome completed(Map<String, FiredValue> fired) {
        return new NodeOutcome(NodeStatus.COMPLETED, null, fired, false, 0, null);
    }

    static NodeOutcome completedAtAttempt(int attempt, Map<String, FiredValue> fired) {
        return new NodeOutcome(NodeStatus.COMPLETED, null, fired, false, attempt, null);
    }

    static NodeOutcome completedInSpiteOf(CaseFailure failure, Map<String, FiredValue> fired) {
        return new NodeOutcome(NodeStatus.COMPLETED, null, fired, false, failure.attempt(), failure);
    }

    static NodeOutcome completedByPin(Map<String, FiredValue> fired) {
        return new NodeOutcome(NodeStatus.COMPLETED, null, fired, true, 0, null);
    }

    static NodeOutcome failed(CaseFailure failure) {
        return new NodeOutcome(NodeStatus.FAILED, null, Map.of(), false, failure.attempt(), failure);
    }

    static NodeOutcome skipped(SkipReason reason) {
        return new NodeOutcome(NodeStatus.SKIPPED, reason, Map.of(), false, 0, null);
    }

    static NodeOutcome cancelled() {
        return new NodeOutcome(NodeStatus.CANCELLED, null, Map.of(), false, 0, null);
    }

    boolean isCompleted() {
        return status == NodeStatus.COMPLETED;
    }

    boolean isSkipped() {
        return status == NodeStatus.SKIPPED;
    }

    boolean isFailed() {
        return status == NodeStatus.FAILED;
    }

    /** S21: whether it completed because something handled its failure. */
    boolean isHandled() {
        return isCompleted() && failure != null;
    }

    /** S9: whether dependents see FAILED, because this node failed or was skipped because of a failure. */
    boolean countsAsFailed() {
        return isFailed() || skipReason == SkipReason.UPSTREAM_FAILED;
    }

    @Override
    public String toString() {
        return status + (skipReason == null ? "" : " " + skipReason) + (pinned ? " pinned" : "")
                + (attempts > 1 ? " at attempt " + attempts : "") + (failure == null ? "" : " after " + failure) + " "
                + fired;
    }
}
