package dev.flowengine.model;

/** How much a log line of a node matters. */
public enum LogLevel {
    /** What happens. */
    INFO,
    /** What somebody should look at. */
    WARN,
    /** What went wrong. */
    ERROR
}
