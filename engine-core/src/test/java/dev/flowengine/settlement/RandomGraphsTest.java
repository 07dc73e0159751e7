package dev.flowengine.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.event.ExecutionListener;
import dev.flowengine.oracle.CaseGenerator;
import dev.flowengine.oracle.GraphCase;
import dev.flowengine.oracle.OracleResult;
import dev.flowengine.oracle.SettlementOracle;
import dev.flowengine.testing.Engines;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Random flows, each run with 1, 2 and 8 threads and held against the oracle. {@code flowengine.test.seeds} says how many;
 * a failure prints its seed, and {@code -Dflowengine.test.seed=N} runs that one alone.
 */
class RandomGraphsTest {
    private static final int SEEDS = Integer.getInteger("flowengine.test.seeds", 2_000);
    private static final Long ONLY_SEED = Long.getLong("flowengine.test.seed");

    @Test
    @DisplayName("S8 S9 S10 S11 S12 S13 S15 S16 S17 S18 S19 S20 S21 S22 S23 S35 random graphs settle as the rules say")
    void random_graphs_settle_as_the_rules_say_with_any_number_of_threads() throws InterruptedException {
        List<FlowEngine> engines = List.of(
                Engines.withThreads(1),
                Engines.withThreads(2),
                Engines.withThreads(8),
                Engines.builder().listener(new ExecutionListener() {}).build());
        long first = ONLY_SEED == null ? 0 : ONLY_SEED;
        long end = ONLY_SEED == null ? SEEDS : ONLY_SEED + 1;
        long ran = 0;
        try {
            for (long seed = first; seed < end; seed++) {
                ran += run(seed, engines);
            }
        } finally {
            engines.forEach(FlowEngine::close);
        }
        assertThat(ran).isEqualTo((end - first) * engines.size());
    }

    private static int run(long seed, List<FlowEngine> engines) throws InterruptedException {
        GraphCase graph = CaseGenerator.generate(seed);
        OracleResult expected = SettlementOracle.solve(graph);
        try {
            CaseFlow flow = CaseFlow.of(graph);
            for (FlowEngine engine : engines) {
                new CaseRun(graph, flow, engine).mustMatch(expected);
            }
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(
                    "seed " + seed + " (replay with -Dflowengine.test.seed=" + seed + "): " + e.getMessage() + "\n"
                            + graph + expected,
                    e);
        }
        return engines.size();
    }
}
