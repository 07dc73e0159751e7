package dev.flowengine.model;

import java.time.Instant;
import java.util.Objects;

/**
 * How far the body of a node has come, by its own account.
 *
 * @param fraction from 0 to 1
 * @param message what it is at; empty if it does not say; cut like a {@link LogLine}
 * @param instant when it said so
 */
public record NodeProgress(double fraction, String message, Instant instant) {

    /** Cuts the message, refuses null, and fractions outside of 0 to 1. */
    public NodeProgress {
        if (!(fraction >= 0 && fraction <= 1)) {
            throw new IllegalArgumentException("the progress is " + fraction + ", but must be from 0 to 1");
        }
        message = LogLine.cut(message);
        Objects.requireNonNull(instant, "instant");
    }
}
