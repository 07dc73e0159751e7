package dev.flowengine.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.SkipReason;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ScopeRulesTest {

    /** A → N1 → Out and B → N2 → N1, both into N1's main. */
    private static CaseBuilder twoTriggers() {
        return new CaseBuilder()
                .trigger("A")
                .trigger("B")
                .node("N1")
                .node("N2")
                .node("Out")
                .connect("A", "N1")
                .connect("N1", "Out")
                .connect("B", "N2")
                .connect("N2", "N1");
    }

    @Test
    @DisplayName("S1, S5: a run from A does not wait for N2, which only B reaches")
    void a_run_from_one_trigger_leaves_the_others_nodes_out() {
        OracleResult.Settled run = settle(twoTriggers().fromTrigger("A"));
        assertEquals(Set.of("A", "N1", "Out"), run.scope());
        assertTrue(run.outcomes().values().stream().allMatch(NodeOutcome::isCompleted));
        assertEquals(ValueDigest.of("N1", "main", List.of("data")), value(run, "N1"));
        assertEquals(ExecutionStatus.COMPLETED, run.status());
    }

    @Test
    @DisplayName("S1, S5: a run from B goes through N2 and N1")
    void a_run_from_the_other_trigger_has_its_own_path() {
        OracleResult.Settled run = settle(twoTriggers().fromTrigger("B"));
        assertEquals(Set.of("B", "N2", "N1", "Out"), run.scope());
        assertTrue(run.outcomes().values().stream().allMatch(NodeOutcome::isCompleted));
    }

    @Test
    @DisplayName("S2: the start's own connections are cut and it gets the given input")
    void a_run_from_a_node_has_it_and_its_descendants() {
        OracleResult.Settled run = settle(twoTriggers().fromNode("N1", Map.of("main", "v")));
        assertEquals(Set.of("N1", "Out"), run.scope());
        assertEquals(ValueDigest.of("N1", "main", List.of("v")), value(run, "N1"));
    }

    @Test
    @DisplayName("S3: a single node runs alone")
    void a_single_node_runs_alone() {
        assertEquals(
                Set.of("N2"),
                settle(twoTriggers().single("N2", Map.of("main", "v"))).scope());
    }

    @Test
    @DisplayName("S4: the scope is cut to the ancestors of the target, along data and order-only edges")
    void up_to_cuts_to_the_ancestors_of_the_target() {
        CaseBuilder flow = twoTriggers().node("side").connect("B", "side").after("N1", "side");
        assertEquals(
                Set.of("B", "N2", "side", "N1"),
                settle(flow.upTo("N1").fromTrigger("B")).scope());
        assertEquals(
                Set.of("B", "side"), settle(flow.upTo("side").fromTrigger("B")).scope());
        assertEquals(Set.of("B"), settle(flow.upTo("B").fromTrigger("B")).scope());
    }

    @Test
    @DisplayName("S1: order-only edges carry the scope, and those from out of scope are pruned")
    void order_only_edges_belong_to_the_scope() {
        CaseBuilder flow =
                new CaseBuilder().trigger("A").trigger("B").node("x", "main?").node("y");
        flow.after("x", "A").after("y", "B").connect("A", "y");
        assertEquals(Set.of("A", "x", "y"), settle(flow.fromTrigger("A")).scope());
    }

    /** x needs a from A and b from B. */
    private static CaseBuilder needsBoth() {
        return new CaseBuilder()
                .trigger("A")
                .trigger("B")
                .node("x", "a", "b")
                .connect("A", "x.a")
                .connect("B", "x.b");
    }

    @Test
    @DisplayName("S5: a required port left without connections refuses the start")
    void an_unfed_required_port_refuses_the_start() {
        OracleResult refused = SettlementOracle.solve(needsBoth().fromTrigger("A"));
        assertInstanceOf(OracleResult.Refused.class, refused);
        assertEquals(Set.of(new UnfedPort("x", "b")), refused.unfed());
    }

    @Test
    @DisplayName("S5, S13: with skipDependencyCheck the node is skipped for MISSING_INPUT")
    void an_unfed_port_skips_its_node_when_the_check_is_skipped() {
        OracleResult.Settled run = settle(needsBoth().skipDependencyCheck().fromTrigger("A"));
        assertEquals(SkipReason.MISSING_INPUT, run.outcome("x").skipReason());
        assertEquals(ExecutionStatus.COMPLETED, run.status());
    }

    @Test
    @DisplayName("S5: an unfed optional port is absent")
    void an_unfed_optional_port_is_absent() {
        CaseBuilder flow = new CaseBuilder().trigger("A").node("x", "a", "b?").connect("A", "x.a");
        OracleResult.Settled run = settle(flow.fromTrigger("A"));
        assertEquals(ValueDigest.of("x", "main", List.of("data", "-")), value(run, "x"));
    }

    @Test
    @DisplayName("S2, S18: a pinned node out of scope supplies its pinned ports and only these")
    void a_pinned_source_out_of_scope_supplies_its_connections() {
        OracleResult.Settled run = settle(needsBoth().pin("B", "supplied").fromTrigger("A"));
        assertEquals(Set.of("A", "x"), run.scope());
        assertEquals(ValueDigest.of("x", "main", List.of("data", "supplied")), value(run, "x"));

        OracleResult.Settled other = settle(needsBoth().pin("B.other", "v").fromTrigger("A"));
        assertEquals(SkipReason.BRANCH_NOT_TAKEN, other.outcome("x").skipReason());
    }

    @Test
    @DisplayName("S2: a pin on the start is used, and its descendants see only the pinned ports")
    void a_pin_on_the_start_wins_over_its_input() {
        OracleResult.Settled run = settle(twoTriggers().pin("A", "pinned").fromTrigger("A"));
        assertEquals("pinned", value(run, "A"));
        assertTrue(run.outcome("A").pinned());
    }

    private static OracleResult.Settled settle(GraphCase graph) {
        return assertInstanceOf(OracleResult.Settled.class, SettlementOracle.solve(graph), graph::toString);
    }

    private static String value(OracleResult.Settled run, String node) {
        FiredValue value = run.outcome(node).fired().get("main");
        return value == null ? "not fired" : value.value();
    }
}
