package dev.flowengine.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class OrderOfArrivalTest {
    private static final int CASES = 1_500;
    private static final int ORDERS = 4;

    @Test
    @DisplayName("S12, S16: firing and skipping early never changes a status, a reason or a comparable value")
    void every_order_of_arrivals_comes_to_what_the_oracle_says() {
        int values = 0;
        for (long seed = 0; seed < CASES; seed++) {
            GraphCase graph = CaseGenerator.generate(seed);
            if (SettlementOracle.solve(graph) instanceof OracleResult.Settled expected) {
                for (int order = 0; order < ORDERS; order++) {
                    values += compare(graph, expected, ChaoticSettlement.run(graph, seed * ORDERS + order));
                }
            }
        }
        assertTrue(values > CASES, "compared values: " + values);
    }

    @Test
    @DisplayName("S16: values that are not comparable do differ between orders, so the mark is not idle")
    void some_unstable_values_differ() {
        int differing = 0;
        for (long seed = 0; seed < CASES; seed++) {
            GraphCase graph = CaseGenerator.generate(seed);
            if (SettlementOracle.solve(graph) instanceof OracleResult.Settled expected) {
                differing += countDiffering(expected, ChaoticSettlement.run(graph, seed));
            }
        }
        assertTrue(differing > 50, "differing values: " + differing);
    }

    @Test
    @DisplayName("S22, S26: every order of arrivals that is stopped at its first failure keeps the rules for that")
    void every_stopped_order_keeps_the_rules() {
        int orders = 0;
        for (long seed = 0; seed < CASES; seed++) {
            GraphCase graph = CaseGenerator.generate(seed);
            if (SettlementOracle.solve(graph) instanceof OracleResult.Stopped expected) {
                for (int order = 0; order < ORDERS; order++) {
                    StoppedRun run = ChaoticSettlement.stop(graph, seed * ORDERS + order);
                    assertEquals(List.of(), run.violations(graph, expected), graph::toString);
                    orders++;
                }
            }
        }
        assertTrue(orders > CASES / 10, "stopped orders: " + orders);
    }

    @Test
    @DisplayName("S23: the first failure of every order is one of those that can be")
    void the_first_failure_is_one_that_can_be() {
        int several = 0;
        int found = 0;
        for (long seed = 0; seed < CASES; seed++) {
            GraphCase graph = CaseGenerator.generate(seed);
            if (SettlementOracle.solve(graph) instanceof OracleResult.Settled expected
                    && !expected.firstFailures().isEmpty()) {
                Set<String> first = new HashSet<>();
                for (int order = 0; order < ORDERS; order++) {
                    first.add(ChaoticSettlement.firstFailed(graph, seed * ORDERS + order)
                            .orElse("none"));
                }
                assertTrue(expected.firstFailures().containsAll(first), () -> first + " in " + graph + expected);
                several += expected.firstFailures().size() > 1 ? 1 : 0;
                found += first.size() > 1 ? 1 : 0;
            }
        }
        assertTrue(found > several / 3, found + " of " + several + " cases have several first failures");
    }

    private static int compare(GraphCase graph, OracleResult.Settled expected, OracleResult.Settled actual) {
        assertEquals(expected.scope(), actual.scope(), graph::toString);
        assertEquals(expected.status(), actual.status(), graph::toString);
        int values = 0;
        for (Map.Entry<String, NodeOutcome> entry : expected.outcomes().entrySet()) {
            NodeOutcome wanted = entry.getValue();
            NodeOutcome found = actual.outcome(entry.getKey());
            String where = entry.getKey() + " in " + graph;
            assertEquals(wanted.status(), found.status(), where);
            assertEquals(wanted.skipReason(), found.skipReason(), where);
            assertEquals(wanted.pinned(), found.pinned(), where);
            assertEquals(wanted.fired().keySet(), found.fired().keySet(), where);
            values += compareValues(wanted, found, where);
        }
        return values;
    }

    private static int compareValues(NodeOutcome wanted, NodeOutcome found, String where) {
        int values = 0;
        for (Map.Entry<String, FiredValue> port : wanted.fired().entrySet()) {
            if (port.getValue().comparable()) {
                FiredValue value = found.fired().get(port.getKey());
                assertEquals(port.getValue().value(), value == null ? null : value.value(), where);
                values++;
            }
        }
        return values;
    }

    private static int countDiffering(OracleResult.Settled expected, OracleResult.Settled actual) {
        int differing = 0;
        for (String node : expected.scope()) {
            Map<String, FiredValue> wanted = expected.outcome(node).fired();
            Map<String, FiredValue> found = actual.outcome(node).fired();
            differing += (int) wanted.entrySet().stream()
                    .filter(port -> !port.getValue().comparable())
                    .filter(port -> {
                        FiredValue value = found.get(port.getKey());
                        return value != null
                                && !value.value().equals(port.getValue().value());
                    })
                    .count();
        }
        return differing;
    }
}
