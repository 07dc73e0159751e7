package dev.flowengine.execution;

import dev.flowengine.graph.GraphNode;
import dev.flowengine.graph.InputPort;
import dev.flowengine.graph.JoinRule;
import dev.flowengine.model.SkipReason;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A node and what it depends on in an execution.
 *
 * @param node the node
 * @param connections its connections that belong to the execution, in declaration order
 * @param orders its order dependencies that belong to the execution, in declaration order
 */
record Dependencies(GraphNode node, List<Dependency> connections, List<Dependency> orders) {

    JoinRule join() {
        return node.join();
    }

    int count(ConnectionOutcome outcome) {
        return (int) connections.stream()
                .filter(connection -> connection.is(outcome))
                .count();
    }

    /** Whether a rule that fires early has seen what it needs. */
    boolean hasFiredEarly() {
        return switch (join().kind()) {
            case ANY_SUCCESS -> count(ConnectionOutcome.TAKEN) >= 1;
            case AT_LEAST -> count(ConnectionOutcome.TAKEN) >= join().threshold();
            case ANY_FAILED -> count(ConnectionOutcome.FAILED) >= 1;
            default -> false;
        };
    }

    /** What a skip for the reason comes from; empty if the reason is not about sources. */
    List<Dependency> decidingFor(SkipReason reason) {
        return switch (reason) {
            case UPSTREAM_FAILED -> failed();
            case BRANCH_NOT_TAKEN, ALL_INPUTS_SKIPPED -> notTaken();
            case CONDITION_FALSE, MISSING_INPUT, MANUAL -> List.of();
        };
    }

    /** The required input ports nothing arrived on. A port that is supplied is one only if no other can be. */
    List<String> emptyPorts() {
        List<String> empty = portsWithout(EnumSet.of(ConnectionOutcome.TAKEN, ConnectionOutcome.SUPPLIED));
        return empty.isEmpty() ? portsWithout(EnumSet.of(ConnectionOutcome.TAKEN)) : empty;
    }

    private List<String> portsWithout(Set<ConnectionOutcome> outcomes) {
        Set<String> fed = connections.stream()
                .filter(connection -> outcomes.contains(connection.outcome()))
                .map(Dependency::inputPort)
                .collect(Collectors.toSet());
        return node.inputs().stream()
                .filter(InputPort::required)
                .map(InputPort::name)
                .filter(port -> !fed.contains(port))
                .toList();
    }

    private List<Dependency> failed() {
        List<Dependency> failed = only(connections, ConnectionOutcome.FAILED);
        return failed.isEmpty() && join().skipsOnFailure() ? only(orders, ConnectionOutcome.FAILED) : failed;
    }

    private List<Dependency> notTaken() {
        Set<String> ports = join().kind() == JoinRule.Kind.DEFAULT ? new HashSet<>(emptyPorts()) : allPorts();
        return connections.stream()
                .filter(connection -> !connection.is(ConnectionOutcome.TAKEN))
                .filter(connection -> connection.outcome().isDecided() && ports.contains(connection.inputPort()))
                .toList();
    }

    private Set<String> allPorts() {
        return node.inputs().stream().map(InputPort::name).collect(Collectors.toSet());
    }

    private static List<Dependency> only(List<Dependency> dependencies, ConnectionOutcome outcome) {
        return dependencies.stream()
                .filter(dependency -> dependency.is(outcome))
                .toList();
    }
}
