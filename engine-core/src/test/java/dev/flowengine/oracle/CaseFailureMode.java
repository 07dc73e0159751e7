package dev.flowengine.oracle;

/** S22: what an unhandled failure means to the rest of the run. */
public enum CaseFailureMode {
    /** What depends on the failed node is skipped. */
    ISOLATE_BRANCH,
    /** A FAILED connection counts as NOT_TAKEN. */
    SKIP_FAILED_BRANCH,
    /** Nothing new starts. */
    FAIL_FAST
}
