package dev.flowengine.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;
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

class FailureRulesTest {
    private static final CaseFailure SECOND = new CaseFailure("planned failure 2 of x", 2);

    /** t → x. */
    private static CaseBuilder one() {
        return new CaseBuilder().trigger("t").node("x").connect("t", "x");
    }

    @Test
    @DisplayName("S20: attempts are repeated up to the node's number, or the flow's if it has none")
    void attempts_are_repeated() {
        assertAttempts(one().failsFirst(2).retry(3), NodeStatus.COMPLETED, 3);
        assertAttempts(one().failsFirst(3).retry(3), NodeStatus.FAILED, 3);
        assertAttempts(one().failsFirst(4).retry(3), NodeStatus.FAILED, 3);
        assertAttempts(one().failsFirst(1), NodeStatus.FAILED, 1);
        assertAttempts(one().settings(CaseFailureMode.ISOLATE_BRANCH, 2).failsFirst(1), NodeStatus.COMPLETED, 2);
        assertAttempts(
                one().settings(CaseFailureMode.ISOLATE_BRANCH, 2).failsFirst(1).retry(1), NodeStatus.FAILED, 1);
    }

    @Test
    @DisplayName("S20: an error is not repeated")
    void an_error_is_not_repeated() {
        assertAttempts(one().failsFirst(1).throwsErrors().retry(3), NodeStatus.FAILED, 1);
    }

    @Test
    @DisplayName("S10, S20: a node that completes at a later attempt fires as if it had been the first")
    void a_later_attempt_fires_the_same() {
        NodeOutcome first = settle(one().fromTrigger("t")).outcome("x");
        NodeOutcome third =
                settle(one().failsFirst(2).retry(3).fromTrigger("t")).outcome("x");
        assertEquals(first.fired(), third.fired());
        assertNull(third.failure());
    }

    @Test
    @DisplayName("S21: a handled failure completes the node with what its handling says, at the last attempt")
    void a_handled_failure_completes_the_node() {
        String error = ValueDigest.ofError("x", SECOND, "null");
        assertHandled(CaseOnError.CONTINUE, "main", error);
        assertHandled(CaseOnError.FALLBACK, "main", "fallback-x");
        assertHandled(CaseOnError.FALLBACK_TO_NULL, "main", "null");
        assertHandled(CaseOnError.RECOVER, "main", "recovered from " + error);
        assertHandled(CaseOnError.ERROR_OUTPUT, "error", ValueDigest.ofError("x", SECOND, "data"));
    }

    private static void assertHandled(CaseOnError handling, String port, String value) {
        OracleResult.Settled run =
                settle(one().fails().retry(2).onError(handling).fromTrigger("t"));
        NodeOutcome x = run.outcome("x");
        assertTrue(x.isHandled(), handling.name());
        assertEquals(SECOND, x.failure());
        assertEquals(2, x.attempts());
        assertEquals(Map.of(port, FiredValue.stable(value)), x.fired());
        assertEquals(ExecutionStatus.COMPLETED, run.status());
    }

    @Test
    @DisplayName("S21: the failure on the port error has the inputs by port where there are several")
    void a_failure_has_the_inputs_by_port() {
        CaseBuilder flow = new CaseBuilder().trigger("t").node("x", "a", "b?", "c[]");
        flow.fails().onError(CaseOnError.ERROR_OUTPUT);
        FiredValue value = settle(flow.fromNode("x", Map.of("a", "1", "c", "3")))
                .outcome("x")
                .fired()
                .get("error");
        CaseFailure failure = CaseFailure.ofAttempt("x", 1);
        assertEquals(FiredValue.stable(ValueDigest.ofError("x", failure, "{a=1,b=null,c=[3]}")), value);
    }

    @Test
    @DisplayName("S21: a recovery that throws fails the node with what it threw")
    void a_recovery_that_throws_fails_the_node() {
        NodeOutcome x = settle(one().fails()
                        .retry(2)
                        .onError(CaseOnError.FAILING_RECOVERY)
                        .fromTrigger("t"))
                .outcome("x");
        assertEquals(NodeStatus.FAILED, x.status());
        assertEquals(new CaseFailure("planned failure of the recovery of x", 2), x.failure());
    }

    @Test
    @DisplayName("S9, S21: where error fires main does not, and the other way round; neither is a failure to a join")
    void error_and_main_exclude_each_other() {
        for (boolean fails : List.of(true, false)) {
            CaseBuilder flow = one().onError(CaseOnError.ERROR_OUTPUT);
            flow = fails ? flow.fails() : flow;
            flow.node("ok").connect("x", "ok").node("bad").connect("x.error", "bad");
            flow.node("both").join(CaseJoin.NONE_FAILED).connect("x", "both").connect("x.error", "both");
            OracleResult.Settled run = settle(flow.fromTrigger("t"));
            String skipped = fails ? "ok" : "bad";
            assertEquals(SkipReason.BRANCH_NOT_TAKEN, run.outcome(skipped).skipReason());
            assertTrue(run.outcome(fails ? "bad" : "ok").isCompleted());
            assertTrue(run.outcome("both").isCompleted());
            assertEquals(ExecutionStatus.COMPLETED, run.status());
        }
    }

