package dev.flowengine.model;

import java.util.Set;

/**
 * The state of one node in one execution (and, inside a loop, in one iteration).
 *
 * <p>A node moves {@code IDLE → QUEUED → RUNNING ⇄ WAITING} and settles in exactly one of {@code COMPLETED},
 * {@code FAILED}, {@code SKIPPED} or {@code CANCELLED}. Settled is final: no other change is ever made.
 */
public enum NodeStatus {
    /** Not decided yet: at least one of its dependencies is open. */
    IDLE,
    /** Its join has fired; it waits for a thread. */
    QUEUED,
    /** Its body runs. */
    RUNNING,
    /** It holds no thread and waits for a backoff, an instant, a signal or a child execution. */
    WAITING,
    /** Its body ended well, or its failure was handled, or its output was pinned. */
    COMPLETED,
    /** Its body failed and nothing handled the failure. */
    FAILED,
    /** It was decided without running; the {@link SkipReason} says why. */
    SKIPPED,
    /** The execution ended before the node could settle otherwise. */
    CANCELLED;

    /**
     * Whether this status is final.
     *
     * @return true for {@code COMPLETED}, {@code FAILED}, {@code SKIPPED} and {@code CANCELLED}
     */
    public boolean isSettled() {
        return this == COMPLETED || this == FAILED || this == SKIPPED || this == CANCELLED;
    }

    /**
     * Whether a node in this status may change to {@code next}.
     *
     * @param next the status asked for
     * @return true if the change is part of the life cycle; a status never changes to itself
     */
    public boolean canBecome(NodeStatus next) {
        return successors().contains(next);
    }

    private Set<NodeStatus> successors() {
        return switch (this) {
            case IDLE -> Set.of(QUEUED, SKIPPED, CANCELLED);
            case QUEUED -> Set.of(RUNNING, COMPLETED, FAILED, SKIPPED, CANCELLED);
            case RUNNING -> Set.of(WAITING, COMPLETED, FAILED, SKIPPED, CANCELLED);
            case WAITING -> Set.of(RUNNING, COMPLETED, FAILED, SKIPPED, CANCELLED);
            case COMPLETED, FAILED, SKIPPED, CANCELLED -> Set.of();
        };
    }
}
