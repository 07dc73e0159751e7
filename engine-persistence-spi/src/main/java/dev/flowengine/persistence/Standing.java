package dev.flowengine.persistence;

import java.time.Instant;
import java.util.Objects;

/**
 * Who goes on with a run, and when: what every run is exactly one of.
 *
 * <p>Whatever a run waits for, a pending message makes it claimable if nobody owns it.
 */
public sealed interface Standing {

    /**
     * The worker that writes goes on with the run itself, as long as its lease lives. When that ends, the run is claimable.
     *
     * @return the standing
     */
    static Standing owned() {
        return new Owned();
    }

    /**
     * Any worker that knows the flow may claim the run now.
     *
     * @return the standing
     */
    static Standing claimable() {
        return new Claimable();
    }

    /**
     * Any worker that knows the flow may claim the run from an instant on.
     *
     * @param at when, in the store's time
     * @return the standing
     */
    static Standing due(Instant at) {
        return new Due(at);
    }

    /**
     * Nobody may claim the run until a message arrives for it.
     *
     * @param reason why, for people: that of a parked run, say; empty if the status tells all
     * @return the standing
     */
    static Standing dormant(String reason) {
        return new Dormant(reason);
    }

    /**
     * The run is over: its status is terminal.
     *
     * @return the standing
     */
    static Standing ended() {
        return new Ended();
    }

    /** The worker that writes goes on with the run. */
    record Owned() implements Standing {}

    /** Any worker may claim the run. */
    record Claimable() implements Standing {}

    /**
     * Any worker may claim the run from an instant on.
     *
     * @param at when, in the store's time
     */
    record Due(Instant at) implements Standing {

        /** Cuts the instant to what stores keep. */
        public Due {
            at = StoreTime.storable(at);
        }
    }

    /**
     * Nobody may claim the run until a message arrives for it.
     *
     * @param reason why, for people; empty if the status tells all
     */
    record Dormant(String reason) implements Standing {

        /** Refuses null. */
        public Dormant {
            Objects.requireNonNull(reason, "reason");
        }
    }

    /** The run is over. */
    record Ended() implements Standing {}
}
