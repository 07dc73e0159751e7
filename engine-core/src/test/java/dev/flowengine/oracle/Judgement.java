package dev.flowengine.oracle;

import static dev.flowengine.oracle.CaseJoin.ALL_DONE;
import static dev.flowengine.oracle.CaseJoin.ALL_DONE_MIN_ONE_SUCCESS;
import static dev.flowengine.oracle.CaseJoin.ALL_FAILED;
import static dev.flowengine.oracle.CaseJoin.ALL_SUCCESS;
import static dev.flowengine.oracle.CaseJoin.ANY_FAILED;
import static dev.flowengine.oracle.CaseJoin.ANY_SUCCESS;
import static dev.flowengine.oracle.CaseJoin.AT_LEAST;
import static dev.flowengine.oracle.CaseJoin.DEFAULT;
import static dev.flowengine.oracle.CaseJoin.NONE_FAILED;
import static dev.flowengine.oracle.CaseJoin.NONE_FAILED_MIN_ONE_SUCCESS;

import dev.flowengine.model.SkipReason;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Whether a node runs, judged when all of its connections are decided (D = N) and its order-only sources are settled.
 *
 * <p>Rules that fire at once are judged at the end too: what made them fire never goes away again.
 */
record Judgement(CaseNode node, List<Arrival> arrivals, boolean unfed, boolean orderSourceFailed) {
    /** The joins that skip at the first failure; order-only failures count for these only. */
    static final Set<CaseJoin> INTOLERANT = Set.of(DEFAULT, ALL_SUCCESS, NONE_FAILED, NONE_FAILED_MIN_ONE_SUCCESS);

    /** The joins that run on failures; a skip of theirs is CONDITION_FALSE. */
    static final Set<CaseJoin> CONDITIONS = Set.of(ANY_FAILED, ALL_FAILED);

    /** S11 and the table of S12, with D = N. */
    private static final Map<CaseJoin, Predicate<Judgement>> FIRES = Map.of(
            DEFAULT, j -> j.f() == 0 && j.everyRequiredPortTaken(),
            ALL_SUCCESS, j -> j.s() == j.n(),
            NONE_FAILED, j -> j.f() == 0,
            NONE_FAILED_MIN_ONE_SUCCESS, j -> j.f() == 0 && j.s() >= 1,
            ANY_SUCCESS, j -> j.s() >= 1,
            AT_LEAST, j -> j.s() >= j.node().threshold(),
            ALL_DONE, j -> true,
            ALL_DONE_MIN_ONE_SUCCESS, j -> j.s() >= 1,
            ANY_FAILED, j -> j.f() >= 1,
            ALL_FAILED, j -> j.n() >= 1 && j.f() == j.n());

    /** Whether the node runs; one with an unfed port never does (S5). */
    boolean runs() {
        return joinFires() && !unfed && !blockedByOrder();
    }

    /** S13: the first reason that applies, in order of precedence. */
    SkipReason skipReason() {
        if (CONDITIONS.contains(node.join()) && !joinFires()) {
            return SkipReason.CONDITION_FALSE;
        }
        if (f() >= 1 || blockedByOrder()) {
            return SkipReason.UPSTREAM_FAILED;
        }
        if (unfed) {
            return SkipReason.MISSING_INPUT;
        }
        if (n() >= 1 && arrivals.stream().allMatch(Arrival::fromSkipped)) {
            return SkipReason.ALL_INPUTS_SKIPPED;
        }
        return SkipReason.BRANCH_NOT_TAKEN;
    }

    private boolean joinFires() {
        Predicate<Judgement> rule = FIRES.get(node.join());
        return rule != null && rule.test(this);
    }

    /** S11: a failed order-only source skips as usual, under the rules that a failure skips. */
    private boolean blockedByOrder() {
        return orderSourceFailed && INTOLERANT.contains(node.join());
    }

    private boolean everyRequiredPortTaken() {
        return node.inputs().stream().filter(CasePort::required).allMatch(this::isTaken);
    }

    private boolean isTaken(CasePort port) {
        return arrivals.stream()
                .anyMatch(arrival ->
                        arrival.isTaken() && arrival.connection().toPort().equals(port.name()));
    }

    private long n() {
        return arrivals.size();
    }

    private long s() {
        return count(ConnectionOutcome.TAKEN);
    }

    private long f() {
        return count(ConnectionOutcome.FAILED);
    }

    private long count(ConnectionOutcome outcome) {
        return arrivals.stream().filter(arrival -> arrival.outcome() == outcome).count();
    }
}
