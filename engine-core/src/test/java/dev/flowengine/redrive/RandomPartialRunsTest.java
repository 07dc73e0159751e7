package dev.flowengine.redrive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.NodeState;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.node.PortValues;
import dev.flowengine.node.RunOptions;
import dev.flowengine.oracle.CaseGenerator;
import dev.flowengine.oracle.CaseNode;
import dev.flowengine.oracle.CaseStart;
import dev.flowengine.oracle.GraphCase;
import dev.flowengine.oracle.OracleResult;
import dev.flowengine.oracle.SettlementOracle;
import dev.flowengine.plan.ExecutionPlan;
import dev.flowengine.plan.Start;
import dev.flowengine.testing.Engines;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Random flows of which a random part runs again with what the whole has put out. A tenth of {@code flowengine.test.seeds} says
 * how many; a failure prints its seed, and {@code -Dflowengine.test.seed=N} runs that one alone.
 */
class RandomPartialRunsTest {
    private static final int SEEDS = Integer.getInteger("flowengine.test.seeds", 20_000) / 10;
    private static final Long ONLY_SEED = Long.getLong("flowengine.test.seed");

    /** What a part can come to. */
    private enum Sight {
        RAN,
        REFUSED,
        CUT,
        PINNED,
        SAME_AS_THE_WHOLE
    }

    private final Map<Sight, Integer> sights = new EnumMap<>(Sight.class);

    @Test
    @DisplayName(
            "S2 S4 S7 S18 a part of a random flow runs as its plan says, and comes to what it came to in the whole")
    void a_part_runs_as_planned() {
        List<FlowEngine> engines = List.of(Engines.withThreads(1), Engines.withThreads(2), Engines.withThreads(8));
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
        boolean runs = !(SettlementOracle.solve(graph) instanceof OracleResult.Refused);
        if (!runs || graph.start().kind() != CaseStart.Kind.TRIGGER) {
            return;
        }
        try {
            run(graph, engine);
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(
                    "seed " + seed + " (replay with -Dflowengine.test.seed=" + seed + "): " + e.getMessage() + "\n"
                            + graph,
                    e);
        }
    }

    private void run(GraphCase graph, FlowEngine engine) {
        SplittableRandom random = new SplittableRandom(graph.seed());
        UnreliableFlow flow = new UnreliableFlow(graph, id -> {});
        Object data = graph.start().input().get(CaseStart.TRIGGER_DATA);
        RunOptions.Builder all = options(graph);
        ExecutionPlan allPlanned =
                engine.plan(flow.flow(), Start.trigger(graph.start().nodeId()), all.build());
        if (!allPlanned.canStart()) {
            all = all.skipDependencyCheck();
        }
        ExecutionResult whole =
                Runs.ended(engine.executeFromTrigger(flow.flow(), graph.start().nodeId(), data, all.build()));
        List<String> nodes = graph.nodes().stream()
                .filter(node -> !node.trigger())
                .map(CaseNode::id)
                .toList();
        String start = nodes.get(random.nextInt(nodes.size()));
        RunOptions.Builder options = options(graph).outputsFrom(whole.executionId());
        boolean cut = random.nextInt(3) == 0;
        if (cut) {
            String target = nodes.get(random.nextInt(nodes.size()));
            options = random.nextBoolean() ? options.upTo(target) : options.before(target);
        }
        flow.inject(Set.of(), Set.of());
        Optional<ExecutionPlan> plan = planned(engine, flow, start, options.build());
        Optional<ExecutionResult> part = started(engine, flow, start, options.build());
        part.ifPresent(result -> {
            assertThat(plan).contains(result.snapshot().plan());
            mustBeAsPlanned(plan.orElseThrow(), result, flow.calls());
            mustBeAsBefore(graph, start, whole, result);
            see(cut, plan.get());
        });
        if (part.isEmpty()) {
            saw(Sight.REFUSED);
        }
    }

