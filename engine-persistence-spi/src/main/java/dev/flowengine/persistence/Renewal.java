package dev.flowengine.persistence;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;

/**
 * What a worker learns from its heartbeat.
 *
 * @param now the store's time at the renewal: with it a worker knows how its own clock differs
 * @param lease for how long from then on the lease lives
 * @param lapsed whether there was no live lease when this call came: at the first one, and when the last one came too late.
 *     Runs of the worker may have been claimed by others; {@link ExecutionStore#owned} tells which are left
 * @param withMessages runs the worker owns for which messages are pending
 */
public record Renewal(Instant now, Duration lease, boolean lapsed, Set<String> withMessages) {

    /** Copies the set and refuses null. */
    public Renewal {
        Objects.requireNonNull(now, "now");
        Objects.requireNonNull(lease, "lease");
        withMessages = Set.copyOf(withMessages);
    }
}
