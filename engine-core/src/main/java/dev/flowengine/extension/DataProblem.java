package dev.flowengine.extension;

import java.util.Objects;

/**
 * Something wrong with data.
 *
 * @param pointer where, as a JSON pointer (RFC 6901); empty for the data as a whole
 * @param message what was found there, and what was expected, told after the place
 */
public record DataProblem(String pointer, String message) {

    /** Refuses null. */
    public DataProblem {
        Objects.requireNonNull(pointer, "pointer");
        Objects.requireNonNull(message, "message");
    }

    /**
     * The problem on one line.
     *
     * @return place and message, such as {@code /nodes/3/keep: is 1, but should be true or false}
     */
    @Override
    public String toString() {
        return pointer.isEmpty() ? message : pointer + ": " + message;
    }
}
