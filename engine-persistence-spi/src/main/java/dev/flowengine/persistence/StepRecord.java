package dev.flowengine.persistence;

import java.time.Instant;
import java.util.Objects;

/**
 * The result of something that is not to be done again.
 *
 * @param key which step
 * @param result its result
 * @param recordedAt when it was done, by the clock of who did it
 */
public record StepRecord(StepKey key, Payload result, Instant recordedAt) {

    /** Cuts the instant to what stores keep, and refuses null. */
    public StepRecord {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(result, "result");
        recordedAt = StoreTime.storable(recordedAt);
    }
}
