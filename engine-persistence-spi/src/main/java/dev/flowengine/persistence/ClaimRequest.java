package dev.flowengine.persistence;

import java.util.Objects;
import java.util.Set;

/**
 * A worker that has room for runs.
 *
 * @param workerId the worker; it has a live lease
 * @param flows the editions it can run
 * @param limit how many runs it takes at most; at least 1
 */
public record ClaimRequest(String workerId, Set<FlowKey> flows, int limit) {

    /** Copies the set, and refuses null and a limit below 1. */
    public ClaimRequest {
        Objects.requireNonNull(workerId, "workerId");
        flows = Set.copyOf(flows);
        if (limit < 1) {
            throw new IllegalArgumentException("limit is " + limit + ", but must be at least 1");
        }
    }
}
