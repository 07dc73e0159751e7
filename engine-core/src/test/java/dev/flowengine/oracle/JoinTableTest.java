package dev.flowengine.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.flowengine.model.NodeStatus;
import dev.flowengine.model.SkipReason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * The table of S12, worked by hand over all outcomes of 0 to 3 connections.
 *
 * <p>S is TAKEN, T is NOT_TAKEN, F is FAILED. The sources of a case are finer: s fired; t completed without firing; k was
 * skipped by a branch; f failed; u was skipped because of a failure.
 */
class JoinTableTest {
    private static final Map<CaseJoin, String> FIRES_ON = Map.of(
            CaseJoin.DEFAULT, "- S SS ST SSS SST STT",
            CaseJoin.ALL_SUCCESS, "- S SS SSS",
            CaseJoin.NONE_FAILED, "- S T SS ST TT SSS SST STT TTT",
            CaseJoin.NONE_FAILED_MIN_ONE_SUCCESS, "S SS ST SSS SST STT",
            CaseJoin.ANY_SUCCESS, "S SS ST FS SSS SST FSS STT FST FFS",
            CaseJoin.AT_LEAST, "SS SSS SST FSS",
            CaseJoin.ALL_DONE, "- S T F SS ST FS TT FT FF SSS SST FSS STT FST FFS TTT FTT FFT FFF",
            CaseJoin.ALL_DONE_MIN_ONE_SUCCESS, "S SS ST FS SSS SST FSS STT FST FFS",
            CaseJoin.ANY_FAILED, "F FS FT FF FSS FST FFS FTT FFT FFF",
            CaseJoin.ALL_FAILED, "F FF FFF");

    private static final Set<CaseJoin> ON_FAILURE = Set.of(CaseJoin.ANY_FAILED, CaseJoin.ALL_FAILED);

    @Test
    @DisplayName("S11, S12, S13: every rule over every outcome of 0 to 3 connections, AT_LEAST with n = 2")
    void every_rule_fires_or_skips_as_the_table_says() {
        int combinations = 0;
        for (CaseJoin join : CaseJoin.values()) {
            for (String sources : sources()) {
                assertJoin(join, sources, false, reasonByHand(join, sources));
                combinations++;
            }
        }
        assertEquals(10 * (1 + 5 + 25 + 125), combinations);
    }

    @Test
    @DisplayName("S5, S13: a node with an unfed port never fires, and its reason has the usual precedence")
    void every_rule_skips_a_node_with_an_unfed_port() {
        for (CaseJoin join : CaseJoin.values()) {
            for (String sources : sources()) {
                SkipReason reason = SkipReason.MISSING_INPUT;
                if (ON_FAILURE.contains(join) && !fires(join, sources)) {
                    reason = SkipReason.CONDITION_FALSE;
                } else if (table(sources).contains("F")) {
                    reason = SkipReason.UPSTREAM_FAILED;
                }
                assertJoin(join, sources, true, reason);
            }
        }
    }

    @Test
    @DisplayName("S11: under DEFAULT each required port needs a TAKEN connection of its own, optional ones do not")
    void default_is_and_across_ports_and_or_within_a_port() {
        for (String sources : sources()) {
            if (sources.length() == 3) {
                // Ports: a (required) has the first two connections, b (required or optional) the third.
                boolean failed = sources.contains("f") || sources.contains("u");
                boolean first = sources.substring(0, 2).contains("s");
                boolean second = sources.endsWith("s");
                assertEquals(!failed && first && second, runs(twoPorts(sources, "b")), sources);
                assertEquals(!failed && first, runs(twoPorts(sources, "b?")), sources);
                assertEquals(!failed, runs(twoOptionalPorts(sources)), sources);
            }
        }
    }

    private static GraphCase twoPorts(String sources, String second) {
        return withSources(sources)
                .node("x", "a", second)
                .connect("s0", "x.a")
                .connect("s1", "x.a")
                .connect("s2", "x.b")
                .fromTrigger("t");
    }

    private static GraphCase twoOptionalPorts(String sources) {
        return withSources(sources)
                .node("x", "a?", "b?")
                .connect("s0", "x.a")
                .connect("s1", "x.b")
                .connect("s2", "x.b")
                .fromTrigger("t");
    }

