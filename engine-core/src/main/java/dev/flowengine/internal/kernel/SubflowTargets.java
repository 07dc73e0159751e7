package dev.flowengine.internal.kernel;

import dev.flowengine.flow.Flow;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.graph.NodeKind;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.SubflowBody;
import dev.flowengine.persistence.FlowKey;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds the flows that nodes start: among those that came with the flow of the node, that flow itself, and those that are
 * registered, in this order.
 *
 * @param registry the flows that are registered
 */
record SubflowTargets(FlowRegistry registry) {

    /**
     * Refuses a flow with nodes whose flows are not known.
     *
     * @throws FlowException of kind {@code INVALID_DEFINITION} that names the node and the flow
     */
    void requireAll(Flow flow) {
        for (NodeDefinition node : flow.nodes()) {
            if (node.body().orElse(null) instanceof SubflowBody body) {
                try {
                    require(flow, node, body);
                } catch (FlowException missing) {
                    throw FlowException.of(FailureKind.INVALID_DEFINITION, String.valueOf(missing.getMessage()))
                            .affectedNodes(missing.affectedNodes())
                            .suggestedResolution(missing.suggestedResolution())
                            .build();
                }
            }
        }
    }

    /**
     * The flow that a node starts.
     *
     * @throws FlowException of kind {@code NOT_FOUND} if it is not known, or has not what the node names
     */
    Flow require(Flow flow, NodeDefinition node, SubflowBody body) {
        Flow target = Stream.concat(flow.subflows().stream(), Stream.of(flow))
                .filter(known -> known.id().equals(body.flowId()) && isOfVersion(known, body))
                .findFirst()
                .or(() -> registered(body))
                .orElseThrow(() -> refused(flow, node, body, ", which is not registered")
                        .suggestedResolution("Register that flow before, or have it come with flow '" + flow.id()
                                + "': the builder's subflow(…) takes it along.")
                        .build());
        boolean starts = target.node(body.triggerId())
                .filter(trigger -> trigger.shape().kind() == NodeKind.TRIGGER)
                .isPresent();
        if (!starts) {
            throw refused(flow, node, body, " from '" + body.triggerId() + "', which is no trigger of it")
                    .suggestedResolution("Name one of its triggers: " + String.join(", ", target.triggers()) + ".")
                    .build();
        }
        requireOutput(flow, node, body, target);
        return target;
    }

    private static void requireOutput(Flow flow, NodeDefinition node, SubflowBody body, Flow target) {
        body.returned().ifPresent(returned -> {
            boolean known = target.node(returned.nodeId())
                    .filter(any -> any.shape().outputs().contains(returned.port()))
                    .isPresent();
            if (!known) {
                throw refused(
                                flow,
                                node,
                                body,
                                " and returns port '" + returned.port() + "' of '" + returned.nodeId()
                                        + "', which is no output of it")
                        .suggestedResolution("Name one of its outputs.")
                        .build();
            }
        });
    }

    private Optional<Flow> registered(SubflowBody body) {
        return body.version().isEmpty()
                ? registry.latest(body.flowId())
                : registry.find(new FlowKey(body.flowId(), body.version().get()));
    }

    private static boolean isOfVersion(Flow flow, SubflowBody body) {
        return body.version().isEmpty() || body.version().get().equals(flow.version());
    }

    private static FlowException.Builder refused(Flow flow, NodeDefinition node, SubflowBody body, String why) {
        String edition =
                body.version().map(version -> " version '" + version + "'").orElse("");
        return FlowException.of(
                        FailureKind.NOT_FOUND,
                        "node '" + node.id() + "' of flow '" + flow.id() + "' starts flow '" + body.flowId() + "'"
                                + edition + why)
                .affectedNodes(List.of(node.id()));
    }
}
