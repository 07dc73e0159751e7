package dev.flowengine.oracle;

/** S9: the outcome of a connection, once its source settled. */
enum ConnectionOutcome {
    /** The source completed and fired the port. */
    TAKEN,
    /** The source completed without firing the port, or was skipped for a reason other than a failure. */
    NOT_TAKEN,
    /** The source failed, or was skipped because of an upstream failure. */
    FAILED
}
