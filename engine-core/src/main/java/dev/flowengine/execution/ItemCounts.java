package dev.flowengine.execution;

import java.util.Objects;
import java.util.OptionalInt;

/**
 * How far a map has come.
 *
 * @param width how many items there are; empty while that is not known, as of a stream
 * @param completed how many of them have completed
 * @param failed how many have failed
 * @param running how many are in work
 */
public record ItemCounts(OptionalInt width, int completed, int failed, int running) {

    /** Refuses null. */
    public ItemCounts {
        Objects.requireNonNull(width, "width");
    }

    /**
     * The counts in words, as explanations give them.
     *
     * @return such as {@code 7 of 10 items done, 1 failed, 2 running}
     */
    @Override
    public String toString() {
        return completed
                + (width.isPresent() ? " of " + width.getAsInt() : "")
                + " items done"
                + (failed > 0 ? ", " + failed + " failed" : "")
                + (running > 0 ? ", " + running + " running" : "");
    }
}
