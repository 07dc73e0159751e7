package dev.flowengine.node;

import dev.flowengine.model.LogLevel;

/**
 * What a node writes for whoever watches its execution: a few lines that say what was done, kept with the execution and
 * told to listeners. Not a replacement for the logging of the application, whose context (MDC) names execution and node.
 *
 * <p>The first {@value #MOST_LINES} lines of an execution are kept, of all its nodes together; later ones are only
 * counted. Thread-safe; without effect once the attempt has ended.
 */
public interface NodeLog {
    /** The most lines that are kept of one execution. */
    int MOST_LINES = 1_000;

    /**
     * Writes a line.
     *
     * @param level how much it matters
     * @param line the line; cut after {@value dev.flowengine.model.LogLine#MOST_CHARACTERS} characters
     */
    void write(LogLevel level, String line);

    /**
     * Writes what happens.
     *
     * @param line the line
     */
    default void info(String line) {
        write(LogLevel.INFO, line);
    }

    /**
     * Writes what somebody should look at.
     *
     * @param line the line
     */
    default void warn(String line) {
        write(LogLevel.WARN, line);
    }

    /**
     * Writes what went wrong.
     *
     * @param line the line
     */
    default void error(String line) {
        write(LogLevel.ERROR, line);
    }
}
