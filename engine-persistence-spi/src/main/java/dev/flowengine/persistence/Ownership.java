package dev.flowengine.persistence;

import java.util.Objects;
import java.util.Optional;

/**
 * Who may write to a run, and how far the writing has come. A SQL store keeps this of runs that go on in a small table of
 * its own, beside the large one of all runs, and removes the row in the commit that ends the run, so that claiming costs
 * the same however much history there is.
 *
 * @param standing who goes on with the run, and when
 * @param workerId the worker that owns the run; of a run that has ended, the one that ended it; empty otherwise
 * @param epoch 0 before the first owner; every claim makes it greater
 * @param revision how many batches have been applied to the run, under whatever epoch
 * @param tries how often in a row the run was taken over from a worker whose lease had ended
 */
public record Ownership(Standing standing, Optional<String> workerId, long epoch, long revision, int tries) {

    /** Refuses null, and an owned run without an owner. */
    public Ownership {
        Objects.requireNonNull(standing, "standing");
        if (standing instanceof Standing.Owned && workerId.isEmpty()) {
            throw new IllegalArgumentException("a run that is owned names its worker");
        }
    }
}
