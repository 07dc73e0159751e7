package dev.flowengine.internal.journal;

import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.persistence.AuditRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * When a run stood still, whoever owned it then: the time of what waits in it, and its timeouts, did so, too.
 *
 * @param all the pauses in their order; only the last may still be under way
 */
public record Pauses(List<Pause> all) {
    /** Of a run that never stood still. */
    public static final Pauses NONE = new Pauses(List.of());

    /** Copies the list. */
    public Pauses {
        all = List.copyOf(all);
    }

    /**
     * Reads them from what was kept of the statuses of a run.
     *
     * @param audit what happened to it, in order
     * @return its pauses
     */
    public static Pauses of(List<AuditRecord> audit) {
        List<Pause> found = new ArrayList<>();
        Instant since = null;
        for (AuditRecord record : audit) {
            ExecutionStatus status = record.status().orElse(null);
            if (status != null && standsStill(status)) {
                since = since == null ? record.at() : since;
            } else if (status != null && since != null) {
                found.add(new Pause(since, record.at()));
                since = null;
            }
        }
        if (since != null) {
            found.add(new Pause(since, null));
        }
        return found.isEmpty() ? NONE : new Pauses(found);
    }

    /** Whether time stands still for a run with that status. */
    static boolean standsStill(ExecutionStatus status) {
        return switch (status) {
            case PAUSING, PAUSED, PARKED -> true;
            default -> false;
        };
    }

    /**
     * When the pause that is under way began.
     *
     * @return the instant; null if the run does not stand still
     */
    public @Nullable Instant since() {
        return all.isEmpty() || all.get(all.size() - 1).to() != null
                ? null
                : all.get(all.size() - 1).from();
    }

    /**
     * The moment at which the time of the run stands.
     *
     * @param now what time it is
     * @return when the pause that is under way began; now if there is none
     */
    public Instant asOf(Instant now) {
        Instant since = since();
        return since == null ? now : since;
    }

    /**
     * How long the run has not stood still.
     *
     * @param from the beginning of the time that counts
     * @param now its end
     * @return never negative, however clocks differ
     */
    public Duration active(Instant from, Instant now) {
        Duration active = Duration.between(from, now);
        for (Pause pause : all) {
            Instant began = pause.from().isBefore(from) ? from : pause.from();
            Instant ended = pause.to() == null || pause.to().isAfter(now) ? now : pause.to();
            if (began.isBefore(ended)) {
                active = active.minus(Duration.between(began, ended));
            }
        }
        return active.isNegative() ? Duration.ZERO : active;
    }

    /**
     * A time in which the run stood still.
     *
     * @param from when that began
     * @param to when it went on; null if it has not
     */
    public record Pause(Instant from, @Nullable Instant to) {}
}
