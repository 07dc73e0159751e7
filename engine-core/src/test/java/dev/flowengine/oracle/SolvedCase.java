package dev.flowengine.oracle;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/** A case with its scope and its solution, and questions about it for counting. */
record SolvedCase(GraphCase graph, CaseScope scope, OracleResult result) {

    static SolvedCase of(long seed) {
        GraphCase graph = CaseGenerator.generate(seed);
        return new SolvedCase(graph, CaseScope.of(graph), SettlementOracle.solve(graph));
    }

    boolean refused() {
        return result instanceof OracleResult.Refused;
    }

    boolean ended(Predicate<OracleResult.Settled> condition) {
        return result instanceof OracleResult.Settled settled && condition.test(settled);
    }

    /** What would come of a case whose first failure stops it. */
    boolean stopped(Predicate<OracleResult.Settled> unhindered) {
        return result instanceof OracleResult.Stopped stopped && unhindered.test(stopped.unhindered());
    }

    boolean has(CaseFailureMode mode) {
        return graph.settings().failureMode() == mode;
    }

    /** Whether a node whose body runs has such attempts: so many allowed, and so many first ones planned to fail. */
    boolean hasAttempts(BiPredicate<Integer, Integer> allowedAndFailing) {
        return ended(settled -> inScope().stream()
                .filter(node -> settled.outcome(node.id()).attempts() > 0
                        && !node.behaviour().throwsError())
                .anyMatch(node -> allowedAndFailing.test(
                        graph.settings().attemptsOf(node), node.behaviour().failures())));
    }

    /** Whether a node has a connection from a port {@code error}, taken or not. */
    boolean hasErrorInto(Predicate<CaseNode> target, boolean taken) {
        return ended(settled -> inScope().stream()
                .filter(target)
                .flatMap(node -> scope.incoming(node.id()).stream())
                .anyMatch(connection -> connection.fromPort().equals(CaseNode.ERROR) && isTaken(connection) == taken));
    }

    /** Whether a node runs, after a failure that skips it in other modes. */
    boolean hasNodeThatGoesOn() {
        return has(CaseFailureMode.SKIP_FAILED_BRANCH)
                && hasCompletedNode(node -> Judgement.INTOLERANT.contains(node.join())
                        && scope.incoming(node.id()).stream()
                                .anyMatch(connection -> ended(settled -> scope.contains(connection.from())
                                        && settled.outcome(connection.from()).isFailed())));
    }

    /** Whether the run has a node, the start apart, of this kind and outcome. */
    boolean hasNode(Predicate<CaseNode> kind, Predicate<NodeOutcome> outcome) {
        return ended(settled -> inScope().stream()
                .filter(kind)
                .anyMatch(node -> !scope.isStart(node.id()) && outcome.test(settled.outcome(node.id()))));
    }

    boolean hasCompletedNode(Predicate<CaseNode> kind) {
        return hasNode(kind, NodeOutcome::isCompleted);
    }

    boolean hasOutcome(Predicate<NodeOutcome> condition) {
        return ended(settled -> settled.outcomes().values().stream().anyMatch(condition));
    }

    boolean hasValue(Predicate<FiredValue> condition) {
        return hasOutcome(outcome -> outcome.fired().values().stream().anyMatch(condition));
    }

    boolean startIs(Predicate<CaseNode> kind) {
        return !refused() && kind.test(graph.node(graph.start().nodeId()));
    }

    /** Whether a node completed that has such a port and such connections into it. */
    boolean hasFedPort(Predicate<CasePort> port, Predicate<List<CaseConnection>> connections) {
        return hasCompletedNode(node -> node.inputs().stream()
                .anyMatch(input -> port.test(input) && connections.test(into(node, input.name()))));
    }

    /** Whether a completed node has a port with both a TAKEN connection and one that was not. */
    boolean hasMerge() {
        return hasFedPort(port -> !port.collecting(), connections -> {
            long taken = connections.stream().filter(this::isTaken).count();
            return taken > 0 && taken < connections.size();
        });
    }

    /** Whether two connections lead from one node to different ports of another. */
    boolean hasParallelConnections() {
        return hasCompletedNode(node -> {
            Set<String> ends = new HashSet<>();
            Set<String> sources = new HashSet<>();
            for (CaseConnection connection : scope.incoming(node.id())) {
                boolean newEnd = ends.add(connection.from() + " " + connection.toPort());
                if (newEnd && !sources.add(connection.from())) {
                    return true;
                }
            }
            return false;
        });
    }

    boolean hasDuplicateConnection() {
        return Set.copyOf(graph.connections()).size() < graph.connections().size();
    }

    /** Whether a connection from an out-of-scope pinned node is kept, from a port that is pinned or not. */
    boolean hasSuppliedConnection(boolean pinned) {
        return !refused()
                && inScope().stream()
                        .flatMap(node -> scope.incoming(node.id()).stream())
                        .filter(connection -> scope.isSupplied(connection.from()))
                        .anyMatch(connection -> pinned == isPinned(connection));
    }

    /** Whether a connection or dependency from an out-of-scope node that is not pinned was cut. */
    boolean hasPrunedConnection() {
        return !refused()
                && graph.connections().stream()
                        .anyMatch(connection -> scope.contains(connection.to())
                                && !scope.isStart(connection.to())
                                && !scope.contains(connection.from())
                                && !scope.isSupplied(connection.from()));
    }

    /** Whether some node is reachable from two triggers. */
    boolean hasSharedNode() {
        Set<String> reached = new HashSet<>();
        for (CaseNode trigger : graph.nodes()) {
            if (trigger.trigger()) {
                CaseScope own = CaseScope.of(new GraphCase(
                        0,
                        graph.settings(),
                        graph.nodes(),
                        graph.connections(),
                        graph.orders(),
                        new CaseStart(CaseStart.Kind.TRIGGER, trigger.id(), Map.of(), null),
                        Map.of(),
                        false));
                for (CaseNode node : own.nodes()) {
                    if (!reached.add(node.id())) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private List<CaseNode> inScope() {
        return graph.nodes().stream().filter(node -> scope.contains(node.id())).toList();
    }

    private List<CaseConnection> into(CaseNode node, String port) {
        return scope.incoming(node.id()).stream()
                .filter(connection -> connection.toPort().equals(port))
                .toList();
    }

    private boolean isTaken(CaseConnection connection) {
        return scope.isSupplied(connection.from())
                ? isPinned(connection)
                : ended(settled -> settled.outcome(connection.from()).fired().containsKey(connection.fromPort()));
    }

    private boolean isPinned(CaseConnection connection) {
        return graph.pins().getOrDefault(connection.from(), Map.of()).containsKey(connection.fromPort());
    }
}
