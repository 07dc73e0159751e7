package dev.flowengine.model;

/** What somebody may do by hand to a node of an execution that goes on. */
public enum Intervention {
    /** Its next attempt starts now instead of after its backoff. */
    RETRY_NOW,
    /** It is skipped, as if a branch to it had not been taken. */
    SKIP,
    /** It completes with a value that was given. */
    COMPLETE,
    /** It gets more time. */
    EXTEND_TIMEOUT
}
