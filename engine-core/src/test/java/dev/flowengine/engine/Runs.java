package dev.flowengine.engine;

import static org.awaitility.Awaitility.await;

import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.ExecutionSnapshot;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.execution.NodeState;
import dev.flowengine.model.NodeStatus;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Waits for executions, and reads what became of them. */
final class Runs {
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private Runs() {}

    /** The result of an execution that must end. */
    static ExecutionResult ended(FlowExecution run) {
        try {
            return run.await(PATIENCE).orElseThrow(() -> new AssertionError("did not end: " + open(run.snapshot())));
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted while waiting for " + run.id(), e);
        }
    }

    private static String open(ExecutionSnapshot snapshot) {
        return snapshot.status()
                + snapshot.nodes().stream()
                        .filter(node -> !node.status().isSettled() && node.status() != NodeStatus.IDLE)
                        .limit(20)
                        .map(node -> ", " + node.nodeId() + " " + node.status())
                        .collect(Collectors.joining());
    }

    /** Waits until a node of an execution has a status. */
    static void awaitNode(FlowExecution run, String nodeId, NodeStatus status) {
        await("status of " + nodeId)
                .atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> run.snapshot().node(nodeId).orElseThrow().status(), current -> current == status);
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
        return result.snapshot()
                .node(nodeId)
                .orElseThrow(() -> new AssertionError(nodeId + " is not part of " + states(result)));
    }

    /** What became of each node: its status, for a skipped one with the reason. */
    static Map<String, String> states(ExecutionResult result) {
        return states(result.snapshot());
    }

    static Map<String, String> states(ExecutionSnapshot snapshot) {
        Map<String, String> states = new TreeMap<>();
        for (NodeState node : snapshot.nodes()) {
            String reason =
                    node.skipReason().map(skipReason -> "(" + skipReason + ")").orElse("");
            states.put(node.nodeId(), node.status() + reason);
        }
        return states;
    }
}
