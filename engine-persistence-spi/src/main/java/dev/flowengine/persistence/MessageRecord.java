package dev.flowengine.persistence;

import java.time.Instant;
import java.util.Objects;

/**
 * A message that waits for the owner of its run.
 *
 * @param message the message
 * @param postedAt when it was posted, in the store's time
 */
public record MessageRecord(Message message, Instant postedAt) {

    /** Cuts the instant to what stores keep, and refuses null. */
    public MessageRecord {
        Objects.requireNonNull(message, "message");
        postedAt = StoreTime.storable(postedAt);
    }
}
