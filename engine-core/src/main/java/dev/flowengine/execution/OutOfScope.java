package dev.flowengine.execution;

import dev.flowengine.graph.DependencyResolver;
import dev.flowengine.model.FlowException;
import dev.flowengine.plan.Start;
import java.util.List;

/** Why a node does not belong to an execution. */
final class OutOfScope {
    private final ExecutionSnapshot snapshot;
    private final String nodeId;
    private final DependencyResolver resolver;

    OutOfScope(ExecutionSnapshot snapshot, String nodeId) {
        this.snapshot = snapshot;
        this.nodeId = nodeId;
        this.resolver = DependencyResolver.of(snapshot.graph());
    }

    /** A predicate of the node. */
    String text() {
        requireNode();
        return snapshot.plan().supplied().contains(nodeId)
                ? "does not run in this execution: its output is supplied, by a pin or from an earlier execution"
                : "does not belong to this execution: " + reason(snapshot.plan().start());
    }

    private String reason(Start start) {
        String from = Phrases.quote(start.nodeId());
        if (start.kind() == Start.Kind.SINGLE_NODE) {
            return "only " + from + " was executed";
        }
        if (!resolver.scopeOf(start.nodeId()).contains(nodeId)) {
            String kind = start.kind() == Start.Kind.TRIGGER ? "trigger " : "node ";
            return "it is not reachable from the start, " + kind + from;
        }
        // Whatever leads to what comes last leads to the target too.
        List<String> order = snapshot.plan().order();
        return "the execution stops before it"
                + (order.isEmpty() ? "" : ", as it does not lead to " + Phrases.quote(order.get(order.size() - 1)));
    }

    private void requireNode() {
        try {
            resolver.dependencies(nodeId);
        } catch (FlowException unknown) {
            String message = "flow " + Phrases.quote(snapshot.flowId()) + ": " + unknown.getMessage();
            throw FlowException.of(unknown.kind(), message)
                    .cause(unknown)
                    .affectedNodes(unknown.affectedNodes())
                    .suggestedResolution(unknown.suggestedResolution())
                    .build();
        }
    }
}
