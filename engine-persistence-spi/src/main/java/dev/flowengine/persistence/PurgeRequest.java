package dev.flowengine.persistence;

import dev.flowengine.model.ExecutionStatus;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Which ended runs to remove: of one outcome, those that ended before an instant, and those beyond a number to keep. Those
 * that a node still waits for stay; see {@link ExecutionStore#purge}.
 *
 * @param outcome the terminal status of the runs
 * @param flowId only runs of this flow, and only they are counted; empty for all flows
 * @param endedBefore runs that ended before are removed; empty for none by age
 * @param keep how many runs are kept, those that ended last; empty for any number
 * @param limit how many runs one call removes at most; at least 1
 */
public record PurgeRequest(
        ExecutionStatus outcome, Optional<String> flowId, Optional<Instant> endedBefore, OptionalLong keep, int limit) {

    /** Cuts the instant to what stores keep; refuses null, an outcome that is not terminal, and wrong numbers. */
    public PurgeRequest {
        Objects.requireNonNull(flowId, "flowId");
        endedBefore = StoreTime.storable(endedBefore);
        if (!outcome.isTerminal()) {
            throw new IllegalArgumentException(outcome + " is not terminal: only runs that have ended are removed");
        }
        if (limit < 1 || keep.orElse(0) < 0) {
            throw new IllegalArgumentException("limit is " + limit + " and keep " + keep);
        }
    }

    /**
     * By age.
     *
     * @param outcome the terminal status of the runs
     * @param before runs that ended before are removed
     * @param limit how many at most
     * @return the request
     */
    public static PurgeRequest endedBefore(ExecutionStatus outcome, Instant before, int limit) {
        return new PurgeRequest(outcome, Optional.empty(), Optional.of(before), OptionalLong.empty(), limit);
    }

    /**
     * By count.
     *
     * @param outcome the terminal status of the runs
     * @param keep how many are kept
     * @param limit how many are removed at most
     * @return the request
     */
    public static PurgeRequest keeping(ExecutionStatus outcome, long keep, int limit) {
        return new PurgeRequest(outcome, Optional.empty(), Optional.empty(), OptionalLong.of(keep), limit);
    }

    /**
     * The same for one flow.
     *
     * @param id id of the flow
     * @return a copy
     */
    public PurgeRequest flow(String id) {
        return new PurgeRequest(outcome, Optional.of(id), endedBefore, keep, limit);
    }
}
