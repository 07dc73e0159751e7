package dev.flowengine.oracle;

import dev.flowengine.model.ExecutionStatus;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a case must come to: a fixpoint over the rules S1–S23, for every failure mode, retry and error handling.
 *
 * <p>Where the rules leave something open, both this oracle and the engine read them so:
 *
 * <ul>
 *   <li>(a) N, S, T, F and D count in-scope data connections, identical ones once, and those from supplied sources; never
 *       order-only dependencies. No node fires before its order-only sources are settled. One that counts as FAILED skips
 *       the node with UPSTREAM_FAILED under DEFAULT, ALL_SUCCESS, NONE_FAILED and NONE_FAILED_MIN_ONE_SUCCESS; under the
 *       other joins it does not matter how it settled.
 *   <li>(b) A source skipped with UPSTREAM_FAILED makes its connections FAILED; skipped otherwise, NOT_TAKEN.
 *   <li>(c) DEFAULT: all connections settled, none FAILED, every required port with a TAKEN connection; a node without
 *       required ports runs even if nothing was taken.
 *   <li>(d) A node with an unfed required port never fires, whatever its join. Its reason has the precedence that every
 *       skip has: CONDITION_FALSE, UPSTREAM_FAILED, MISSING_INPUT, ALL_INPUTS_SKIPPED (N ≥ 1 and all sources of data
 *       connections SKIPPED), BRANCH_NOT_TAKEN. The start of a run has all incoming connections cut and just runs.
 *   <li>(e) ALL_FAILED needs F = N and N ≥ 1. With N = 0, ALL_DONE, ALL_SUCCESS and NONE_FAILED fire; ANY_SUCCESS is
 *       skipped.
 *   <li>(f) A pinned in-scope node follows its join; when it would run, it completes with exactly its pinned ports,
 *       whatever its body does, and even if it is disabled. An out-of-scope pinned node supplies its connections into the
 *       scope: TAKEN for a pinned port, else NOT_TAKEN; its order-only dependencies are satisfied.
 *   <li>(g) A disabled node follows its join; when it would run, its first live input (in port order) goes through its
 *       first output port, or null if nothing is live.
 *   <li>(h) A single-valued port gets the first TAKEN connection in declaration order, a collecting port all of them.
 *   <li>(i) Scope: forward along data and order-only edges; {@code upTo} cuts to the target and its ancestors.
 *   <li>(j) A sink has no in-scope successors along data or order-only edges.
 *   <li>(k) Under SKIP_FAILED_BRANCH nothing is ever FAILED to those that depend on it, order-only dependencies included:
 *       F = 0, no skip is UPSTREAM_FAILED, and what only a failed node leads to is skipped with BRANCH_NOT_TAKEN.
 *   <li>(l) Only a FAILED node is an unhandled failure; one that completes with {@code handledFailure} is completed to joins
 *       and to S23, and its connections from ports that did not fire are NOT_TAKEN.
 *   <li>(m) A recovery that throws fails the node with what it threw, at the attempt it was to make good.
 *   <li>(n) Triggers, pinned and disabled nodes have no attempt; their retry and error handling do not matter.
 * </ul>
 */
public final class SettlementOracle {
    private final CaseScope scope;
    private final Set<UnfedPort> unfed;
    private final Set<String> unfedNodes;
    private final KnownOutcomes known;
    private final NodeRules rules;

    private SettlementOracle(CaseScope scope, Set<UnfedPort> unfed, NodeRules rules) {
        this.scope = scope;
        this.rules = rules;
        this.unfed = unfed;
        this.unfedNodes = unfed.stream().map(UnfedPort::node).collect(Collectors.toSet());
        this.known = new KnownOutcomes(scope);
    }

    /** Solves a case: the start is refused, or every in-scope node settles. */
    public static OracleResult solve(GraphCase graph) {
        return solve(graph, NodeRules.BODIES);
    }

    /** Solves a case some of whose nodes are something else than bodies, pins and passed inputs. */
    static OracleResult solve(GraphCase graph, NodeRules rules) {
        CaseScope scope = CaseScope.of(graph);
        Set<UnfedPort> unfed = scope.unfedPorts();
        // S5: refused before anything runs, unless the check is skipped.
        if (!unfed.isEmpty() && !graph.skipDependencyCheck()) {
            return new OracleResult.Refused(unfed);
        }
        OracleResult.Settled settled = new SettlementOracle(scope, unfed, rules).settle();
        boolean fails = settled.outcomes().values().stream().anyMatch(NodeOutcome::isFailed);
        return fails && graph.settings().failureMode() == CaseFailureMode.FAIL_FAST
                ? new OracleResult.Stopped(settled)
                : settled;
    }

    private OracleResult.Settled settle() {
        boolean progress = true;
        while (progress) {
            progress = false;
            for (CaseNode node : scope.nodes()) {
                progress |= !known.isSettled(node.id()) && decide(node);
            }
        }
        // S14: a stall is never "completed"; in an acyclic case there is none.
        if (!known.allSettled()) {
            throw new IllegalStateException("the rules leave nodes undecided in " + scope.graph());
        }
        Map<String, NodeOutcome> outcomes = known.inCaseOrder();
        return settled(scope, outcomes, unfed);
    }

    /** Settles the node if the rules decide it from the outcomes known so far. */
    private boolean decide(CaseNode node) {
        Optional<NodeOutcome> outcome =
                scope.isStart(node.id()) ? Optional.of(rules.ofStart(scope, node)) : judge(node);
        outcome.ifPresent(decided -> known.settle(node.id(), decided));
        return outcome.isPresent();
    }

    private Optional<NodeOutcome> judge(CaseNode node) {
        if (!known.allArrived(node.id()) || !known.orderSourcesSettled(node.id())) {
            return Optional.empty();
        }
        Judgement judgement = new Judgement(
                node, known.arrivals(node.id()), unfedNodes.contains(node.id()), known.orderSourceFailed(node.id()));
        return Optional.of(
                judgement.runs()
                        ? rules.of(scope.graph(), node, Delivery.of(node, judgement.arrivals()))
                        : NodeOutcome.skipped(judgement.skipReason()));
    }

    /** The outcomes with what follows from them for the run as a whole. */
    static OracleResult.Settled settled(CaseScope scope, Map<String, NodeOutcome> outcomes, Set<UnfedPort> unfed) {
        return new OracleResult.Settled(
                outcomes, finalStatus(scope, outcomes), BeforeFailure.firstFailures(scope, outcomes), unfed);
    }

    /** S23, without cancel, timeouts and limits. */
    private static ExecutionStatus finalStatus(CaseScope scope, Map<String, NodeOutcome> outcomes) {
        if (outcomes.values().stream().noneMatch(NodeOutcome::isFailed)) {
            return ExecutionStatus.COMPLETED;
        }
        if (scope.graph().settings().failureMode() == CaseFailureMode.FAIL_FAST) {
            return ExecutionStatus.FAILED;
        }
        boolean reachedAnEnd =
                scope.sinks().stream().map(outcomes::get).anyMatch(outcome -> outcome != null && outcome.isCompleted());
        return reachedAnEnd ? ExecutionStatus.PARTIAL : ExecutionStatus.FAILED;
    }
}
