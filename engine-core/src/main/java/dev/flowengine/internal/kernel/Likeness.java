package dev.flowengine.internal.kernel;

import dev.flowengine.flow.CachePolicy;
import dev.flowengine.flow.DisabledOutput;
import dev.flowengine.flow.ErrorHandling;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.graph.Connection;
import dev.flowengine.graph.GraphNode;
import dev.flowengine.graph.OrderDependency;
import dev.flowengine.node.TypeRef;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells which nodes of a flow are what they were in another edition of it. What a body does cannot be compared: a node whose
 * code has changed is given another version.
 */
final class Likeness {
    private final Flow before;
    private final Flow now;
    private final Map<String, Set<Object>> wiresBefore;
    private final Map<String, Set<Object>> wiresNow;

    Likeness(Flow before, Flow now) {
        this.before = before;
        this.now = now;
        boolean same = before == now;
        this.wiresBefore = same ? Map.of() : wires(before);
        this.wiresNow = same ? Map.of() : wires(now);
    }

    /** Whether a node is not what it was, although both editions have it. */
    boolean hasChanged(String nodeId) {
        if (before == now) {
            return false;
        }
        Optional<NodeDefinition> was = before.node(nodeId);
        Optional<NodeDefinition> is = now.node(nodeId);
        return was.isPresent()
                && is.isPresent()
                && !(Configuration.of(was.get()).equals(Configuration.of(is.get()))
                        && wiresBefore.getOrDefault(nodeId, Set.of()).equals(wiresNow.getOrDefault(nodeId, Set.of())));
    }

    private static Map<String, Set<Object>> wires(Flow flow) {
        Map<String, Set<Object>> wires = new HashMap<>();
        for (Connection connection : flow.graph().connections()) {
            wires.computeIfAbsent(connection.to(), any -> new HashSet<>()).add(connection);
        }
        for (OrderDependency order : flow.graph().orderDependencies()) {
            wires.computeIfAbsent(order.to(), any -> new HashSet<>()).add(order);
        }
        return wires;
    }

    /** What of a node decides what it comes to, as far as that can be compared. */
    private record Configuration(
            GraphNode shape,
            Optional<String> type,
            Map<String, @Nullable Object> parameters,
            List<Optional<TypeRef<?>>> types,
            Optional<String> version,
            boolean disabled,
            Optional<DisabledOutput> disabledOutput,
            Object errorHandling) {

        static Configuration of(NodeDefinition node) {
            ErrorHandling handling = node.errorHandling();
            return new Configuration(
                    node.shape(),
                    node.type(),
                    node.parameters(),
                    node.shape().outputs().stream().map(node::outputType).toList(),
                    node.cache().flatMap(CachePolicy::version),
                    node.isDisabled(),
                    node.disabledOutput(),
                    handling instanceof ErrorHandling.Recover ? ErrorHandling.Recover.class : handling);
        }
    }
}
