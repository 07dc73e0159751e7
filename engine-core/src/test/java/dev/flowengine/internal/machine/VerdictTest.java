package dev.flowengine.internal.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.graph.JoinRule;
import dev.flowengine.graph.JoinRule.Kind;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The table of S12 stated once more, in its own words: N connections, S taken, T not taken, F failed, D decided. */
@DisplayName("S12 when a join fires")
class VerdictTest {
    private static final int MOST_CONNECTIONS = 5;
    private static final int MOST_ORDERS = 2;
    private static final Set<Kind> SKIP_AT_THE_FIRST_FAILURE =
            EnumSet.of(Kind.ALL_SUCCESS, Kind.NONE_FAILED, Kind.NONE_FAILED_MIN_ONE_SUCCESS);
    private static final Set<Kind> AT_ONCE = EnumSet.of(Kind.ANY_SUCCESS, Kind.AT_LEAST, Kind.ANY_FAILED);

    @ParameterizedTest
    @EnumSource(value = Kind.class, mode = EnumSource.Mode.EXCLUDE, names = "DEFAULT")
    void as_the_table_says_for_every_combination_of_outcomes(Kind rule) {
        List<Case> cases = cases();

        assertThat(cases).hasSizeGreaterThan(200);
        for (Case now : cases) {
            for (int threshold = 1; threshold <= (rule == Kind.AT_LEAST ? MOST_CONNECTIONS : 1); threshold++) {
                assertThat(verdict(rule, now, threshold))
                        .as("%s(%d) of %s", rule, threshold, now)
                        .isEqualTo(expected(rule, now, threshold));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(value = Kind.class, mode = EnumSource.Mode.EXCLUDE, names = "DEFAULT")
    @DisplayName("S16 what was decided early is what would have been decided in the end, whatever the order")
    void every_decision_is_kept_by_what_comes_later(Kind rule) {
        for (Case now : cases()) {
            Verdict early = verdict(rule, now, 2);
            for (Case later : cases()) {
                if (early == Verdict.SKIP && now.mayBecome(later)) {
                    assertThat(verdict(rule, later, 2))
                            .as("%s: %s then %s", rule, now, later)
                            .isEqualTo(early);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(value = Kind.class, mode = EnumSource.Mode.EXCLUDE, names = "DEFAULT")
    void nothing_is_left_open_once_all_is_decided(Kind rule) {
        assertThat(cases().stream().filter(now -> now.open() == 0 && now.openOrder == 0))
                .isNotEmpty()
                .noneMatch(now -> verdict(rule, now, 1) == Verdict.WAIT);
    }

    @Test
    void the_rules_that_fire_early_or_skip_early_are_those_of_the_contract() {
        for (Kind kind : Kind.values()) {
            JoinRule rule = kind == Kind.AT_LEAST ? JoinRule.atLeast(1) : new JoinRule(kind, 0);
            assertThat(rule.firesEarly()).as(rule.toString()).isEqualTo(AT_ONCE.contains(kind));
            assertThat(rule.skipsOnFailure())
                    .as(rule.toString())
                    .isEqualTo(kind == Kind.DEFAULT || SKIP_AT_THE_FIRST_FAILURE.contains(kind));
        }
    }

    private static Verdict expected(Kind rule, Case now, int n) {
        boolean decided = now.open() == 0 && now.openOrder == 0;
        if (SKIP_AT_THE_FIRST_FAILURE.contains(rule) && now.failed + now.failedOrder > 0) {
            return Verdict.SKIP;
        }
        boolean holds = holds(rule, now, n);
        if (AT_ONCE.contains(rule) && holds && now.openOrder == 0) {
            return Verdict.FIRE;
        }
        if (!decided) {
            return Verdict.WAIT;
        }
        return holds ? Verdict.FIRE : Verdict.SKIP;
    }

    private static boolean holds(Kind rule, Case now, int n) {
        return switch (rule) {
            case ALL_SUCCESS -> now.taken == now.connections;
            case NONE_FAILED -> now.failed == 0;
            case NONE_FAILED_MIN_ONE_SUCCESS -> now.failed == 0 && now.taken >= 1;
            case ANY_SUCCESS -> now.taken >= 1;
            case AT_LEAST -> now.taken >= n;
            case ALL_DONE -> true;
            case ALL_DONE_MIN_ONE_SUCCESS -> now.taken >= 1;
            case ANY_FAILED -> now.failed >= 1;
            case ALL_FAILED -> now.connections >= 1 && now.failed == now.connections;
            case DEFAULT -> throw new AssertionError("judged by port, not by count");
        };
    }

    private static Verdict verdict(Kind rule, Case now, int threshold) {
        boolean ordersCount = SKIP_AT_THE_FIRST_FAILURE.contains(rule);
        return Verdict.of(
                rule,
                new Verdict.Outcomes(
                        now.connections,
                        now.taken,
                        now.failed + (ordersCount ? now.failedOrder : 0),
                        now.open() + now.openOrder,
                        now.openOrder),
                threshold);
    }

    private static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (int connections = 0; connections <= MOST_CONNECTIONS; connections++) {
            for (int taken = 0; taken <= connections; taken++) {
                for (int notTaken = 0; taken + notTaken <= connections; notTaken++) {
                    for (int failed = 0; taken + notTaken + failed <= connections; failed++) {
                        addWithOrders(cases, connections, taken, notTaken, failed);
                    }
                }
            }
        }
        return cases;
    }

    private static void addWithOrders(List<Case> cases, int connections, int taken, int notTaken, int failed) {
        for (int openOrder = 0; openOrder <= MOST_ORDERS; openOrder++) {
            for (int failedOrder = 0; openOrder + failedOrder <= MOST_ORDERS; failedOrder++) {
                cases.add(new Case(connections, taken, notTaken, failed, openOrder, failedOrder));
            }
        }
    }

    /** Outcomes so far; of the order dependencies, which are always two, the rest is settled without failure. */
    private record Case(int connections, int taken, int notTaken, int failed, int openOrder, int failedOrder) {

        int open() {
            return connections - taken - notTaken - failed;
        }

        boolean mayBecome(Case later) {
            return connections == later.connections
                    && taken <= later.taken
                    && notTaken <= later.notTaken
                    && failed <= later.failed
                    && openOrder >= later.openOrder
                    && failedOrder <= later.failedOrder
                    && later.failedOrder - failedOrder <= openOrder - later.openOrder;
        }
    }
}
