package dev.flowengine.persistence;

import java.time.Instant;
import java.util.Optional;

/**
 * When things happened to a row of a node, by the clock of who wrote it.
 *
 * @param readyAt when it was decided that the node runs, or is skipped
 * @param startedAt when its body started; empty if it did not, or times are not kept
 * @param settledAt when it settled; empty until then
 * @param dueAt until when it waits, for its backoff or by its own wish; empty if it does not, or not for a time
 */
public record NodeTimes(
        Instant readyAt, Optional<Instant> startedAt, Optional<Instant> settledAt, Optional<Instant> dueAt) {

    /** Cuts the instants to what stores keep. */
    public NodeTimes {
        readyAt = StoreTime.storable(readyAt);
        startedAt = StoreTime.storable(startedAt);
        settledAt = StoreTime.storable(settledAt);
        dueAt = StoreTime.storable(dueAt);
    }

    /**
     * The times of a node that is ready.
     *
     * @param at when that was decided
     * @return times with nothing else in them
     */
    public static NodeTimes ready(Instant at) {
        return new NodeTimes(at, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /**
     * These times, and the start of the body.
     *
     * @param at when
     * @return a copy
     */
    public NodeTimes started(Instant at) {
        return new NodeTimes(readyAt, Optional.of(at), settledAt, dueAt);
    }

    /**
     * These times, and the end; nothing is due any more.
     *
     * @param at when
     * @return a copy
     */
    public NodeTimes settled(Instant at) {
        return new NodeTimes(readyAt, startedAt, Optional.of(at), Optional.empty());
    }

    /**
     * These times, and the end of a wait.
     *
     * @param at when
     * @return a copy
     */
    public NodeTimes due(Instant at) {
        return new NodeTimes(readyAt, startedAt, settledAt, Optional.of(at));
    }
}
