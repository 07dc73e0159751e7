package dev.flowengine.execution;

import java.util.Objects;
import java.util.OptionalInt;

/**
 * How far a map has come.
 *
 * @param width how many items there are; empty while that is not known, as of a stream
 * @param completed how many of them have completed, those included that were taken over
 * @param failed how many have failed
 * @param running how many are in work
 * @param reused how many were taken over from the execution this one redrives
 */
public record ItemCounts(OptionalInt width, int completed, int failed, int running, int reused) {

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
                + (reused > 0 ? ", " + reused + " of them taken over" : "")
                + (failed > 0 ? ", " + failed + " failed" : "")
                + (running > 0 ? ", " + running + " running" : "");
    }
}
