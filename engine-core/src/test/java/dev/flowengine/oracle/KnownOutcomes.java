package dev.flowengine.oracle;

import dev.flowengine.model.NodeStatus;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The node outcomes known so far, and what they say about connections (S9). Settled is final (S8). */
final class KnownOutcomes {
    private final CaseScope scope;
    private final Map<String, NodeOutcome> settled = new LinkedHashMap<>();

    KnownOutcomes(CaseScope scope) {
        this.scope = scope;
    }

    void settle(String node, NodeOutcome outcome) {
        if (settled.put(node, outcome) != null) {
            throw new IllegalStateException("node " + node + " settled twice in " + scope.graph());
        }
    }

    boolean isSettled(String node) {
        return settled.containsKey(node);
    }

    boolean allSettled() {
        return settled.size() == scope.size();
    }

    /** The outcomes in the order of the case. */
    Map<String, NodeOutcome> inCaseOrder() {
        Map<String, NodeOutcome> ordered = new LinkedHashMap<>();
        for (CaseNode node : scope.nodes()) {
            NodeOutcome outcome = settled.get(node.id());
            if (outcome != null) {
                ordered.put(node.id(), outcome);
            }
        }
        return ordered;
    }

    /** The decided connections into a node, in declaration order. */
    List<Arrival> arrivals(String node) {
        return scope.incoming(node).stream()
                .map(this::arrival)
                .flatMap(Optional::stream)
                .toList();
    }

    /** D = N. */
    boolean allArrived(String node) {
        return arrivals(node).size() == scope.incoming(node).size();
    }

    boolean orderSourcesSettled(String node) {
        return scope.orderSources(node).stream().allMatch(settled::containsKey);
    }

    /** Whether an order-only source has settled so far that counts as FAILED. */
    boolean orderSourceFailed(String node) {
        for (String source : scope.orderSources(node)) {
            NodeOutcome outcome = settled.get(source);
            if (outcome != null && skipsDependents(outcome)) {
                return true;
            }
        }
        return false;
    }

    private Optional<Arrival> arrival(CaseConnection connection) {
        if (scope.isSupplied(connection.from())) {
            return Optional.of(suppliedArrival(connection));
        }
        NodeOutcome source = settled.get(connection.from());
        return source == null ? Optional.empty() : Optional.of(arrival(connection, source));
    }

    /** A supplied source counts as completed, having fired exactly its pinned ports. */
    private Arrival suppliedArrival(CaseConnection connection) {
        Map<String, String> pin = scope.graph().pins().getOrDefault(connection.from(), Map.of());
        String value = pin.get(connection.fromPort());
        return value == null
                ? Arrival.without(connection, ConnectionOutcome.NOT_TAKEN, false)
                : Arrival.taken(connection, FiredValue.stable(value));
    }

    /** S9. */
    private Arrival arrival(CaseConnection connection, NodeOutcome source) {
        FiredValue value = source.fired().get(connection.fromPort());
        if (source.status() == NodeStatus.COMPLETED && value != null) {
            return Arrival.taken(connection, value);
        }
        ConnectionOutcome outcome = skipsDependents(source) ? ConnectionOutcome.FAILED : ConnectionOutcome.NOT_TAKEN;
        return Arrival.without(connection, outcome, source.isSkipped());
    }

    /** S22: under SKIP_FAILED_BRANCH a FAILED connection counts as NOT_TAKEN. */
    private boolean skipsDependents(NodeOutcome source) {
        return source.countsAsFailed() && scope.graph().settings().failureMode() != CaseFailureMode.SKIP_FAILED_BRANCH;
    }
}
