package dev.flowengine.examples;

import java.util.Objects;

/** Text from outside, made fit for one line of a message. */
final class OneLine {
    private static final int LIMIT = 2_000;

    private OneLine() {}

    /** The message of a problem, or its name if it has none. */
    static String of(Throwable problem) {
        return of(Objects.requireNonNullElseGet(problem.getMessage(), problem::toString));
    }

    /** Replaces line ends and other control characters, and cuts what is very long. */
    static String of(String text) {
        String line = text.strip().replaceAll("[\\p{Cntrl}\\s\u2028\u2029]+", " ");
        return line.length() <= LIMIT ? line : line.substring(0, LIMIT) + "...";
    }
}
