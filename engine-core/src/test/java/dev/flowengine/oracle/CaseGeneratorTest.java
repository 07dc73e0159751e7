package dev.flowengine.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.model.SkipReason;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Every construct, status and reason occurs often enough that a run over some thousand seeds means something. */
class CaseGeneratorTest {
    private static final int SEEDS = 2_000;
    private static final List<SolvedCase> CASES = new ArrayList<>();

    private final Map<String, Predicate<SolvedCase>> questions = new LinkedHashMap<>();

    @BeforeAll
    static void solve() {
        LongStream.range(0, SEEDS).mapToObj(SolvedCase::of).forEach(CASES::add);
    }

    @Test
    @DisplayName("S1–S5: starts, scopes and unfed ports occur")
    void every_kind_of_start_occurs() {
        for (CaseStart.Kind kind : CaseStart.Kind.values()) {
            ask(kind + " start", c -> !c.refused() && c.graph().start().kind() == kind);
        }
        ask("up to a target", c -> !c.refused() && c.graph().start().upTo() != null);
        ask("one trigger", c -> triggers(c) == 1);
        ask("two triggers", c -> triggers(c) == 2);
        ask("three triggers", c -> triggers(c) == 3);
        ask("node shared by triggers", SolvedCase::hasSharedNode);
        ask("pruned connection", SolvedCase::hasPrunedConnection);
        ask("refused start", SolvedCase::refused);
        ask(
                "unfed port, check skipped",
                c -> !c.refused() && !c.result().unfed().isEmpty());
        ask("2 to 7 nodes", c -> c.graph().nodes().size() <= 7);
        ask("more than 16 nodes", c -> c.graph().nodes().size() > 16);
        ask("more than 10 nodes in scope", c -> !c.refused() && c.scope().size() > 10);
        assertOften(0.04);
    }

    @Test
    @DisplayName("S11, S12: every join both runs and is skipped")
    void every_join_runs_and_is_skipped() {
        for (CaseJoin join : CaseJoin.values()) {
            ask(join + " runs", c -> c.hasCompletedNode(node -> node.join() == join));
            ask(join + " is skipped", c -> c.hasNode(node -> node.join() == join, NodeOutcome::isSkipped));
        }
        // A node with ALL_DONE is skipped for an unfed port only.
        Predicate<SolvedCase> rare = questions.remove(CaseJoin.ALL_DONE + " is skipped");
        assertOften(0.02);
        ask("ALL_DONE is skipped", rare == null ? c -> false : rare);
        ask("AT_LEAST above 1 runs", c -> c.hasCompletedNode(node -> node.threshold() > 1));
        assertOften(0.005);
    }

    @Test
    @DisplayName("S11, S15: ports, connections and order-only dependencies of every kind occur")
    void every_kind_of_connection_occurs() {
        ask("optional port, fed", c -> c.hasFedPort(port -> !port.required(), into -> !into.isEmpty()));
        ask("optional port, unfed", c -> c.hasFedPort(port -> !port.required(), List::isEmpty));
        ask("several connections", c -> c.hasFedPort(port -> !port.collecting(), into -> into.size() > 1));
        ask("collecting port", c -> c.hasFedPort(CasePort::collecting, into -> into.size() > 1));
        ask("several ports", c -> c.hasCompletedNode(node -> node.inputs().size() > 1));
        ask("parallel connections", SolvedCase::hasParallelConnections);
        ask("merge of taken and not taken", SolvedCase::hasMerge);
        ask(
                "order-only dependency",
                c -> c.hasCompletedNode(
                        node -> !c.scope().orderSources(node.id()).isEmpty()));
        ask("duplicate connection", SolvedCase::hasDuplicateConnection);
        assertOften(0.04);
    }

