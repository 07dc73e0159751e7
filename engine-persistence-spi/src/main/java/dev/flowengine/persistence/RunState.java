package dev.flowengine.persistence;

import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FlowError;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * What changes of a run while it goes on.
 *
 * @param status its status; terminal is final
 * @param startedAt when it first ran; empty until then
 * @param endedAt when it ended; present exactly if the status is terminal
 * @param error what ended it; empty if it goes on or ended without one
 * @param counts how its nodes did
 */
public record RunState(
        ExecutionStatus status,
        Optional<Instant> startedAt,
        Optional<Instant> endedAt,
        Optional<FlowError> error,
        NodeCounts counts) {

    /** Cuts the instants to what stores keep; refuses null, and an end that does not fit the status. */
    public RunState {
        Objects.requireNonNull(status, "status");
        Objects.requireNonNull(counts, "counts");
        startedAt = StoreTime.storable(startedAt);
        endedAt = StoreTime.storable(endedAt);
        if (status.isTerminal() != endedAt.isPresent()) {
            throw new IllegalArgumentException("a run with status " + status + " has ended at " + endedAt);
        }
        if (error.isPresent() && error.get().input() != null) {
            throw new IllegalArgumentException("the error of a run carries no input");
        }
    }

    /**
     * A run that has not ended.
     *
     * @param status its status
     * @param startedAt when it first ran; empty until then
     * @return a state without error and counts
     */
    public static RunState open(ExecutionStatus status, Optional<Instant> startedAt) {
        return new RunState(status, startedAt, Optional.empty(), Optional.empty(), NodeCounts.NONE);
    }

    /**
     * The same run, ended.
     *
     * @param end its terminal status
     * @param at when
     * @return a copy
     */
    public RunState ended(ExecutionStatus end, Instant at) {
        return new RunState(end, startedAt, Optional.of(at), error, counts);
    }

    /**
     * The same with an error.
     *
     * @param cause what ended the run, or parked it
     * @return a copy
     */
    public RunState with(FlowError cause) {
        return new RunState(status, startedAt, endedAt, Optional.of(cause), counts);
    }

    /**
     * The same with other counts.
     *
     * @param changed the counts
     * @return a copy
     */
    public RunState with(NodeCounts changed) {
        return new RunState(status, startedAt, endedAt, error, changed);
    }
}
