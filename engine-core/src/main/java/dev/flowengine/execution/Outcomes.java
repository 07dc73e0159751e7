package dev.flowengine.execution;

import dev.flowengine.graph.Connection;
import dev.flowengine.graph.OrderDependency;
import dev.flowengine.graph.Ports;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tells what became of the connections of an execution from the states of its nodes. */
final class Outcomes {
    private final ExecutionSnapshot snapshot;
    private final Set<String> supplied;
    private final String entry;

    Outcomes(ExecutionSnapshot snapshot) {
        this.snapshot = snapshot;
        this.supplied = new HashSet<>(snapshot.plan().supplied());
        this.entry = snapshot.plan().entry();
    }

    ConnectionOutcome of(Connection connection) {
        NodeState source = stateOf(connection.from());
        if (!isInto(connection.to())) {
            return ConnectionOutcome.OUTSIDE;
        }
        if (source != null && isIntoIteration(source, connection)) {
            return ConnectionOutcome.TAKEN;
        }
        return source == null ? ofAbsent(connection.from()) : ConnectionOutcome.of(source, connection.fromPort());
    }

    /** Whether a loop that goes on has fired into its body. */
    private boolean isIntoIteration(NodeState source, Connection connection) {
        NodeState target = stateOf(connection.to());
        List<Integer> passes = target == null ? List.of() : target.iteration().path();
        return connection.fromPort().equals(Ports.LOOP)
                && !source.status().isSettled()
                && passes.size() > source.iteration().path().size()
                && passes.get(passes.size() - 1) > 0;
    }

    ConnectionOutcome of(OrderDependency order) {
        NodeState source = stateOf(order.from());
        if (!isInto(order.to())) {
            return ConnectionOutcome.OUTSIDE;
        }
        return source == null ? ofAbsent(order.from()) : ConnectionOutcome.of(source);
    }

    @Nullable
    NodeState stateOf(String nodeId) {
        return snapshot.node(nodeId).orElse(null);
    }

    boolean isSupplied(String nodeId) {
        return supplied.contains(nodeId);
    }

    /** Whether connections into the node count; those into the start are cut. */
    private boolean isInto(String nodeId) {
        return !entry.equals(nodeId) && snapshot.node(nodeId).isPresent();
    }

    private ConnectionOutcome ofAbsent(String nodeId) {
        return isSupplied(nodeId) ? ConnectionOutcome.SUPPLIED : ConnectionOutcome.OUTSIDE;
    }
}
