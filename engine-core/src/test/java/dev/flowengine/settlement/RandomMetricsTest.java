package dev.flowengine.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionSnapshot;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.execution.Progress;
import dev.flowengine.oracle.CaseGenerator;
import dev.flowengine.oracle.GraphCase;
import dev.flowengine.oracle.OracleResult;
import dev.flowengine.oracle.SettlementOracle;
import dev.flowengine.testing.Engines;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Random flows, each run twice and watched meanwhile. A tenth of {@code flowengine.test.seeds} says how many; a failure
 * prints its seed, and {@code -Dflowengine.test.seed=N} runs that one alone.
 */
class RandomMetricsTest {
    private static final int SEEDS = Integer.getInteger("flowengine.test.seeds", 20_000) / 10;
    private static final Long ONLY_SEED = Long.getLong("flowengine.test.seed");
    private static final Duration LONG = Duration.ofSeconds(60);

    private int looks;

    @Test
    @DisplayName("S37 S38 progress never goes back and is complete at the end only; metrics agree with the nodes")
    void progress_and_metrics_agree_with_the_nodes() throws InterruptedException {
        List<FlowEngine> engines = List.of(Engines.withThreads(1), Engines.withThreads(2), Engines.withThreads(8));
        long first = ONLY_SEED == null ? 0 : ONLY_SEED;
        long end = ONLY_SEED == null ? SEEDS : ONLY_SEED + 1;
        int ran = 0;
        try {
            for (long seed = first; seed < end; seed++) {
                ran += run(seed, engines.get((int) (seed % engines.size()))) ? 1 : 0;
            }
        } finally {
            engines.forEach(FlowEngine::close);
        }
        assertThat(ONLY_SEED == null ? ran : SEEDS).as("cases that run").isGreaterThan(SEEDS / 2);
        assertThat(looks).as("looks while they ran").isPositive();
    }

    private boolean run(long seed, FlowEngine engine) throws InterruptedException {
        GraphCase graph = CaseGenerator.generate(seed);
        if (SettlementOracle.solve(graph) instanceof OracleResult.Refused) {
            return false;
        }
        CaseFlow flow = CaseFlow.of(graph);
        try {
            // The second time there is a history to tell from what remains.
            watch(new CaseRun(graph, flow, engine), flow);
            watch(new CaseRun(graph, flow, engine), flow);
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(
                    "seed " + seed + " (replay with -Dflowengine.test.seed=" + seed + "): " + e.getMessage() + "\n"
                            + graph,
                    e);
        }
        return true;
    }

    private void watch(CaseRun run, CaseFlow flow) throws InterruptedException {
        flow.reset();
        FlowExecution execution = run.start();
        Progress before = execution.progress();
        while (!execution.status().isTerminal()) {
            Progress next = looks % 2 == 0 ? execution.progress() : lookAt(execution.snapshot());
            mustFollow(before, next);
            before = next;
            looks++;
        }
        ExecutionSnapshot last = execution.await(LONG).orElseThrow().snapshot();
        mustFollow(before, last.progress());
        assertThat(execution.progress()).isEqualTo(last.progress());
        assertThat(last.progress().fraction()).isEqualTo(1);
        assertThat(last.progress().remaining()).contains(Duration.ZERO);
        lookAt(last);
    }

    private static Progress lookAt(ExecutionSnapshot snapshot) {
        assertThat(snapshot.progress().fraction() == 1)
                .as("complete while %s", snapshot.status())
                .isEqualTo(snapshot.status().isTerminal());
        new MetricsMatch(snapshot).mustAgree();
        return snapshot.progress();
    }

    private static void mustFollow(Progress before, Progress after) {
        if (after.settled() < before.settled() || after.total() != before.total()) {
            throw new AssertionError(after + " after " + before);
        }
    }
}
