package dev.flowengine.model;

import java.time.Instant;
import java.util.Objects;

/**
 * Something a node has written into the log of its execution.
 *
 * @param nodeId the node
 * @param iteration the pass through the loops around it
 * @param attempt the attempt that wrote it, counted from 1
 * @param instant when
 * @param level how much it matters
 * @param text what was written; at most {@value #MOST_CHARACTERS} characters
 */
public record LogLine(String nodeId, Iteration iteration, int attempt, Instant instant, LogLevel level, String text) {
    /** The most characters of a line: what is longer is cut, and ends in an ellipsis. */
    public static final int MOST_CHARACTERS = 2_000;

    /** Cuts the text and refuses null. */
    public LogLine {
        Objects.requireNonNull(nodeId, "nodeId");
        Objects.requireNonNull(iteration, "iteration");
        Objects.requireNonNull(instant, "instant");
        Objects.requireNonNull(level, "level");
        text = cut(text);
    }

    static String cut(String text) {
        if (text.length() <= MOST_CHARACTERS) {
            return text;
        }
        int end = MOST_CHARACTERS - 1;
        // Half of a character outside the basic plane is none.
        return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + "…";
    }
}
