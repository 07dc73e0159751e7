package dev.flowengine.persistence;

import java.util.Objects;

/**
 * A run that a worker owns.
 *
 * @param executionId the run
 * @param flow the edition of its flow
 * @param epoch what the worker writes under
 * @param tries how often in a row the run was taken over from a worker whose lease had ended, this time included
 */
public record Claim(String executionId, FlowKey flow, long epoch, int tries) {

    /** Refuses null. */
    public Claim {
        Objects.requireNonNull(executionId, "executionId");
        Objects.requireNonNull(flow, "flow");
    }
}
