package dev.flowengine.execution;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * What a node waits for that holds no thread, other than its next attempt: for a time or a signal, whichever comes first if
 * both are there, or for another execution.
 *
 * @param until when its time comes; of a wait that lasts for a time, as long as the execution is not paused: each pause
 *     puts it off by as long as that takes. Empty if it waits for no time
 * @param signal the name of the signal it waits for; empty if it waits for none
 * @param childExecutionId id of the execution that it has started and waits for; empty if it waits for none
 */
public record NodeWait(Optional<Instant> until, Optional<String> signal, Optional<String> childExecutionId) {

    /** Refuses null. */
    public NodeWait {
        Objects.requireNonNull(until, "until");
        Objects.requireNonNull(signal, "signal");
        Objects.requireNonNull(childExecutionId, "childExecutionId");
    }
}
