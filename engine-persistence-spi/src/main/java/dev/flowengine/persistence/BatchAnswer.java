package dev.flowengine.persistence;

import java.util.Objects;
import java.util.Optional;

/**
 * What became of a batch.
 *
 * @param outcome what
 * @param rejection why it was refused; present exactly if it was
 */
public record BatchAnswer(Outcome outcome, Optional<Rejection> rejection) {
    private static final BatchAnswer APPLIED = new BatchAnswer(Outcome.APPLIED, Optional.empty());
    private static final BatchAnswer FENCED = new BatchAnswer(Outcome.FENCED, Optional.empty());

    /** Refuses null, and a rejection where none belongs. */
    public BatchAnswer {
        Objects.requireNonNull(outcome, "outcome");
        if ((outcome == Outcome.REJECTED) != rejection.isPresent()) {
            throw new IllegalArgumentException(outcome + " with the rejection " + rejection);
        }
    }

    /**
     * Everything in the batch is written, now or by an earlier call with the same batch.
     *
     * @return the answer
     */
    public static BatchAnswer applied() {
        return APPLIED;
    }

    /**
     * The run is not owned under the epoch of the batch.
     *
     * @return the answer
     */
    public static BatchAnswer fenced() {
        return FENCED;
    }

    /**
     * The batch cannot be written as it is.
     *
     * @param reason what kind of reason
     * @param detail what was found and where
     * @return the answer
     */
    public static BatchAnswer rejected(Rejection.Reason reason, String detail) {
        return new BatchAnswer(Outcome.REJECTED, Optional.of(new Rejection(reason, detail)));
    }

    /** What became of it. */
    public enum Outcome {
        /** Everything in it is written. */
        APPLIED,
        /**
         * Nothing is written: the run is not owned under this epoch. It was claimed by another worker, was handed back, has
         * ended, or is gone. Whoever is told so stops to work on the run.
         */
        FENCED,
        /** Nothing is written: the same batch would be refused again. The run is where it was. */
        REJECTED
    }
}
