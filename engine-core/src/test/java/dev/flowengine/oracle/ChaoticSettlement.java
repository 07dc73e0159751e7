package dev.flowengine.oracle;

import dev.flowengine.model.SkipReason;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One of the many orders in which a run may go, by the words "at once" and "early" of S12 taken literally.
 *
 * <p>A counterpart of the oracle, which judges at the end: at each step one random node that may fire, be skipped or
 * finish does so. A node takes its inputs when it fires and finishes any number of steps later. Under FAIL_FAST the first
 * failure stops it: what has fired may still complete, and everything else is cancelled.
 */
final class ChaoticSettlement {
    private final CaseScope scope;
    private final CaseDice dice;
    private final Set<UnfedPort> unfed;
    private final KnownOutcomes known;
    private final Map<String, NodeOutcome> running = new LinkedHashMap<>();
    private final Set<String> started = new LinkedHashSet<>();
    private boolean stopped;
    private @Nullable String firstFailed;

    private ChaoticSettlement(CaseScope scope, CaseDice dice) {
        this.scope = scope;
        this.dice = dice;
        this.unfed = scope.unfedPorts();
        this.known = new KnownOutcomes(scope);
    }

    /** Runs a case that is not refused, in the order of this seed. */
    static OracleResult.Settled run(GraphCase graph, long seed) {
        return settle(graph, seed).result();
    }

    /** The node that fails first in the order of this seed; empty if none does. */
    static Optional<String> firstFailed(GraphCase graph, long seed) {
        return Optional.ofNullable(settle(graph, seed).firstFailed);
    }

    /** Runs a case that is stopped at its first failure, in the order of this seed. */
    static StoppedRun stop(GraphCase graph, long seed) {
        ChaoticSettlement settlement = settle(graph, seed);
        OracleResult.Settled result = settlement.result();
        Map<String, StoppedRun.Node> nodes = new LinkedHashMap<>();
        result.outcomes()
                .forEach((id, outcome) -> nodes.put(
                        id,
                        new StoppedRun.Node(
                                outcome.status(),
                                outcome.skipReason(),
                                outcome.fired().keySet(),
                                settlement.started.contains(id))));
        return new StoppedRun(nodes);
    }

    private static ChaoticSettlement settle(GraphCase graph, long seed) {
        CaseScope scope = CaseScope.of(graph);
        ChaoticSettlement settlement = new ChaoticSettlement(scope, new CaseDice(seed));
        List<Runnable> steps = settlement.possibleSteps();
        while (!steps.isEmpty()) {
            settlement.dice.pick(steps).run();
            steps = settlement.possibleSteps();
        }
        return settlement;
    }

    private OracleResult.Settled result() {
        Map<String, NodeOutcome> outcomes = known.inCaseOrder();
        return SettlementOracle.settled(scope, outcomes, unfed);
    }

    private List<Runnable> possibleSteps() {
        List<Runnable> steps = new ArrayList<>();
        for (CaseNode node : scope.nodes()) {
            if (running.containsKey(node.id())) {
                steps.add(() -> finish(node));
            } else if (!stopped && !known.isSettled(node.id())) {
                addDecision(node, steps);
            }
        }
        return steps;
    }

    private void finish(CaseNode node) {
        NodeOutcome outcome = running.remove(node.id());
        if (outcome != null) {
            // S26: of what runs when it is stopped, only a value that is returned counts.
            boolean counts = !stopped || outcome.failure() == null;
            known.settle(node.id(), counts ? outcome : NodeOutcome.cancelled());
            if (counts && outcome.isFailed()) {
                failed(node.id());
            }
        }
    }

    private void failed(String node) {
        if (firstFailed == null) {
            firstFailed = node;
        }
        if (failsFast()) {
            stop();
        }
    }

    private boolean failsFast() {
        return scope.graph().settings().failureMode() == CaseFailureMode.FAIL_FAST;
    }

    private void stop() {
        stopped = true;
        for (CaseNode node : scope.nodes()) {
            if (!known.isSettled(node.id()) && !running.containsKey(node.id())) {
                known.settle(node.id(), NodeOutcome.cancelled());
            }
        }
    }

    private void addDecision(CaseNode node, List<Runnable> steps) {
        String id = node.id();
        List<Arrival> arrivals = known.arrivals(id);
        if (scope.isStart(id)) {
            steps.add(() -> start(id, NodeRun.ofStart(scope, node)));
        } else if (skipsEarly(node, arrivals)) {
            steps.add(() -> known.settle(id, NodeOutcome.skipped(SkipReason.UPSTREAM_FAILED)));
        } else if (known.orderSourcesSettled(id) && firesAtOnce(node, arrivals)) {
            steps.add(() -> fire(node, arrivals));
        } else if (known.orderSourcesSettled(id) && known.allArrived(id)) {
            steps.add(() -> judge(node, arrivals));
        }
    }

    /** "Skipping is early only for a failure": at the first F under the four rules that a failure skips. */
    private boolean skipsEarly(CaseNode node, List<Arrival> arrivals) {
        boolean skipsOnFailure = switch (node.join()) {
            case DEFAULT, ALL_SUCCESS, NONE_FAILED, NONE_FAILED_MIN_ONE_SUCCESS -> true;
            default -> false;
        };
        return skipsOnFailure && (count(arrivals, ConnectionOutcome.FAILED) > 0 || known.orderSourceFailed(node.id()));
    }

    private boolean firesAtOnce(CaseNode node, List<Arrival> arrivals) {
        boolean fires = switch (node.join()) {
            case ANY_SUCCESS -> count(arrivals, ConnectionOutcome.TAKEN) >= 1;
            case AT_LEAST -> count(arrivals, ConnectionOutcome.TAKEN) >= node.threshold();
            case ANY_FAILED -> count(arrivals, ConnectionOutcome.FAILED) >= 1;
            default -> false;
        };
        return fires && !isUnfed(node);
    }

    private void judge(CaseNode node, List<Arrival> arrivals) {
        Judgement judgement = new Judgement(node, arrivals, isUnfed(node), known.orderSourceFailed(node.id()));
        if (judgement.runs()) {
            fire(node, arrivals);
        } else {
            known.settle(node.id(), NodeOutcome.skipped(judgement.skipReason()));
        }
    }

    private void fire(CaseNode node, List<Arrival> arrivals) {
        start(node.id(), NodeRun.of(scope.graph(), node, Delivery.of(node, arrivals)));
    }

    private void start(String id, NodeOutcome outcome) {
        started.add(id);
        running.put(id, outcome);
    }

    private boolean isUnfed(CaseNode node) {
        return unfed.stream().anyMatch(port -> port.node().equals(node.id()));
    }

    private static long count(List<Arrival> arrivals, ConnectionOutcome outcome) {
        return arrivals.stream().filter(arrival -> arrival.outcome() == outcome).count();
    }
}
