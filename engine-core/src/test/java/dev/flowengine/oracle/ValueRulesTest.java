package dev.flowengine.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ValueRulesTest {

    /** t → a, b, c (pinned to their names) → x on one port, declared in the order b, c, b again, a. */
    private static CaseBuilder three(String port) {
        CaseBuilder flow =
                new CaseBuilder().trigger("t").node("a").node("b").node("c").node("x", port);
        flow.connect("t", "a").connect("t", "b").connect("t", "c");
        flow.connect("b", "x").connect("c", "x").connect("b", "x").connect("a", "x");
        return flow.pin("a", "A").pin("b", "B").pin("c", "C");
    }

    @Test
    @DisplayName("S15: a single-valued port gets the first TAKEN connection in declaration order")
    void a_single_valued_port_gets_the_first_taken() {
        assertInputs(three("main").fromTrigger("t"), "B");
        assertInputs(three("main").pin("b.other", "v").fromTrigger("t"), "B");
        CaseBuilder withoutB = new CaseBuilder()
                .trigger("t")
                .node("r")
                .outputs("p", "q")
                .fires("q")
                .node("x");
        GraphCase graph = withoutB.connect("t", "r")
                .connect("r.p", "x")
                .connect("r.q", "x")
                .fromTrigger("t");
        assertInputs(graph, ValueDigest.of("r", "q", List.of("data")));
    }

    @Test
    @DisplayName("S15: a collecting port gets all TAKEN ones in declaration order, duplicates once")
    void a_collecting_port_gets_all_taken() {
        assertInputs(three("main[]").fromTrigger("t"), "[B,C,A]");
    }

    @Test
    @DisplayName("S15: duplicate connections count once in the join, too")
    void duplicates_count_once() {
        CaseBuilder flow = new CaseBuilder().trigger("t").node("x").join(CaseJoin.AT_LEAST, 2);
        GraphCase graph = flow.connect("t", "x").connect("t", "x").fromTrigger("t");
        assertTrue(settle(graph).outcome("x").isSkipped());
    }

    @Test
    @DisplayName("S12: a rule that runs without a TAKEN connection delivers absent inputs")
    void nothing_taken_is_absent() {
        CaseBuilder flow = new CaseBuilder().trigger("t").node("bad").fails();
        flow.node("x", "main", "list[]").join(CaseJoin.ALL_DONE);
        assertInputs(
                flow.connect("t", "bad")
                        .connect("bad", "x")
                        .connect("bad", "x.list")
                        .fromTrigger("t"),
                "-",
                "-");
    }

    @Test
    @DisplayName("S2: a collecting port of the start gets a list of the given value")
    void the_start_gets_what_was_given() {
        CaseBuilder flow = new CaseBuilder().node("x", "a", "list[]", "none?");
        assertInputs(flow.fromNode("x", Map.of("a", "1", "list", "2")), "1", "[2]", "-");
    }

    @Test
    @DisplayName("S10: a body fires exactly its ports; a branch fires one of several")
    void a_body_fires_its_ports() {
        CaseBuilder flow =
                new CaseBuilder().trigger("t").node("x").outputs("p", "q", "r").fires("r", "p");
        OracleResult.Settled run = settle(flow.connect("t", "x").fromTrigger("t"));
        assertEquals(Set.of("p", "r"), run.outcome("x").fired().keySet());
        assertFalse(run.outcome("x").pinned());
    }

    @Test
    @DisplayName("S17: a disabled node passes its first live input through its first output port")
    void a_disabled_node_passes_its_first_live_input() {
        assertEquals(Map.of("p", FiredValue.stable("data")), disabled("a?", "b").fired());
        assertEquals(
                Map.of("p", FiredValue.stable("[data,C]")),
                disabled("a?", "b[]").fired());
    }

    /** x has an unconnected port a, b from t and then c, and z from c. */
    private static NodeOutcome disabled(String a, String b) {
        CaseBuilder flow =
                new CaseBuilder().trigger("t").node("c").connect("t", "c").pin("c", "C");
        flow.node("x", a, b, "z").outputs("p", "q").fails().disabled();
        flow.connect("t", "x.b").connect("c", "x.b").connect("c", "x.z");
        return settle(flow.fromTrigger("t")).outcome("x");
    }

    @Test
    @DisplayName("S17: a disabled node without a live input passes null; as the start, the first given input")
    void a_disabled_node_passes_null_or_the_given_input() {
        CaseBuilder flow = new CaseBuilder()
                .trigger("t")
                .node("r")
                .fires()
                .node("x", "a?", "b?")
                .disabled();
        flow.connect("t", "r").connect("r", "x.a");
        assertEquals(
                Map.of("main", FiredValue.stable("null")),
                settle(flow.fromTrigger("t")).outcome("x").fired());
        assertEquals(
                Map.of("main", FiredValue.stable("B")),
                settle(flow.single("x", Map.of("b", "B"))).outcome("x").fired());
    }

    @Test
    @DisplayName("S17: a disabled node follows its join")
    void a_disabled_node_follows_its_join() {
        CaseBuilder flow =
                new CaseBuilder().trigger("t").node("r").fires().node("x").disabled();
        assertTrue(settle(flow.connect("t", "r").connect("r", "x").fromTrigger("t"))
                .outcome("x")
                .isSkipped());
    }

    @Test
    @DisplayName("S18: a pin fires exactly its ports, wins over disabled and a failing body, and follows the join")
    void a_pinned_node_completes_with_its_pin() {
        CaseBuilder flow =
                new CaseBuilder().trigger("t").node("r").outputs("p", "q").fires("p");
        flow.node("x").outputs("a", "b").fails().disabled().node("y").node("z").connect("y", "z");
        flow.connect("t", "r")
                .connect("r.p", "x")
                .connect("r.q", "y")
                .pin("x.b", "X")
                .pin("y", "Y");
        OracleResult.Settled run = settle(flow.fromTrigger("t"));
        assertEquals(Map.of("b", FiredValue.stable("X")), run.outcome("x").fired());
        assertTrue(run.outcome("x").pinned());
        assertTrue(run.outcome("y").isSkipped());
        assertFalse(run.outcome("y").pinned());
        assertTrue(run.outcome("z").isSkipped());
    }

    @Test
    @DisplayName("S16: values after a join that can fire early are unstable, but comparable if it needed all it got")
    void an_early_join_makes_values_unstable() {
        assertEquals(Stability.UNSTABLE, stabilityAfter(CaseJoin.ANY_SUCCESS, 0));
        assertEquals(Stability.UNSTABLE, stabilityAfter(CaseJoin.AT_LEAST, 2));
        assertEquals(Stability.FORCED, stabilityAfter(CaseJoin.AT_LEAST, 3));
        assertEquals(Stability.STABLE, stabilityAfter(CaseJoin.ALL_SUCCESS, 0));
        assertTrue(new FiredValue("v", Stability.FORCED).unstable());
        assertTrue(new FiredValue("v", Stability.FORCED).comparable());
        assertFalse(new FiredValue("v", Stability.UNSTABLE).comparable());
    }

    private static Stability stabilityAfter(CaseJoin join, int threshold) {
        CaseBuilder flow = three("main[]").join(join, threshold).node("y").connect("x", "y");
        FiredValue value = settle(flow.fromTrigger("t")).outcome("y").fired().get("main");
        return value == null ? Stability.UNSTABLE : value.stability();
    }

    @Test
    @DisplayName("A digest tells node, port and inputs apart, and rendering follows lists and null")
    void a_digest_tells_its_parts_apart() {
        assertEquals(ValueDigest.of("n", "p", List.of("a", "b")), ValueDigest.of("n", "p", List.of("a", "b")));
        assertNotEquals(ValueDigest.of("n", "p", List.of("a", "b")), ValueDigest.of("n", "p", List.of("ab")));
        assertNotEquals(ValueDigest.of("n", "p", List.of("-")), ValueDigest.of("n", "p", List.of("null")));
        assertEquals("[a,null,[b]]", ValueDigest.render(Arrays.asList("a", null, List.of("b"))));
    }

    private static void assertInputs(GraphCase graph, String... inputs) {
        FiredValue value = settle(graph).outcome("x").fired().get("main");
        assertEquals(FiredValue.stable(ValueDigest.of("x", "main", List.of(inputs))), value, graph::toString);
    }

    private static OracleResult.Settled settle(GraphCase graph) {
        return assertInstanceOf(OracleResult.Settled.class, SettlementOracle.solve(graph), graph::toString);
    }
}