    private void see(boolean cut, ExecutionPlan plan) {
        saw(Sight.RAN);
        if (cut) {
            saw(Sight.CUT);
        }
        if (!plan.pinned().isEmpty()) {
            saw(Sight.PINNED);
        }
    }

    private static Optional<ExecutionPlan> planned(
            FlowEngine engine, UnreliableFlow flow, String start, RunOptions options) {
        try {
            return Optional.of(engine.plan(flow.flow(), Start.fromNode(start), options));
        } catch (FlowException refused) {
            return Optional.empty();
        }
    }

    /** What the part came to; empty if it was refused, as the plan said unless the start itself lacks an input. */
    private static Optional<ExecutionResult> started(
            FlowEngine engine, UnreliableFlow flow, String start, RunOptions options) {
        Optional<ExecutionPlan> plan = planned(engine, flow, start, options);
        try {
            ExecutionResult result = Runs.ended(engine.executeFromNode(flow.flow(), start, PortValues.none(), options));
            assertThat(plan).as("plan of what runs").isPresent();
            assertThat(plan.get().canStart() || options.skipDependencyCheck())
                    .as("whether it can start")
                    .isTrue();
            return Optional.of(result);
        } catch (FlowException refused) {
            boolean said = plan.isEmpty() || !plan.get().canStart();
            boolean unfed = refused.kind() == FailureKind.MISSING_DEPENDENCY
                    && refused.affectedNodes().equals(List.of(start));
            assertThat(said || unfed)
                    .as("refused with %s", refused.getMessage())
                    .isTrue();
            return Optional.empty();
        }
    }

    private static void mustBeAsPlanned(ExecutionPlan plan, ExecutionResult result, List<String> calls) {
        assertThat(result.snapshot().nodes())
                .extracting(NodeState::nodeId)
                .as("scope")
                .containsExactlyElementsOf(plan.scope());
        assertThat(plan.running()).as("bodies called").containsAll(new HashSet<>(calls));
        assertThat(plan.supplied()).as("supplied").doesNotContainAnyElementsOf(plan.scope());
        for (NodeState state : result.snapshot().nodes()) {
            if (state.status() == NodeStatus.COMPLETED) {
                assertThat(state.pinned())
                        .as("pin of %s", state.nodeId())
                        .isEqualTo(plan.pinned().contains(state.nodeId()));
            }
        }
    }

    /** Where everything that stands outside had completed, the part sees what it saw within the whole. */
    private void mustBeAsBefore(GraphCase graph, String start, ExecutionResult whole, ExecutionResult part) {
        Set<String> inside =
                part.snapshot().nodes().stream().map(NodeState::nodeId).collect(Collectors.toSet());
        boolean comparable = whole.status() == ExecutionStatus.COMPLETED
                && whole.snapshot()
                        .node(start)
                        .filter(RandomPartialRunsTest::hasCompleted)
                        .isPresent()
                && graph.nodes().stream().allMatch(node -> !node.join().name().startsWith("A") && hasRun(whole, node));
        if (!comparable) {
            return;
        }
        saw(Sight.SAME_AS_THE_WHOLE);
        inside.forEach(id -> {
            assertThat(Runs.node(part, id).status()).as("status of %s", id).isEqualTo(NodeStatus.COMPLETED);
            assertThat(part.outputs(id)).as("outputs of %s", id).isEqualTo(whole.outputs(id));
        });
    }

    private static boolean hasRun(ExecutionResult whole, CaseNode node) {
        return whole.snapshot()
                .node(node.id())
                .map(RandomPartialRunsTest::hasCompleted)
                .orElse(true);
    }

    private static boolean hasCompleted(NodeState state) {
        return state.status() == NodeStatus.COMPLETED;
    }

    private void saw(Sight sight) {
        sights.merge(sight, 1, Integer::sum);
    }

    private static RunOptions.Builder options(GraphCase graph) {
        RunOptions.Builder options = RunOptions.builder();
        graph.pins().forEach((node, ports) -> ports.forEach((port, value) -> options.pin(node, port, value)));
        return graph.skipDependencyCheck() ? options.skipDependencyCheck() : options;
    }
}
