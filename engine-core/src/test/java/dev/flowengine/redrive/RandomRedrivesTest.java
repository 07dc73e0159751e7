package dev.flowengine.redrive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.event.ExecutionListener;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.NodeState;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.oracle.CaseGenerator;
import dev.flowengine.oracle.CaseNode;
import dev.flowengine.oracle.GraphCase;
import dev.flowengine.oracle.OracleResult;
import dev.flowengine.oracle.SettlementOracle;
import dev.flowengine.testing.Engines;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Random flows that are disturbed and redriven until nothing disturbs them, each execution held against the oracle. A tenth
 * of {@code flowengine.test.seeds} says how many; a failure prints its seed, and {@code -Dflowengine.test.seed=N} runs that
 * one alone.
 */
class RandomRedrivesTest {
    private static final int SEEDS = Integer.getInteger("flowengine.test.seeds", 20_000) / 10;
    private static final Long ONLY_SEED = Long.getLong("flowengine.test.seed");

    /** What a disturbed execution can come to that a redrive has to deal with. */
    private enum Sight {
        REDRIVEN,
        REDRIVEN_TWICE,
        NOTHING_TO_DO,
        CANCELLED,
        STOPPED,
        HANDLED_FAILURE_KEPT
    }

    private final Map<Sight, Integer> sights = new EnumMap<>(Sight.class);

    @Test
    @DisplayName("S16 S21 S22 S29 R35 every redrive of a random flow decides anew what went wrong, and keeps the rest")
    void a_redrive_comes_to_what_one_execution_would() {
        List<FlowEngine> engines = List.of(
                Engines.withThreads(1),
                Engines.withThreads(2),
                Engines.withThreads(8),
                Engines.builder().listener(new ExecutionListener() {}).build());
        long first = ONLY_SEED == null ? 0 : ONLY_SEED;
        long end = ONLY_SEED == null ? SEEDS : ONLY_SEED + 1;
        try {
            for (long seed = first; seed < end; seed++) {
                run(seed, engines.get((int) (seed % engines.size())));
            }
        } finally {
            engines.forEach(FlowEngine::close);
        }
        if (SEEDS >= 1_000 && ONLY_SEED == null) {
            assertThat(sights)
                    .as("what was seen")
                    .containsOnlyKeys(Sight.values())
                    .allSatisfy((sight, count) -> assertThat(count).isGreaterThan(SEEDS / 50));
        }
    }

    private void run(long seed, FlowEngine engine) {
        GraphCase graph = CaseGenerator.generate(seed);
        OracleResult expected = SettlementOracle.solve(graph);
        if (expected instanceof OracleResult.Refused) {
            return;
        }
        try {
            run(graph, engine);
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(
                    "seed " + seed + " (replay with -Dflowengine.test.seed=" + seed + "): " + e.getMessage() + "\n"
                            + graph + expected,
                    e);
        }
    }

    private void run(GraphCase graph, FlowEngine engine) {
        SplittableRandom random = new SplittableRandom(graph.seed());
        RedrivenCase redriven = new RedrivenCase(graph, engine);
        List<String> nodes = graph.nodes().stream().map(CaseNode::id).toList();
        Set<String> faults = some(nodes, random, 0.25);
        Set<String> cancellers = random.nextInt(3) == 0 ? some(nodes, random, 0.15) : Set.of();
        ExecutionResult first = redriven.run(faults, cancellers);
        see(first);

        Set<String> left = some(List.copyOf(faults), random, 0.5);
        Optional<ExecutionResult> second = redriven.redrive(first, chosen(redriven, first, random), left, cancellers);
        second.ifPresent(this::see);
        saw(second.isPresent() ? Sight.REDRIVEN : Sight.NOTHING_TO_DO);

        Optional<ExecutionResult> third = second.flatMap(
                result -> redriven.redrive(result, chosen(redriven, result, random), Set.of(), Set.of()));
        third.ifPresent(result -> saw(Sight.REDRIVEN_TWICE));
    }

    private void see(ExecutionResult result) {
        List<NodeState> nodes = result.snapshot().nodes();
        if (result.status() == ExecutionStatus.CANCELLED) {
            saw(Sight.CANCELLED);
        } else if (nodes.stream().anyMatch(node -> node.status() == NodeStatus.CANCELLED)) {
            saw(Sight.STOPPED);
        }
        if (nodes.stream()
                .anyMatch(node -> node.reused() && node.handledFailure().isPresent())) {
            saw(Sight.HANDLED_FAILURE_KEPT);
        }
    }

    private void saw(Sight sight) {
        sights.merge(sight, 1, Integer::sum);
    }

    private static Set<String> chosen(RedrivenCase redriven, ExecutionResult result, SplittableRandom random) {
        List<String> choosable = redriven.choosable(result);
        return choosable.isEmpty() || random.nextInt(4) > 0
                ? Set.of()
                : Set.of(choosable.get(random.nextInt(choosable.size())));
    }

    /** Some of the ids, the same for the same dice whatever the order of sets. */
    private static Set<String> some(List<String> ids, SplittableRandom random, double probability) {
        return ids.stream()
                .sorted()
                .filter(id -> random.nextDouble() < probability)
                .collect(Collectors.toSet());
    }
}
