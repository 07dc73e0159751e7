package dev.flowengine.internal.kernel;

/** Keeps executions while they go on, and what is left of them afterwards. */
interface RunOwner {

    /** An execution has ended, and shows it. */
    void ended(RunResult end);

    /** An execution is gone without a result. */
    void lost(String executionId);
}
