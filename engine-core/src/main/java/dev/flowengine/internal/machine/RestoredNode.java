package dev.flowengine.internal.machine;

import dev.flowengine.model.NodeStatus;
import dev.flowengine.model.SkipReason;
import dev.flowengine.node.PortValues;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was kept of a node when its execution was left.
 *
 * @param node its number
 * @param status its status; of one whose attempt was under way, {@code QUEUED}, or {@code RUNNING} if it must not start again
 * @param attempt the attempt it ended with, is to make, or waits for: counted from 1; 0 if it has made none and will not
 * @param fired the output ports that fired, in declaration order
 * @param outputs what they fired, as far as that was kept: the rest can be found again
 * @param skipReason why it was skipped; null unless it was
 * @param failure how its last failed attempt failed; null if none counts
 * @param decidedBy the connections that fired its join early; null for a join that waited for all
 * @param dueIn how long it still waits for its next attempt; null if it does not
 * @param suspension what else it waits for; null if it does not
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record RestoredNode(
        int node,
        NodeStatus status,
        int attempt,
        List<String> fired,
        PortValues outputs,
        @Nullable SkipReason skipReason,
        @Nullable NodeFailure failure,
        int @Nullable [] decidedBy,
        @Nullable Duration dueIn,
        @Nullable Suspension suspension) {

    /**
     * How many attempts had begun.
     *
     * @return their number, the one not counted that is to be made
     */
    public int begun() {
        boolean toBeMade = status == NodeStatus.QUEUED || (status == NodeStatus.WAITING && suspension == null);
        return toBeMade ? Math.max(0, attempt - 1) : attempt;
    }

    /** Whether the node is to be started, now or later. */
    boolean goesOn() {
        return !status.isSettled() && status != NodeStatus.RUNNING;
    }
}
