package dev.flowengine.redrive;

import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.execution.NodeState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waits for executions, and reads what became of them. */
final class Runs {
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private Runs() {}

    /** The result of an execution that must end. */
    static ExecutionResult ended(FlowExecution run) {
        try {
            return run.await(PATIENCE)
                    .orElseThrow(() -> new AssertionError(
                            "did not end: " + states(run.snapshot().nodes())));
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted while waiting for " + run.id(), e);
        }
    }

    /** Waits until somebody opens the latch; for bodies and tests alike. */
    static void awaitOpen(CountDownLatch latch) {
        try {
            if (!latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("nobody opened the latch");
            }
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted at a latch", e);
        }
    }

    /** One node of an execution that has ended. */
    static NodeState node(ExecutionResult result, String nodeId) {
        return result.snapshot().node(nodeId).orElseThrow(() -> new AssertionError(nodeId + " is not part of it"));
    }

    /** What became of each node: its status, for a skipped one with the reason, for a reused one with a star. */
    static Map<String, String> states(ExecutionResult result) {
        return states(result.snapshot().nodes());
    }

    private static Map<String, String> states(List<NodeState> nodes) {
        Map<String, String> states = new TreeMap<>();
        for (NodeState node : nodes) {
            String reason = node.skipReason().map(why -> "(" + why + ")").orElse("");
            states.put(node.nodeId(), node.status() + reason + (node.reused() ? "*" : ""));
        }
        return states;
    }
}
