package dev.flowengine.flow;

import dev.flowengine.graph.NodeKind;
import dev.flowengine.graph.Problem;
import dev.flowengine.graph.Severity;
import dev.flowengine.node.SubflowBody;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What can be wrong with nodes that start other flows, as far as those are known when their own flow is built. */
final class SubflowChecks {
    private final String flowId;
    private final FlowSettings settings;
    private final Map<String, NodeDefinition> nodes = new HashMap<>();
    private final List<Problem> problems = new ArrayList<>();

    private SubflowChecks(String flowId, FlowSettings settings, List<NodeDefinition> nodes) {
        this.flowId = flowId;
        this.settings = settings;
        nodes.forEach(node -> this.nodes.put(node.id(), node));
    }

    static List<Problem> check(String flowId, FlowSettings settings, List<NodeDefinition> nodes) {
        SubflowChecks checks = new SubflowChecks(flowId, settings, nodes);
        for (NodeDefinition node : nodes) {
            if (node.body().orElse(null) instanceof SubflowBody body) {
                checks.check(node.id(), body);
            }
        }
        return checks.problems;
    }

    private void check(String nodeId, SubflowBody body) {
        Optional<Flow> brought = settings.subflows().stream()
                .filter(flow -> flow.id().equals(body.flowId())
                        && body.version().map(flow.version()::equals).orElse(true))
                .findFirst();
        boolean itself = body.flowId().equals(flowId)
                && body.version().map(settings.version()::equals).orElse(true);
        if (brought.isPresent()) {
            brought.ifPresent(flow -> check(nodeId, body, id -> flow.node(id).orElse(null)));
        } else if (itself) {
            check(nodeId, body, nodes::get);
        }
    }

    private void check(String nodeId, SubflowBody body, Nodes started) {
        NodeDefinition trigger = started.find(body.triggerId());
        if (trigger == null || trigger.shape().kind() != NodeKind.TRIGGER) {
            report(nodeId, "from '" + body.triggerId() + "', which is no trigger of it", "name one of its triggers");
        }
        body.returned().ifPresent(returned -> {
            NodeDefinition node = started.find(returned.nodeId());
            if (node == null || !node.shape().outputs().contains(returned.port())) {
                report(
                        nodeId,
                        "and returns port '" + returned.port() + "' of '" + returned.nodeId()
                                + "', which is no output of it",
                        "name one of its outputs");
            }
        });
    }

    private void report(String nodeId, String finding, String resolution) {
        problems.add(new Problem(
                Problem.Code.INVALID_NODE,
                Severity.ERROR,
                "node '" + nodeId + "' starts a flow " + finding,
                List.of(nodeId),
                resolution));
    }

    /** The nodes of a flow by id. */
    @FunctionalInterface
    private interface Nodes {

        /** A node; null if there is none. */
        @Nullable
        NodeDefinition find(String id);
    }
}
