package dev.flowengine.oracle;

import dev.flowengine.model.SkipReason;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One of the many orders in which a run may go, by the words "at once" and "early" of S12 taken literally.
 *
 * <p>A counterpart of the oracle, which judges at the end: at each step one random node that may fire, be skipped or
 * finish does so. A node takes its inputs when it fires and finishes any number of steps later.
 */
final class ChaoticSettlement {
    private final CaseScope scope;
    private final CaseDice dice;
    private final Set<UnfedPort> unfed;
    private final KnownOutcomes known;
    private final Map<String, NodeOutcome> running = new LinkedHashMap<>();

    private ChaoticSettlement(CaseScope scope, CaseDice dice) {
        this.scope = scope;
        this.dice = dice;
        this.unfed = scope.unfedPorts();
        this.known = new KnownOutcomes(scope);
    }

    /** Runs a case that is not refused, in the order of this seed. */
    static OracleResult.Settled run(GraphCase graph, long seed) {
        CaseScope scope = CaseScope.of(graph);
        ChaoticSettlement settlement = new ChaoticSettlement(scope, new CaseDice(seed));
        List<Runnable> steps = settlement.possibleSteps();
        while (!steps.isEmpty()) {
            settlement.dice.pick(steps).run();
            steps = settlement.possibleSteps();
        }
        Map<String, NodeOutcome> outcomes = settlement.known.inCaseOrder();
        return new OracleResult.Settled(outcomes, SettlementOracle.finalStatus(scope, outcomes), settlement.unfed);
    }

    private List<Runnable> possibleSteps() {
        List<Runnable> steps = new ArrayList<>();
        for (CaseNode node : scope.nodes()) {
            if (running.containsKey(node.id())) {
                steps.add(() -> finish(node));
            } else if (!known.isSettled(node.id())) {
                addDecision(node, steps);
            }
        }
        return steps;
    }

    private void finish(CaseNode node) {
        NodeOutcome outcome = running.remove(node.id());
        if (outcome != null) {
            known.settle(node.id(), outcome);
        }
    }

    private void addDecision(CaseNode node, List<Runnable> steps) {
        String id = node.id();
        List<Arrival> arrivals = known.arrivals(id);
        if (scope.isStart(id)) {
            steps.add(() -> running.put(id, NodeRun.ofStart(scope.graph(), node)));
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
        running.put(node.id(), NodeRun.of(scope.graph(), node, Delivery.of(node, arrivals)));
    }

    private boolean isUnfed(CaseNode node) {
        return unfed.stream().anyMatch(port -> port.node().equals(node.id()));
    }

    private static long count(List<Arrival> arrivals, ConnectionOutcome outcome) {
        return arrivals.stream().filter(arrival -> arrival.outcome() == outcome).count();
    }
}
