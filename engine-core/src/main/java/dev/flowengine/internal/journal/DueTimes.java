package dev.flowengine.internal.journal;

import dev.flowengine.model.ExecutionStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * When the nodes of one run that wait for a duration are due. While the run stands still they are due as if it were still the
 * moment at which that began; when it goes on, that is put off by as long as it took. For one thread at a time.
 */
final class DueTimes {
    private final Map<Integer, Instant> due = new HashMap<>(0);
    private @Nullable Instant standingSince;

    /** When a node is due that waits for a duration; null for any other. */
    @Nullable
    Instant of(int node) {
        return due.get(node);
    }

    /** A node was left waiting. */
    void found(int node, Instant at) {
        due.put(node, at);
    }

    /** The run was left standing still since then; null if it was not. */
    void foundStanding(@Nullable Instant since) {
        standingSince = since;
    }

    /** A node begins to wait, and would be due at an instant if the run did not stand still. */
    void begin(int node, Duration delay, Instant otherwise) {
        due.put(node, standingSince == null ? otherwise : standingSince.plus(delay));
    }

    /** A node waits for no duration, or not any more. */
    void end(int node) {
        due.remove(node);
    }

    /** The run has a status from now on; told before what happened to its nodes meanwhile. */
    void entered(ExecutionStatus status, Instant now) {
        if (standingSince == null && Pauses.standsStill(status)) {
            standingSince = now;
        }
    }

    /** If the run stood still and goes on now, the nodes that are due later because of that; told after everything else. */
    List<Integer> putOff(ExecutionStatus status, Instant now) {
        Instant since = standingSince;
        if (since == null || Pauses.standsStill(status)) {
            return List.of();
        }
        standingSince = null;
        Duration stood = since.isBefore(now) ? Duration.between(since, now) : Duration.ZERO;
        due.replaceAll((node, at) -> at.plus(stood));
        return List.copyOf(due.keySet());
    }
}
