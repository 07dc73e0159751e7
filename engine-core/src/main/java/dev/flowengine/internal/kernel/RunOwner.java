package dev.flowengine.internal.kernel;

import dev.flowengine.execution.FlowExecution;
import java.util.Optional;

/** Keeps executions while they go on, and what is left of them afterwards. */
interface RunOwner {

    /** An execution has ended, and shows it; those who wait for it have not been let go yet. */
    void ended(RunResult end);

    /** An execution is left to another engine. */
    void lost(String executionId);

    /** An execution is gone without a result, because the engine has failed. */
    void broken(String executionId, Throwable defect);

    /** Starts and finds executions for its nodes. */
    Subflows subflows();

    /** Those who wait for an execution that has ended here have been let go, as far as they asked here. */
    void told(RunResult end);

    /** An execution is nobody's, or somebody else's. */
    void left(FlowRun run);

    /** Finds an execution, wherever it is. */
    Optional<FlowExecution> find(String executionId);

    /** Nobody waits for an execution any more: whoever did has been let go. */
    void left(String executionId);
}