    @Test
    @DisplayName("S10, S17, S18: bodies, disabled and pinned nodes of every kind occur")
    void every_kind_of_node_occurs() {
        ask("branch", c -> c.hasCompletedNode(node -> outputs(node) > 1 && fired(node) == 1));
        ask("router, some of several", c -> c.hasCompletedNode(node -> fired(node) > 1 && fired(node) < outputs(node)));
        ask(
                "router, none",
                c -> c.hasOutcome(
                        outcome -> outcome.isCompleted() && outcome.fired().isEmpty()));
        ask("all of several", c -> c.hasCompletedNode(node -> fired(node) > 1 && fired(node) == outputs(node)));
        ask("disabled", c -> c.hasNode(CaseNode::disabled, outcome -> outcome.isCompleted() && !outcome.pinned()));
        ask("disabled and skipped", c -> c.hasNode(CaseNode::disabled, NodeOutcome::isSkipped));
        ask("disabled start", c -> c.startIs(CaseNode::disabled));
        ask("pinned start", c -> c.startIs(node -> c.graph().pins().containsKey(node.id())));
        ask("pinned in scope", c -> c.hasNode(node -> true, NodeOutcome::pinned));
        ask(
                "pinned and skipped",
                c -> c.hasNode(node -> c.graph().pins().containsKey(node.id()), NodeOutcome::isSkipped));
        ask("pinned and disabled", c -> c.hasNode(CaseNode::disabled, NodeOutcome::pinned));
        ask("pinned and failing", c -> c.hasNode(node -> node.behaviour().fails(), NodeOutcome::pinned));
        ask("supplied port", c -> c.hasSuppliedConnection(true));
        ask("supplied node, other port", c -> c.hasSuppliedConnection(false));
        assertOften(0.01);
    }

    @Test
    @DisplayName("S8, S13, S16, S23: every status, reason and kind of value occurs")
    void every_outcome_occurs() {
        for (NodeStatus status : List.of(NodeStatus.COMPLETED, NodeStatus.FAILED, NodeStatus.SKIPPED)) {
            ask("node " + status, c -> c.hasOutcome(outcome -> outcome.status() == status));
        }
        for (SkipReason reason : EnumSet.complementOf(EnumSet.of(SkipReason.MANUAL))) {
            ask("skipped for " + reason, c -> c.hasOutcome(outcome -> outcome.skipReason() == reason));
        }
        for (Stability stability : Stability.values()) {
            ask("value " + stability, c -> c.hasValue(value -> value.stability() == stability));
        }
        for (ExecutionStatus status :
                List.of(ExecutionStatus.COMPLETED, ExecutionStatus.PARTIAL, ExecutionStatus.FAILED)) {
            ask("run " + status, c -> c.ended(settled -> settled.status() == status));
        }
        assertOften(0.05);
    }

    @Test
    @DisplayName("S19–S21: failures, attempts and error handling of every kind occur")
    void every_kind_of_failure_occurs() {
        ask("fewer failures than attempts", c -> c.hasAttempts((allowed, failing) -> failing > 0 && failing < allowed));
        ask(
                "completed at the last attempt",
                c -> c.hasAttempts((allowed, failing) -> failing > 0 && failing == allowed - 1));
        ask(
                "completed at attempt 3",
                c -> c.hasOutcome(outcome -> outcome.isCompleted() && outcome.attempts() == 3 && !outcome.isHandled()));
        ask(
                "as many failures as attempts",
                c -> c.hasAttempts((allowed, failing) -> allowed > 1 && failing.equals(allowed)));
        ask("more failures than attempts", c -> c.hasAttempts((allowed, failing) -> allowed > 1 && failing > allowed));
        ask(
                "error with attempts left",
                c -> c.hasNode(
                        node -> node.behaviour().throwsError()
                                && c.graph().settings().attemptsOf(node) > 1,
                        outcome -> outcome.attempts() == 1));
        ask("retry of the flow", c -> c.hasNode(node -> !node.policy().retries(), outcome -> outcome.attempts() > 1));
        ask(
                "pause between attempts",
                c -> c.hasNode(node -> node.policy().pauses(), outcome -> outcome.attempts() > 1));
        assertOften(0.01);
    }