    @Test
    @DisplayName("S17, S18: neither a pinned nor a disabled node has an attempt or a failure to handle")
    void pinned_and_disabled_nodes_have_no_attempt() {
        CaseBuilder disabled = one().fails().onError(CaseOnError.FALLBACK).disabled();
        assertAttempts(disabled, NodeStatus.COMPLETED, 0);
        assertAttempts(one().fails().onError(CaseOnError.FALLBACK).pin("x", "X"), NodeStatus.COMPLETED, 0);
    }

    @Test
    @DisplayName("S22: under SKIP_FAILED_BRANCH joins go on with what succeeded, and nothing is UPSTREAM_FAILED")
    void skip_failed_branch_goes_on() {
        CaseBuilder flow = one().settings(CaseFailureMode.SKIP_FAILED_BRANCH, 1).fails();
        flow.node("only")
                .connect("x", "only")
                .node("last")
                .connect("only", "last")
                .node("after")
                .after("after", "x");
        flow.node("merge").connect("x", "merge").connect("t", "merge").connect("t", "after");
        flow.node("none").join(CaseJoin.NONE_FAILED).connect("x", "none");
        flow.node("any").join(CaseJoin.ANY_FAILED).connect("x", "any");
        OracleResult.Settled run = settle(flow.fromTrigger("t"));
        assertEquals(SkipReason.BRANCH_NOT_TAKEN, run.outcome("only").skipReason());
        assertEquals(SkipReason.ALL_INPUTS_SKIPPED, run.outcome("last").skipReason());
        assertEquals(SkipReason.CONDITION_FALSE, run.outcome("any").skipReason());
        for (String node : Set.of("merge", "none", "after")) {
            assertTrue(run.outcome(node).isCompleted(), node);
        }
        assertEquals(ExecutionStatus.PARTIAL, run.status());
    }

    @Test
    @DisplayName("S22, S23: FAIL_FAST stops at an unhandled failure, and only at one")
    void fail_fast_stops_at_an_unhandled_failure() {
        CaseBuilder flow = one().settings(CaseFailureMode.FAIL_FAST, 1).fails();
        OracleResult.Stopped stopped =
                assertInstanceOf(OracleResult.Stopped.class, SettlementOracle.solve(flow.fromTrigger("t")));
        assertEquals(ExecutionStatus.FAILED, stopped.unhindered().status());
        assertEquals(
                ExecutionStatus.COMPLETED,
                settle(flow.onError(CaseOnError.CONTINUE).fromTrigger("t")).status());
    }

    @Test
    @DisplayName("S22, S26: of a stopped run, one node has failed, and none was decided by it or by a cancelled one")
    void a_stopped_run_has_one_failure_and_no_consequences() {
        CaseBuilder flow =
                one().settings(CaseFailureMode.FAIL_FAST, 1).fails().node("y").fails();
        flow.node("z")
                .join(CaseJoin.ALL_DONE)
                .connect("t", "y")
                .connect("x", "z")
                .connect("y", "z");
        GraphCase graph = flow.fromTrigger("t");
        OracleResult.Stopped expected = assertInstanceOf(OracleResult.Stopped.class, SettlementOracle.solve(graph));
        StoppedRun.Node t = new StoppedRun.Node(NodeStatus.COMPLETED, null, Set.of("main"), true);
        StoppedRun.Node failed = new StoppedRun.Node(NodeStatus.FAILED, null, Set.of(), true);
        StoppedRun.Node stopped = new StoppedRun.Node(NodeStatus.CANCELLED, null, Set.of(), true);
        StoppedRun.Node never = new StoppedRun.Node(NodeStatus.CANCELLED, null, Set.of(), false);
        StoppedRun.Node skipped = new StoppedRun.Node(NodeStatus.SKIPPED, SkipReason.UPSTREAM_FAILED, Set.of(), false);

        assertEquals(List.of(), violations(graph, expected, t, failed, stopped, never));
        assertEquals(List.of(), violations(graph, expected, t, never, failed, never));
        assertEquals(1, violations(graph, expected, t, failed, failed, never).size(), "two failures");
        assertEquals(2, violations(graph, expected, t, stopped, stopped, t).size(), "no failure, and z ran after all");
        assertEquals(1, violations(graph, expected, t, failed, never, stopped).size(), "z started");
        assertEquals(2, violations(graph, expected, t, failed, never, skipped).size(), "z is not to be skipped");
        assertEquals(1, violations(graph, expected, t, failed, t, never).size(), "y cannot complete");
    }

    private static List<String> violations(
            GraphCase graph, OracleResult.Stopped expected, StoppedRun.Node t, StoppedRun.Node... others) {
        Map<String, StoppedRun.Node> nodes = Map.of("t", t, "x", others[0], "y", others[1], "z", others[2]);
        return new StoppedRun(nodes).violations(graph, expected);
    }

    private static void assertAttempts(CaseBuilder flow, NodeStatus status, int attempts) {
        NodeOutcome x = settle(flow.fromTrigger("t")).outcome("x");
        assertEquals(status, x.status());
        assertEquals(attempts, x.attempts());
    }

    private static OracleResult.Settled settle(GraphCase graph) {
        return assertInstanceOf(OracleResult.Settled.class, SettlementOracle.solve(graph), graph::toString);
    }
}
