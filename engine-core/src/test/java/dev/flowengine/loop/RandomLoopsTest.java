package dev.flowengine.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.NodeState;
import dev.flowengine.execution.Redrive;
import dev.flowengine.execution.RedrivePlan;
import dev.flowengine.flow.InvalidFlowException;
import dev.flowengine.graph.Problem;
import dev.flowengine.loop.LoopCase.Kind;
import dev.flowengine.loop.LoopCase.Node;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.persistence.tck.InMemoryExecutionStore;
import dev.flowengine.plan.RerunItems;
import dev.flowengine.testing.Engines;
import dev.flowengine.testing.JavaCodec;
import dev.flowengine.testing.WithThreads;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;

/**
 * Random nested loops and maps. {@code flowengine.test.loopSeeds} says how many; a failure prints its seed, and
 * {@code -Dflowengine.test.seed=N} runs that one alone.
 */
@Timeout(300)
class RandomLoopsTest {
    private static final int SEEDS = Integer.getInteger("flowengine.test.loopSeeds", 150);
    private static final Long ONLY_SEED = Long.getLong("flowengine.test.seed");

    @WithThreads
    @DisplayName(
            "S32 random nested loops make the calls the rules say, each in its iteration, and come to the same values")
    void as_the_rules_say(int threads) throws InterruptedException {
        try (FlowEngine engine = Engines.withThreads(threads)) {
            mustMatch(engine, false);
        }
    }

    @WithThreads
    @DisplayName("S33 R25 random maps, in maps and loops and around them, make the calls the rules say")
    void maps(int threads) throws InterruptedException {
        try (FlowEngine engine = Engines.withThreads(threads)) {
            mustMatch(engine, true);
        }
    }

    @WithThreads
    @DisplayName("S32 S41 random nested loops on a store")
    void on_a_store(int threads) throws InterruptedException {
        onStore(threads, false);
    }

    @WithThreads
    @DisplayName("S33 S41 random maps on a store")
    void maps_on_a_store(int threads) throws InterruptedException {
        onStore(threads, true);
    }

    @WithThreads
    @DisplayName(
            "S29 S33 random maps some of whose items fail, redriven once these would not: every item that completed is taken"
                    + " over, and all come to what they would have at once")
    void redriven_maps(int threads) throws InterruptedException {
        try (FlowEngine engine = Engines.withThreads(threads)) {
            redriven(engine);
        }
    }

    @WithThreads
    @DisplayName("S29 S33 S41 random maps some of whose items fail, redriven on a store")
    void redriven_maps_on_a_store(int threads) throws InterruptedException {
        try (FlowEngine engine = engineOnStore(threads)) {
            redriven(engine);
        }
    }

    private static void onStore(int threads, boolean withMaps) throws InterruptedException {
        try (FlowEngine engine = engineOnStore(threads)) {
            mustMatch(engine, withMaps);
        }
    }

    private static FlowEngine engineOnStore(int threads) {
        return Engines.builder(threads)
                .store(new InMemoryExecutionStore())
                .codec(new JavaCodec())
                .sweepInterval(Duration.ofMillis(20))
                .build();
    }

    private static void redriven(FlowEngine engine) throws InterruptedException {
        long first = ONLY_SEED == null ? 0 : ONLY_SEED;
        // Few of them have maps that begin, and items that would complete.
        long end = ONLY_SEED == null ? 4L * SEEDS : ONLY_SEED + 1;
        int reused = 0;
        for (long seed = first; seed < end; seed++) {
            Optional<LoopCase> random = generated(seed, true);
            if (random.isPresent()) {
                reused += redriven(engine, random.get(), seed);
            }
        }
        if (ONLY_SEED == null) {
            assertThat(reused).as("items that were taken over").isGreaterThan(SEEDS / 5);
        }
    }

