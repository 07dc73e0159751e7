package dev.flowengine.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.model.SkipReason;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class SettlementRulesTest {
    private static final Set<CaseJoin> SKIPPED_BY_FAILED_ORDER =
            Set.of(CaseJoin.DEFAULT, CaseJoin.ALL_SUCCESS, CaseJoin.NONE_FAILED, CaseJoin.NONE_FAILED_MIN_ONE_SUCCESS);

    /** t → branch, which fires yes; yes → left, no → right; both merge into one port of merge. */
    private static CaseBuilder branches() {
        return new CaseBuilder()
                .trigger("t")
                .node("branch")
                .outputs("yes", "no")
                .fires("yes")
                .node("left")
                .node("right")
                .node("merge")
                .connect("t", "branch")
                .connect("branch.yes", "left")
                .connect("branch.no", "right")
                .connect("left", "merge")
                .connect("right", "merge");
    }

    @Test
    @DisplayName("S11: a merge of exclusive branches on one port runs with the branch that was taken")
    void a_merge_of_exclusive_branches_runs() {
        OracleResult.Settled run = settle(branches().fromTrigger("t"));
        assertEquals(SkipReason.BRANCH_NOT_TAKEN, run.outcome("right").skipReason());
        assertEquals(ValueDigest.of("merge", "main", List.of(value(run, "left"))), value(run, "merge"));
        assertEquals(ExecutionStatus.COMPLETED, run.status());
    }

    @Test
    @DisplayName("S9, S13: what follows only a skipped node is skipped for ALL_INPUTS_SKIPPED, to the end of the chain")
    void skips_propagate() {
        CaseBuilder flow =
                branches().node("after").connect("right", "after").node("last").connect("after", "last");
        OracleResult.Settled run = settle(flow.fromTrigger("t"));
        assertEquals(SkipReason.ALL_INPUTS_SKIPPED, run.outcome("after").skipReason());
        assertEquals(SkipReason.ALL_INPUTS_SKIPPED, run.outcome("last").skipReason());
    }

    @Test
    @DisplayName("S9, S22: a failure is seen through any number of skips, and the rest goes on")
    void a_failure_propagates_through_skips() {
        CaseBuilder flow = branches().node("bad").fails().node("next").node("last", "a", "b");
        flow.connect("t", "bad")
                .connect("bad", "next")
                .connect("next", "last.a")
                .connect("t", "last.b");
        OracleResult.Settled run = settle(flow.fromTrigger("t"));
        assertEquals(NodeStatus.FAILED, run.outcome("bad").status());
        assertNull(run.outcome("bad").skipReason());
        assertEquals(SkipReason.UPSTREAM_FAILED, run.outcome("last").skipReason());
        assertTrue(run.outcome("merge").isCompleted());
        assertEquals(ExecutionStatus.PARTIAL, run.status());
    }

    @Test
    @DisplayName("S13: an unmet condition is CONDITION_FALSE, which counts as NOT_TAKEN further on")
    void an_unmet_condition_hides_a_failure() {
        CaseBuilder flow = new CaseBuilder().trigger("t").node("bad").fails().node("ok");
        flow.node("x").join(CaseJoin.ALL_FAILED).node("y");
        flow.connect("t", "bad")
                .connect("t", "ok")
                .connect("bad", "x")
                .connect("ok", "x")
                .connect("x", "y");
        OracleResult.Settled run = settle(flow.fromTrigger("t"));
        assertEquals(SkipReason.CONDITION_FALSE, run.outcome("x").skipReason());
        assertEquals(SkipReason.ALL_INPUTS_SKIPPED, run.outcome("y").skipReason());
        assertEquals(ExecutionStatus.FAILED, run.status());
    }

    @Test
    @DisplayName("S11: a failed order-only source skips under the rules a failure skips, and does not matter else")
    void a_failed_order_only_source_skips_intolerant_joins() {
        for (CaseJoin join : CaseJoin.values()) {
            for (String source : List.of("bad", "afterBad")) {
                NodeOutcome x = settle(ordered(join, source)).outcome("x");
                boolean skipped = SKIPPED_BY_FAILED_ORDER.contains(join);
                assertEquals(!skipped, x.isCompleted(), join + " after " + source);
                assertEquals(skipped ? SkipReason.UPSTREAM_FAILED : null, x.skipReason(), join + " after " + source);
            }
        }
    }

    @Test
    @DisplayName("S11: an order-only source that was not taken does not skip")
    void a_skipped_order_only_source_does_not_skip() {
        for (CaseJoin join : CaseJoin.values()) {
            assertTrue(settle(ordered(join, "untaken")).outcome("x").isCompleted(), join.name());
        }
    }

    /** x has what its join needs: a success, or for the joins on failures a failure; and it comes after the source. */
    private static GraphCase ordered(CaseJoin join, String source) {
        boolean onFailure = join == CaseJoin.ANY_FAILED || join == CaseJoin.ALL_FAILED;
        // x is declared first, so that an oracle that does not wait for the source would judge it too soon.
        CaseBuilder flow = new CaseBuilder().trigger("t").node("x").join(join, join == CaseJoin.AT_LEAST ? 1 : 0);
        flow.node("bad").fails().node("afterBad").node("none").fires().node("untaken");
        flow.connect("t", "bad").connect("bad", "afterBad").connect("t", "none").connect("none", "untaken");
        return flow.connect(onFailure ? "bad" : "t", "x").after("x", source).fromTrigger("t");
    }

    @Test
    @DisplayName("S12: with no connections left, ALL_DONE, ALL_SUCCESS, NONE_FAILED and DEFAULT run, the others do not")
    void joins_without_connections() {
        Set<CaseJoin> run = Set.of(CaseJoin.ALL_DONE, CaseJoin.ALL_SUCCESS, CaseJoin.NONE_FAILED, CaseJoin.DEFAULT);
        for (CaseJoin join : CaseJoin.values()) {
            CaseBuilder flow = new CaseBuilder().trigger("t").node("x", "main?");
            flow.join(join, join == CaseJoin.AT_LEAST ? 1 : 0).after("x", "t");
            assertEquals(
                    run.contains(join),
                    settle(flow.fromTrigger("t")).outcome("x").isCompleted(),
                    join.name());
        }
    }

    @Test
    @DisplayName("S23: no failure is COMPLETED, a completed sink makes PARTIAL, else FAILED")
    void the_final_status_looks_at_the_sinks() {
        CaseBuilder failing =
                new CaseBuilder().trigger("t").node("ok").node("bad").fails().connect("t", "ok");
        failing.connect("ok", "bad");
        assertEquals(ExecutionStatus.FAILED, settle(failing.fromTrigger("t")).status());
        assertEquals(
                ExecutionStatus.COMPLETED,
                settle(failing.upTo("ok").fromTrigger("t")).status());
        CaseBuilder caught =
                failing.upTo("x").node("x").join(CaseJoin.ANY_FAILED).connect("bad", "x");
        assertEquals(ExecutionStatus.PARTIAL, settle(caught.fromTrigger("t")).status());
    }

    @Test
    @DisplayName("S23: a node with an order-only successor is no sink")
    void an_order_only_successor_counts_for_sinks() {
        CaseBuilder flow = new CaseBuilder().trigger("t").node("ok").node("bad").fails();
        flow.connect("t", "ok").connect("t", "bad");
        assertEquals(ExecutionStatus.PARTIAL, settle(flow.fromTrigger("t")).status());
        assertEquals(
                ExecutionStatus.FAILED,
                settle(flow.after("bad", "ok").fromTrigger("t")).status());
    }

    @Test
    @DisplayName("S23: one node alone fails or completes")
    void a_single_node_is_its_own_sink() {
        CaseBuilder flow = new CaseBuilder().trigger("t").node("bad").fails();
        assertEquals(
                ExecutionStatus.FAILED,
                settle(flow.single("bad", Map.of("main", "v"))).status());
        assertFalse(
                settle(flow.single("bad", Map.of("main", "v"))).outcome("bad").isCompleted());
    }

    private static OracleResult.Settled settle(GraphCase graph) {
        return assertInstanceOf(OracleResult.Settled.class, SettlementOracle.solve(graph), graph::toString);
    }

    private static String value(OracleResult.Settled run, String node) {
        FiredValue value = run.outcome(node).fired().get("main");
        return value == null ? "not fired" : value.value();
    }
}
