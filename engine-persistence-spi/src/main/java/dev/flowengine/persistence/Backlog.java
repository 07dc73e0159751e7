package dev.flowengine.persistence;

import java.time.Instant;
import java.util.Objects;

/**
 * Runs of an edition of a flow that a worker could claim, and none has so far.
 *
 * @param flow the edition
 * @param runs how many
 * @param since since when the first of them could have been claimed, in the store's time
 */
public record Backlog(FlowKey flow, long runs, Instant since) {

    /** Refuses null. */
    public Backlog {
        Objects.requireNonNull(flow, "flow");
        Objects.requireNonNull(since, "since");
    }
}