    /** Runs a case while it is broken, then redrives it; returns how many items were taken over. */
    private static int redriven(FlowEngine engine, LoopCase random, long seed) throws InterruptedException {
        String which = "seed " + seed;
        random.breakDown(true);
        ExecutionResult broken =
                engine.executeFromTrigger(random.flow, "t", data(seed)).await();
        LoopOracle before = LoopOracle.solve(random, data(seed));
        mustHaveCalled(random, before, which);
        mustBe(before, broken, random, which);

        random.breakDown(false);
        random.calls.clear();
        Redrive redrive = engine.redrive(broken.executionId());
        random.nodes.stream().filter(node -> node.lanes > 0).forEach(map -> redrive.failedItems(map.id));
        RedrivePlan plan = redrive.plan();
        if (plan.rerun().isEmpty()) {
            return 0;
        }
        ExecutionResult result = redrive.start().await();
        LoopOracle expected = LoopOracle.solve(random, data(seed));
        mustBe(expected, result, random, which);
        assertThat(expected.calls).as(which).containsAll(random.calls);
        for (RerunItems items : plan.items()) {
            List<Integer> completed = before.completedItems.getOrDefault(items.nodeId(), List.of());
            assertThat(result.snapshot().reusedItems(items.nodeId()))
                    .as(which + " " + items)
                    .isEqualTo(items.wholly().isPresent() ? List.of() : completed)
                    .hasSize(items.reused());
            mustNotHaveCalled(random, items.nodeId(), result.snapshot().reusedItems(items.nodeId()), which);
        }
        return plan.items().stream().mapToInt(RerunItems::reused).sum();
    }

    private static void mustNotHaveCalled(LoopCase random, String map, List<Integer> items, String which) {
        Set<String> inside = new HashSet<>();
        random.nodes.stream().filter(node -> node.id.equals(map)).forEach(node -> collect(node, inside));
        assertThat(random.calls)
                .as(which + " " + map)
                .noneMatch(call -> inside.contains(call.substring(0, Math.max(0, call.indexOf('/'))))
                        && items.contains(itemOf(call)));
    }

    /** The first step of the iteration of a call. */
    private static int itemOf(String call) {
        int from = call.indexOf('/') + 1;
        int to = from;
        while (Character.isDigit(call.charAt(to))) {
            to++;
        }
        return Integer.parseInt(call.substring(from, to));
    }

    private static void collect(Node loop, Set<String> inside) {
        for (Node node : loop.body) {
            inside.add(node.id);
            collect(node, inside);
        }
    }

    private static int data(long seed) {
        return (int) (seed % 97);
    }

    private static void mustMatch(FlowEngine engine, boolean withMaps) throws InterruptedException {
        long first = ONLY_SEED == null ? 0 : ONLY_SEED;
        long end = ONLY_SEED == null ? SEEDS : ONLY_SEED + 1;
        int ran = 0;
        for (long seed = first; seed < end; seed++) {
            Optional<LoopCase> random = generated(seed, withMaps);
            if (random.isPresent()) {
                mustMatch(engine, random.get(), seed);
                ran++;
            }
        }
        assertThat(ran).as("flows that could run").isGreaterThan((int) (end - first) / 3);
    }

    /** Empty if a node of the flow needs both ways of a branch, and could never run. */
    private static Optional<LoopCase> generated(long seed, boolean withMaps) {
        try {
            return Optional.of(new LoopCase(seed, withMaps));
        } catch (InvalidFlowException refused) {
            assertThat(refused.problems())
                    .as("seed " + seed)
                    .extracting(Problem::code)
                    .contains(Problem.Code.JOIN_NEVER_FIRES);
            return Optional.empty();
        }
    }

    private static void mustMatch(FlowEngine engine, LoopCase random, long seed) throws InterruptedException {
        LoopOracle expected = LoopOracle.solve(random, data(seed));
        ExecutionResult result =
                engine.executeFromTrigger(random.flow, "t", data(seed)).await();
        String which = "seed " + seed;
        mustHaveCalled(random, expected, which);
        mustBe(expected, result, random, which);
    }

    private static void mustHaveCalled(LoopCase random, LoopOracle expected, String which) {
        assertThat(random.calls).as(which).containsExactlyInAnyOrderElementsOf(expected.calls);
    }

    private static void mustBe(LoopOracle expected, ExecutionResult result, LoopCase random, String which) {
        assertThat(result.status() == ExecutionStatus.COMPLETED).as(which).isEqualTo(!expected.failed);
        assertThat(result.snapshot().nodes())
                .as(which)
                .extracting(NodeState::status)
                .allMatch(NodeStatus::isSettled);
        for (Node node : random.nodes) {
            if (node.kind != Kind.BRANCH) {
                Integer value = expected.value(node.main());
                String id = node.kind == Kind.LOOP ? node.id + "sum" : node.id;
                boolean completed = result.snapshot().node(id).orElseThrow().status() == NodeStatus.COMPLETED;
                assertThat(completed ? result.output(id, Integer.class) : null)
                        .as(which + " " + id)
                        .isEqualTo(value);
            }
        }
    }
}
