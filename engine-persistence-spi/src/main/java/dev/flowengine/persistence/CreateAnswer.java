package dev.flowengine.persistence;

import java.util.Objects;
import java.util.Optional;

/**
 * What became of a run that was to be created.
 *
 * @param outcome what
 * @param epoch of a run that was created as owned, what its owner writes under; 0 otherwise
 * @param existing the run that is there instead; present exactly if one is
 * @param rejection why it was refused; present exactly if it was
 */
public record CreateAnswer(Outcome outcome, long epoch, Optional<RunRecord> existing, Optional<Rejection> rejection) {

    /** Refuses null, and parts that do not fit the outcome. */
    public CreateAnswer {
        Objects.requireNonNull(outcome, "outcome");
        if ((outcome == Outcome.EXISTING) != existing.isPresent()
                || (outcome == Outcome.REJECTED) != rejection.isPresent()) {
            throw new IllegalArgumentException(outcome + " with " + existing + " and " + rejection);
        }
    }

    /**
     * The run is there now.
     *
     * @param epoch what its owner writes under; 0 if nobody owns it
     * @return the answer
     */
    public static CreateAnswer created(long epoch) {
        return new CreateAnswer(Outcome.CREATED, epoch, Optional.empty(), Optional.empty());
    }

    /**
     * Another run has the key, or a run has the id.
     *
     * @param run that run
     * @return the answer
     */
    public static CreateAnswer existing(RunRecord run) {
        return new CreateAnswer(Outcome.EXISTING, 0, Optional.of(run), Optional.empty());
    }

    /**
     * The run cannot be kept as it is.
     *
     * @param reason what kind of reason
     * @param detail what was found and where
     * @return the answer
     */
    public static CreateAnswer rejected(Rejection.Reason reason, String detail) {
        return new CreateAnswer(Outcome.REJECTED, 0, Optional.empty(), Optional.of(new Rejection(reason, detail)));
    }

    /** What became of it. */
    public enum Outcome {
        /** The run was created. */
        CREATED,
        /** Nothing is written: there is a run of that key, or of that id, already. */
        EXISTING,
        /** Nothing is written: the same run would be refused again. */
        REJECTED
    }
}
