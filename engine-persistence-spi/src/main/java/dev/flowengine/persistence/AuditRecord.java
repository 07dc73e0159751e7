package dev.flowengine.persistence;

import dev.flowengine.model.ExecutionStatus;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * Something that happened to a run as a whole: a change of its status, or something somebody did to it. What happened to
 * its nodes, their own rows tell.
 *
 * @param at when, by the clock of who wrote it
 * @param actor who: a user, a worker
 * @param action what, such as {@code status-changed}, {@code pause} or {@code recovered}
 * @param status the status of the run from then on; empty if it stayed as it was
 * @param detail more, for people; may be empty
 */
public record AuditRecord(Instant at, String actor, String action, Optional<ExecutionStatus> status, String detail) {

    /** Cuts the instant to what stores keep, and refuses null. */
    public AuditRecord {
        at = StoreTime.storable(at);
        Objects.requireNonNull(actor, "actor");
        Objects.requireNonNull(action, "action");
        Objects.requireNonNull(status, "status");
        Objects.requireNonNull(detail, "detail");
    }
}
