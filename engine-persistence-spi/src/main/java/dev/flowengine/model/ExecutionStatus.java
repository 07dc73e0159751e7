package dev.flowengine.model;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The state of one execution.
 *
 * <p>The four terminal states are {@code COMPLETED}, {@code PARTIAL}, {@code FAILED} and {@code CANCELLED}; no write
 * turns a terminal execution into anything else.
 */
public enum ExecutionStatus {
    /** Accepted, not started yet. */
    QUEUED,
    /** At least one node runs or may start. */
    RUNNING,
    /** Only waits and backoffs are left; no thread is held. */
    WAITING,
    /** A pause was asked for; running attempts still go on. */
    PAUSING,
    /** No attempt runs and none starts until the execution is resumed. */
    PAUSED,
    /** Set aside after repeated failures to run it; resumes only when told to. */
    PARKED,
    /** A cancel was accepted; running attempts have their grace. */
    CANCELLING,
    /** Completed nodes are being undone by their compensations. */
    COMPENSATING,
    /** Every failure, if any, was handled. */
    COMPLETED,
    /** A node failed unhandled, and at least one end of the flow was reached all the same. */
    PARTIAL,
    /** A failure ended the execution, or no end of the flow was reached. */
    FAILED,
    /** A cancel was accepted before the end. */
    CANCELLED;

    /**
     * Whether this status is final.
     *
     * @return true for {@code COMPLETED}, {@code PARTIAL}, {@code FAILED} and {@code CANCELLED}
     */
    public boolean isTerminal() {
        return this == COMPLETED || this == PARTIAL || this == FAILED || this == CANCELLED;
    }

    /**
     * Whether an execution in this status may change to {@code next}.
     *
     * @param next the status asked for
     * @return true if the change is part of the life cycle; a status never changes to itself
     */
    public boolean canBecome(ExecutionStatus next) {
        return successors().contains(next);
    }

    private Set<ExecutionStatus> successors() {
        return switch (this) {
            case QUEUED -> orTerminal(RUNNING, CANCELLING, PARKED);
            case RUNNING -> orTerminal(WAITING, PAUSING, PARKED, CANCELLING, COMPENSATING);
            case WAITING -> orTerminal(RUNNING, PAUSING, PARKED, CANCELLING, COMPENSATING);
            case PAUSING -> orTerminal(PAUSED, RUNNING, WAITING, PARKED, CANCELLING, COMPENSATING);
            case PAUSED -> orTerminal(RUNNING, WAITING, PARKED, CANCELLING, COMPENSATING);
            case PARKED -> orTerminal(RUNNING, WAITING, CANCELLING, COMPENSATING);
            case CANCELLING -> orTerminal(PARKED, COMPENSATING);
            case COMPENSATING -> orTerminal(PARKED);
            case COMPLETED, PARTIAL, FAILED, CANCELLED -> Set.of();
        };
    }

    private static Set<ExecutionStatus> orTerminal(ExecutionStatus... others) {
        Set<ExecutionStatus> all = EnumSet.of(COMPLETED, PARTIAL, FAILED, CANCELLED);
        all.addAll(List.of(others));
        return all;
    }
}