    @Test
    @DisplayName("S21: every error handling occurs")
    void every_error_handling_occurs() {
        for (CaseOnError handling : CaseOnError.values()) {
            ask(
                    handling + " after a failure",
                    c -> c.hasNode(node -> node.policy().onError() == handling, outcome -> outcome.failure() != null));
        }
        ask("handled at attempt 2 or 3", c -> c.hasOutcome(outcome -> outcome.isHandled() && outcome.attempts() > 1));
        ask(
                "handled failure of an early join",
                c -> c.hasNode(node -> Delivery.EARLY.contains(node.join()), NodeOutcome::isHandled));
        ask(
                "handled start",
                c -> c.ended(
                        settled -> settled.outcome(c.graph().start().nodeId()).isHandled()));
        ask(
                "pinned or disabled in spite of handling",
                c -> c.hasNode(
                        node -> node.behaviour().fails()
                                && node.policy().onError().handles(),
                        outcome -> outcome.isCompleted() && outcome.attempts() == 0));
        assertOften(0.01);
        ask(
                "retry of the node wins",
                c -> c.hasNode(
                        node -> node.policy().maxAttempts() == 1
                                && c.graph().settings().maxAttempts() > 1,
                        NodeOutcome::isFailed));
        ask(
                "failing recovery at attempt 2",
                c -> c.hasOutcome(outcome -> outcome.isFailed()
                        && outcome.attempts() == 2
                        && outcome.failure() != null
                        && outcome.failure().message().contains("recovery")));
        assertOften(0.005);
    }

    @Test
    @DisplayName("S9, S21: connections from the port error lead into every join, taken and not")
    void error_connections_lead_into_every_join() {
        for (CaseJoin join : CaseJoin.values()) {
            ask("error into " + join, c -> c.hasErrorInto(node -> node.join() == join, true));
            ask("error not taken into " + join, c -> c.hasErrorInto(node -> node.join() == join, false));
        }
        assertOften(0.005);
    }

    @Test
    @DisplayName("S22, S23: every failure mode occurs, with and without an unhandled failure")
    void every_failure_mode_occurs() {
        for (CaseFailureMode mode : CaseFailureMode.values()) {
            ask(
                    mode + " without a failure",
                    c -> c.has(mode) && c.ended(run -> run.status() == ExecutionStatus.COMPLETED));
        }
        for (CaseFailureMode mode : List.of(CaseFailureMode.ISOLATE_BRANCH, CaseFailureMode.SKIP_FAILED_BRANCH)) {
            ask(mode + " PARTIAL", c -> c.has(mode) && c.ended(run -> run.status() == ExecutionStatus.PARTIAL));
            ask(mode + " FAILED", c -> c.has(mode) && c.ended(run -> run.status() == ExecutionStatus.FAILED));
        }
        ask(
                "COMPLETED in spite of a failure",
                c -> c.ended(run -> run.status() == ExecutionStatus.COMPLETED) && c.hasOutcome(NodeOutcome::isHandled));
        ask("stopped", c -> c.stopped(run -> true));
        ask("stopped with work left", c -> c.stopped(run -> run.outcomes().size() > 6));
        assertOften(0.02);
        ask(
                "failure that cannot be the first",
                c -> c.ended(run -> run.outcomes().entrySet().stream()
                        .anyMatch(node -> node.getValue().isFailed()
                                && !run.firstFailures().contains(node.getKey()))));
        ask("goes on with what succeeded", SolvedCase::hasNodeThatGoesOn);
        ask(
                "stopped among other failures",
                c -> c.stopped(run -> run.outcomes().values().stream()
                                .filter(NodeOutcome::isFailed)
                                .count()
                        > 1));
        assertOften(0.01);
    }

    private void ask(String question, Predicate<SolvedCase> predicate) {
        questions.put(question, predicate);
    }

    /** Asks all questions and expects each to be answered with yes by at least this share of the cases. */
    private void assertOften(double share) {
        Map<String, Long> counts = new LinkedHashMap<>();
        questions.forEach((name, question) ->
                counts.put(name, CASES.stream().filter(question).count()));
        questions.clear();
        List<String> rare = counts.keySet().stream()
                .filter(name -> counts.getOrDefault(name, 0L) < share * SEEDS)
                .toList();
        assertTrue(counts.size() > 1 && rare.isEmpty(), rare + " are rarer than " + share + " in " + counts);
    }

    private static long triggers(SolvedCase solved) {
        return solved.graph().nodes().stream().filter(CaseNode::trigger).count();
    }

    private static int outputs(CaseNode node) {
        return node.outputs().size();
    }

    private static int fired(CaseNode node) {
        return node.behaviour().fires().size();
    }

    @Test
    @DisplayName("The same seed makes the same case, with the same text")
    void a_seed_makes_one_case() {
        for (long seed = 0; seed < 200; seed++) {
            assertEquals(CaseGenerator.generate(seed), CaseGenerator.generate(seed));
            assertEquals(
                    CaseGenerator.generate(seed).toString(),
                    CaseGenerator.generate(seed).toString());
        }
    }
}
