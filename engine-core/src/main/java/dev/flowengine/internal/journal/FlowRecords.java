package dev.flowengine.internal.journal;

import dev.flowengine.flow.Flow;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.persistence.ConnectionRecord;
import dev.flowengine.persistence.FlowKey;
import dev.flowengine.persistence.FlowNodeRecord;
import dev.flowengine.persistence.FlowRecord;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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

    /**
     * What stands against going on with an execution.
     *
     * @param kept the structure it was begun with
     * @param flow what it would go on with
     * @return a sentence each; empty if it can go on
     */
    public static List<String> differences(FlowRecord kept, Flow flow) {
        FlowRecord given = of(flow);
        List<String> found = new ArrayList<>();
        if (!kept.key().flowId().equals(given.key().flowId())) {
            return List.of("it is an execution of flow '" + kept.key().flowId() + "', not of '"
                    + given.key().flowId() + "'");
        }
        if (!kept.key().version().equals(given.key().version())) {
            found.add("it was begun with version '" + kept.key().version() + "' of the flow, and this is version '"
                    + given.key().version() + "'");
        }
        found.addAll(differences(kept, given));
        return found;
    }

    /**
     * What stands against going on with executions of another version.
     *
     * @param kept the structure of that version
     * @param flow what they would go on with
     * @return a sentence each; empty if nodes, ports, types and connections are the same
     */
    public static List<String> differencesInStructure(FlowRecord kept, Flow flow) {
        return differences(kept, of(flow));
    }

    /**
     * The nodes that are not the same in two versions of a flow.
     *
     * @param kept one of them
     * @param flow the other
     * @return the ids of nodes that were changed, or are in one of them alone, in that order
     */
    public static List<String> differingNodes(FlowRecord kept, Flow flow) {
        Map<String, FlowNodeRecord> before = byId(kept);
        Map<String, FlowNodeRecord> now = byId(of(flow));
        return Stream.concat(before.keySet().stream(), now.keySet().stream())
                .distinct()
                .filter(id -> !Objects.equals(before.get(id), now.get(id)))
                .toList();
    }

    private static List<String> differences(FlowRecord kept, FlowRecord given) {
        List<String> found = new ArrayList<>();
        Map<String, FlowNodeRecord> before = byId(kept);
        Map<String, FlowNodeRecord> now = byId(given);
        before.forEach((id, node) -> differing(node, now.get(id)).ifPresent(found::add));
        now.keySet().stream()
                .filter(id -> !before.containsKey(id))
                .forEach(id -> found.add("node '" + id + "' is new"));
        connectionsOnlyIn(kept, given).forEach(only -> found.add("the connection " + only + " is gone"));
        connectionsOnlyIn(given, kept).forEach(only -> found.add("the connection " + only + " is new"));
        return found;
    }

    /**
     * The nodes that are not in another edition what they were.
     *
     * @param kept the structure an execution was begun with
     * @param flow the other edition
     * @return ids of nodes that are gone, new, of another kind or signature, or fed by other connections
     */
    public static Set<String> changedNodes(FlowRecord kept, Flow flow) {
        FlowRecord given = of(flow);
        Map<String, FlowNodeRecord> before = byId(kept);
        Map<String, FlowNodeRecord> now = byId(given);
        Set<String> changed = new HashSet<>();
        Stream.concat(before.keySet().stream(), now.keySet().stream())
                .filter(id -> !Objects.equals(before.get(id), now.get(id)))
                .forEach(changed::add);
        Set<ConnectionRecord> common = new HashSet<>(kept.connections());
        common.retainAll(given.connections());
        Stream.concat(kept.connections().stream(), given.connections().stream())
                .filter(connection -> !common.contains(connection))
                .forEach(connection -> changed.add(connection.to()));
        return changed;
    }

    private static Map<String, FlowNodeRecord> byId(FlowRecord flow) {
        Map<String, FlowNodeRecord> byId = new LinkedHashMap<>();
        flow.nodes().forEach(node -> byId.put(node.nodeId(), node));
        return byId;
    }

    private static Optional<String> differing(FlowNodeRecord before, @Nullable FlowNodeRecord now) {
        if (now == null) {
            return Optional.of("node '" + before.nodeId() + "' is gone");
        }
        return before.equals(now)
                ? Optional.empty()
                : Optional.of("node '" + before.nodeId() + "' was " + before.kind() + " " + before.signature()
                        + ", and is " + now.kind() + " " + now.signature());
    }

    private static Stream<String> connectionsOnlyIn(FlowRecord one, FlowRecord other) {
        Set<ConnectionRecord> others = Set.copyOf(other.connections());
        return one.connections().stream()
                .filter(connection -> !others.contains(connection))
                .map(FlowRecords::text);
    }

    private static String text(ConnectionRecord connection) {
        return "from '" + connection.from() + "' (" + connection.fromPort() + ") to '" + connection.to() + "' ("
                + connection.toPort() + ")";
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
