package dev.flowengine.internal.journal;

import dev.flowengine.flow.Flow;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.persistence.ConnectionRecord;
import dev.flowengine.persistence.FlowKey;
import dev.flowengine.persistence.FlowNodeRecord;
import dev.flowengine.persistence.FlowRecord;
import java.util.List;
import java.util.TreeMap;

/** What stores keep of the structure of a flow. */
public final class FlowRecords {
    private FlowRecords() {}

    /**
     * Describes a flow.
     *
     * @param flow the flow
     * @return its record
     */
    public static FlowRecord of(Flow flow) {
        List<FlowNodeRecord> nodes = flow.nodes().stream()
                .map(node -> new FlowNodeRecord(node.id(), kind(node), signature(node)))
                .toList();
        List<ConnectionRecord> connections =
                flow.graph().connections().stream().map(Deciding::record).toList();
        return new FlowRecord(
                new FlowKey(flow.id(), flow.version()), flow.id(), digest(nodes, connections), nodes, connections);
    }

    /**
     * Refuses a flow of which something would be lost: every port has to say what it puts out.
     *
     * @param flow the flow
     * @throws FlowException of kind {@code INVALID_DEFINITION} that names the nodes
     */
    public static void requireTypes(Flow flow) {
        List<NodeDefinition> untyped = flow.nodes().stream()
                .filter(node -> node.shape().outputs().stream()
                        .anyMatch(port -> Payloads.typeOf(node, port).isEmpty()))
                .toList();
        if (untyped.isEmpty()) {
            return;
        }
        List<String> ids = untyped.stream().map(NodeDefinition::id).toList();
        throw FlowException.of(
                        FailureKind.INVALID_DEFINITION,
                        "flow '" + flow.id() + "' cannot be kept: nothing says what type these nodes put out: "
                                + String.join(", ", ids))
                .affectedNodes(ids)
                .suggestedResolution("Declare it with returns(...), or outputType(...) of a node definition.")
                .build();
    }

    private static String kind(NodeDefinition node) {
        return node.type().orElseGet(() -> node.body().isPresent() ? "node" : "trigger");
    }

    private static String signature(NodeDefinition node) {
        TreeMap<String, String> types = new TreeMap<>();
        node.shape()
                .outputs()
                .forEach(port -> Payloads.typeOf(node, port)
                        .ifPresent(type -> types.put(port, type.type().getTypeName())));
        return node.shape() + " " + types;
    }

    private static String digest(List<FlowNodeRecord> nodes, List<ConnectionRecord> connections) {
        Sha256 sha = new Sha256();
        nodes.forEach(node -> sha.add(node.toString()));
        connections.forEach(connection -> sha.add(connection.toString()));
        return sha.hex();
    }
}