    private static boolean runs(GraphCase graph) {
        return solve(graph).outcome("x").isCompleted();
    }

    private static void assertJoin(CaseJoin join, String sources, boolean unfed, @Nullable SkipReason reason) {
        GraphCase graph = joined(join, sources, unfed);
        NodeOutcome expected = new NodeOutcome(
                reason == null ? NodeStatus.COMPLETED : NodeStatus.SKIPPED, reason, Map.of(), false, 0, null);
        assertSettles(expected, solve(graph), join + " of '" + sources + "' in " + graph);
        for (long order = 0; order < 3; order++) {
            assertSettles(expected, ChaoticSettlement.run(graph, order), join + ", order " + order + " of " + graph);
        }
    }

    private static void assertSettles(NodeOutcome expected, OracleResult.Settled result, String where) {
        assertEquals(expected.status(), result.outcome("x").status(), where);
        assertEquals(expected.skipReason(), result.outcome("x").skipReason(), where);
    }

    /** Null if the node runs. */
    private static @Nullable SkipReason reasonByHand(CaseJoin join, String sources) {
        if (fires(join, sources)) {
            return null;
        }
        if (ON_FAILURE.contains(join)) {
            return SkipReason.CONDITION_FALSE;
        }
        if (table(sources).contains("F")) {
            return SkipReason.UPSTREAM_FAILED;
        }
        return sources.matches("k+") ? SkipReason.ALL_INPUTS_SKIPPED : SkipReason.BRANCH_NOT_TAKEN;
    }

    private static boolean fires(CaseJoin join, String sources) {
        return List.of(FIRES_ON.getOrDefault(join, "").split(" ")).contains(table(sources));
    }

    /** The outcomes as the table spells them: sorted, "-" if there are none. */
    private static String table(String sources) {
        char[] outcomes = sources.replace('s', 'S')
                .replaceAll("[tk]", "T")
                .replaceAll("[fu]", "F")
                .toCharArray();
        Arrays.sort(outcomes);
        return outcomes.length == 0 ? "-" : new String(outcomes);
    }

    /** The node x with all connections on one port, required if there are any, and all order-only on the trigger. */
    private static GraphCase joined(CaseJoin join, String sources, boolean unfed) {
        CaseBuilder builder = withSources(sources);
        String port = sources.isEmpty() ? "main?" : "main";
        if (unfed) {
            builder.node("x", port, "unfed").skipDependencyCheck();
        } else {
            builder.node("x", port);
        }
        builder.join(join, join == CaseJoin.AT_LEAST ? 2 : 0).after("x", "t");
        for (int i = 0; i < sources.length(); i++) {
            builder.connect("s" + i, "x");
        }
        return builder.fromTrigger("t");
    }

    /** A trigger t, a branch that fires only "yes", a failing node, and the sources s0, s1, … on them. */
    private static CaseBuilder withSources(String sources) {
        CaseBuilder builder = new CaseBuilder().trigger("t");
        builder.node("branch").outputs("yes", "no").fires("yes").connect("t", "branch");
        builder.node("broken").fails().connect("t", "broken");
        for (int i = 0; i < sources.length(); i++) {
            addSource(builder, "s" + i, sources.charAt(i));
        }
        return builder;
    }

    private static void addSource(CaseBuilder builder, String id, char kind) {
        switch (kind) {
            case 's' -> builder.node(id).connect("branch.yes", id);
            case 't' -> builder.node(id).fires().connect("branch.yes", id);
            case 'k' -> builder.node(id).connect("branch.no", id);
            case 'f' -> builder.node(id).fails().connect("branch.yes", id);
            default -> builder.node(id).connect("broken", id);
        }
    }

    private static List<String> sources() {
        List<String> all = new ArrayList<>(List.of(""));
        for (int from = 0, length = 1; length <= 3; length++) {
            int to = all.size();
            for (String shorter : List.copyOf(all.subList(from, to))) {
                "stkfu".chars().forEach(kind -> all.add(shorter + (char) kind));
            }
            from = to;
        }
        return all;
    }

    private static OracleResult.Settled solve(GraphCase graph) {
        return (OracleResult.Settled) SettlementOracle.solve(graph);
    }
}
