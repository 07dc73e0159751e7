package dev.flowengine.oracle;

import dev.flowengine.model.NodeStatus;
import dev.flowengine.model.SkipReason;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A run that FAIL_FAST stopped, held against what the rules fix whatever the timing: every node comes to what it would
 * have come to without the stop, or is cancelled; one fails; and no node was decided by anything but completed and
 * skipped ones, for from the failure on no join is judged (S22, S26).
 */
public record StoppedRun(Map<String, Node> nodes) {

    /** Copies the nodes and keeps their order. */
    public StoppedRun {
        nodes = Collections.unmodifiableMap(new LinkedHashMap<>(nodes));
    }

    /** What became of a node. */
    public record Node(NodeStatus status, @Nullable SkipReason skipReason, Set<String> firedPorts, boolean started) {}

    /** What contradicts the rules, in words; none if all is well. */
    public List<String> violations(GraphCase graph, OracleResult.Stopped expected) {
        List<String> violations = new ArrayList<>();
        if (!nodes.keySet().equals(expected.unhindered().scope())) {
            violations.add("the nodes are " + nodes.keySet());
            return violations;
        }
        long failed = nodes.values().stream()
                .filter(node -> node.status() == NodeStatus.FAILED)
                .count();
        if (failed != 1) {
            violations.add(failed + " nodes failed, but the first failure stops everything else");
        }
        CaseScope scope = CaseScope.of(graph);
        BeforeFailure before = new BeforeFailure(
                scope,
                this::isOver,
                connection -> node(connection.from()).firedPorts().contains(connection.fromPort()));
        for (CaseNode node : scope.nodes()) {
            NodeOutcome outcome = expected.unhindered().outcome(node.id());
            addIfOther(node.id(), outcome, violations);
            if (isDecided(node.id()) && !before.mayDecide(node)) {
                violations.add(node.id() + " was decided though the failure leaves it open");
            }
        }
        return violations;
    }

    private void addIfOther(String id, NodeOutcome expected, List<String> violations) {
        Node node = node(id);
        boolean asExpected = node.status() == expected.status()
                && node.skipReason() == expected.skipReason()
                && node.firedPorts().equals(expected.fired().keySet());
        if (node.status() != NodeStatus.CANCELLED && !asExpected) {
            violations.add(id + " is " + node + " instead of " + expected);
        }
        if (node.started() && expected.isSkipped()) {
            violations.add(id + " started");
        }
    }

    private boolean isDecided(String id) {
        return node(id).started() || node(id).status() != NodeStatus.CANCELLED;
    }

    private boolean isOver(String id) {
        NodeStatus status = node(id).status();
        return status == NodeStatus.COMPLETED || status == NodeStatus.SKIPPED;
    }

    private Node node(String id) {
        Node node = nodes.get(id);
        if (node == null) {
            throw new IllegalArgumentException("node " + id + " is not in the run " + nodes.keySet());
        }
        return node;
    }
}
