package dev.flowengine.flow;

/** What an unhandled failure of a node means to the rest of its execution. */
public enum FailureMode {
    /** What depends on the failed node is skipped; everything else goes on. */
    ISOLATE_BRANCH,
    /** As {@link #ISOLATE_BRANCH}, but joins treat the failed branch as one not taken and go on with what succeeded. */
    SKIP_FAILED_BRANCH,
    /** Nothing new starts, what runs is asked to stop and then interrupted, and the execution fails. */
    FAIL_FAST
}
