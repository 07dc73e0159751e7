package dev.flowengine.internal.kernel;

import dev.flowengine.execution.CompensationState;
import dev.flowengine.internal.attempt.RunScope;
import dev.flowengine.internal.layout.PlanLayout;
import dev.flowengine.internal.machine.ExecutionMachine;
import dev.flowengine.internal.machine.NodeFailure;
import dev.flowengine.model.CompensationStatus;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FlowError;
import dev.flowengine.model.FlowException;
import dev.flowengine.model.NodeStatus;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says why an execution is not completed. */
final class RunEnd {
    private RunEnd() {}

    static @Nullable FlowException failure(RunScope scope, ExecutionMachine machine, RunSnapshot last) {
        if (machine.status() == ExecutionStatus.COMPLETED) {
            return null;
        }
        FlowException reason = machine.failure();
        if (reason != null) {
            return FlowException.of(reason.kind(), prefix(scope) + reason.getMessage() + notUndone(last))
                    .cause(reason.getCause())
                    .affectedNodes(reason.affectedNodes().isEmpty() ? cutShort(scope, machine) : reason.affectedNodes())
                    .executionPath(last.executionPath())
                    .dependencyChain(reason.dependencyChain())
                    .suggestedResolution(reason.suggestedResolution())
                    .build();
        }
        int node = machine.firstFailed();
        NodeFailure failure = machine.nodes().failure(node);
        if (failure == null) {
            throw new IllegalStateException(
                    "execution " + scope.executionId() + " is " + machine.status() + " without a failure");
        }
        return FlowException.of(
                        failure.error().kind(),
                        prefix(scope) + "node '" + scope.nodeId(node) + "' "
                                + attempt(failure.error().attempt()) + ": "
                                + failure.error().summary()
                                + notUndone(last))
                .cause(failure.cause())
                .affectedNodes(List.of(scope.nodeId(node)))
                .executionPath(last.executionPath())
                .dependencyChain(chainTo(scope, node))
                .suggestedResolution(resolution(failure.error()))
                .build();
    }

    /** What was to be undone, and may still stand. */
    private static String notUndone(RunSnapshot last) {
        List<String> standing = last.compensations().stream()
                .filter(compensation -> compensation.status() != CompensationStatus.COMPLETED)
                .map(CompensationState::nodeId)
                .toList();
        return standing.isEmpty()
                ? ""
                : "; and of " + last.compensations().size() + " compensations " + standing.size()
                        + " failed or were cut short: " + String.join(", ", standing);
    }

    /** The nodes that had not settled when the end came. */
    private static List<String> cutShort(RunScope scope, ExecutionMachine machine) {
        List<String> cancelled = new ArrayList<>();
        for (int node = 0; node < scope.layout().size(); node++) {
            if (machine.nodes().status(node) == NodeStatus.CANCELLED) {
                cancelled.add(scope.nodeId(node));
            }
        }
        return cancelled.stream().distinct().toList();
    }

    private static String resolution(FlowError error) {
        return error.suggestedResolution().isEmpty()
                ? "Look for the cause; once it is mended, redrive the execution."
                : error.suggestedResolution();
    }

    private static String attempt(int attempt) {
        return attempt == 0 ? "could not be started" : "failed at attempt " + attempt;
    }

    private static String prefix(RunScope scope) {
        return "execution " + scope.executionId() + " of flow '" + scope.index().flowId() + "': ";
    }

    /** One way from the first node of the execution to a node, along dependencies. */
    private static List<String> chainTo(RunScope scope, int node) {
        Deque<String> chain = new ArrayDeque<>();
        PlanLayout layout = scope.layout();
        int at = node;
        chain.addFirst(scope.nodeId(at));
        while (at != layout.startNode() && layout.dependencies(at) > 0) {
            int gate = layout.firstGate(at);
            at = layout.connections(at) > 0
                    ? layout.inSource(layout.firstIn(gate))
                    : layout.orderSource(layout.firstOrder(at));
            chain.addFirst(scope.nodeId(at));
        }
        return List.copyOf(chain);
    }
}
