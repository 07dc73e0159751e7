package dev.flowengine.internal.kernel;

import dev.flowengine.flow.Flow;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.internal.attempt.ChildId;
import dev.flowengine.internal.attempt.RunScope;
import dev.flowengine.internal.layout.PlanLayout;
import dev.flowengine.model.FlowException;
import dev.flowengine.model.Iteration;
import dev.flowengine.node.SubflowBody;
import dev.flowengine.persistence.FlowKey;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides whose idempotency keys a child uses: those of the one before it, to find out what that has done already; new ones if
 * that has undone anything, as a service that goes by the key would think it done.
 *
 * @param targets finds flows
 * @param lookup finds executions
 */
record ChildKeys(SubflowTargets targets, Lookup lookup) {

    /**
     * The execution whose idempotency keys a child uses.
     *
     * @param request asks for the child
     * @param flow the child's
     * @param redriven the child it redrives; null if there is none
     */
    String of(ChildRequest request, Flow flow, @Nullable String redriven) {
        RunScope parent = request.parent();
        boolean keepsKeys = !parent.keysOf().equals(parent.executionId());
        String kept = keepsKeys ? redriven : null;
        for (int attempt = request.attempt() - 1; attempt >= 0; attempt--) {
            String id = attempt == 0 ? kept : child(request, parent.executionId(), attempt);
            if (id != null) {
                Optional<RunSnapshot> before = lookup.lastOf(id);
                if (before.map(this::hasUndone).orElseGet(() -> mayUndo(flow))) {
                    return request.call().executionId();
                }
                if (before.isPresent()) {
                    return before.get().scope().keysOf();
                }
            }
        }
        return child(request, parent.keysOf(), 1);
    }

    /** Whether executions of a flow that nodes of another one wait for, or those below them, can undo anything at all. */
    boolean mayUndo(Flow parent, String childFlowId) {
        return parent.nodes().stream().anyMatch(node -> {
            SubflowBody body = awaited(node);
            return body != null && body.flowId().equals(childFlowId) && mayUndo(parent, node, body, new HashSet<>());
        });
    }

    private static String child(ChildRequest request, String executionId, int attempt) {
        return ChildId.of(executionId, request.node().id(), request.iteration(), attempt);
    }

    /** Whether an execution, or one below it, has undone anything, or is about to. */
    private boolean hasUndone(RunSnapshot last) {
        Flow flow = last.scope().flow();
        boolean mayYet = !last.status().isTerminal() && !flow.compensation().isNone();
        if (mayYet || !last.compensations().isEmpty()) {
            return true;
        }
        for (NodeDefinition node : flow.nodes()) {
            SubflowBody body = awaited(node);
            if (body != null && mayUndo(flow, node, body, new HashSet<>()) && hasUndone(last, node.id())) {
                return true;
            }
        }
        return false;
    }

    /** Whether any child of a node has undone anything; so it counts as well if that is not known any more. */
    private boolean hasUndone(RunSnapshot last, String nodeId) {
        PlanLayout layout = last.scope().layout();
        int node = layout.numberOf(nodeId);
        if (node < 0 || node >= layout.size()) {
            return false;
        }
        if (layout.isInBody(node)) {
            // There may be as many children as there were iterations.
            return last.executionPath().contains(nodeId);
        }
        for (int attempt = last.node(nodeId).orElseThrow().attempt(); attempt > 0; attempt--) {
            String id = ChildId.of(last.executionId(), nodeId, Iteration.NONE, attempt);
            if (lookup.lastOf(id).map(this::hasUndone).orElse(true)) {
                return true;
            }
        }
        return false;
    }

    /** Whether executions of a flow, or those below them, can undo anything at all. */
    private boolean mayUndo(Flow flow) {
        return mayUndo(flow, new HashSet<>());
    }

    private boolean mayUndo(Flow flow, Set<FlowKey> seen) {
        if (!seen.add(new FlowKey(flow.id(), flow.version()))) {
            return false;
        }
        return !flow.compensation().isNone()
                || flow.nodes().stream().anyMatch(node -> {
                    SubflowBody body = awaited(node);
                    return body != null && mayUndo(flow, node, body, seen);
                });
    }

    private boolean mayUndo(Flow flow, NodeDefinition node, SubflowBody body, Set<FlowKey> seen) {
        try {
            return mayUndo(targets.require(flow, node, body), seen);
        } catch (FlowException unknown) {
            return true;
        }
    }

    private static @Nullable SubflowBody awaited(NodeDefinition node) {
        return node.body().orElse(null) instanceof SubflowBody body && body.awaited() ? body : null;
    }
}
