package dev.flowengine.benchmarks;

import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.execution.NodeState;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.NodeStatus;
import java.time.Duration;

/** Nothing is measured that did not do all its work. */
final class Completion {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private Completion() {}

    /** Waits for an execution; fails unless it completes, in time. */
    static ExecutionResult await(FlowExecution execution) throws InterruptedException {
        ExecutionResult result = execution
                .await(LIMIT)
                .orElseThrow(() -> new IllegalStateException("the execution has not ended after " + LIMIT));
        if (result.status() != ExecutionStatus.COMPLETED) {
            throw new IllegalStateException(
                    "the execution ended " + result.status(), result.failure().orElse(null));
        }
        return result;
    }

    /** Fails unless every node of the flow completed. */
    static void requireAll(ExecutionResult result) {
        for (NodeState node : result.snapshot().nodes()) {
            if (node.status() != NodeStatus.COMPLETED) {
                throw new IllegalStateException("node '" + node.nodeId() + "' is " + node.status());
            }
        }
    }
}
