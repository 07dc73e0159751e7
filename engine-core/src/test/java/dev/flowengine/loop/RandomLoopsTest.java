package dev.flowengine.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.NodeState;
import dev.flowengine.flow.InvalidFlowException;
import dev.flowengine.graph.Problem;
import dev.flowengine.loop.LoopCase.Kind;
import dev.flowengine.loop.LoopCase.Node;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.persistence.tck.InMemoryExecutionStore;
import dev.flowengine.testing.Engines;
import dev.flowengine.testing.JavaCodec;
import dev.flowengine.testing.WithThreads;
import java.time.Duration;
import java.util.Optional;
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

    private static void onStore(int threads, boolean withMaps) throws InterruptedException {
        try (FlowEngine engine = Engines.builder(threads)
                .store(new InMemoryExecutionStore())
                .codec(new JavaCodec())
                .sweepInterval(Duration.ofMillis(20))
                .build()) {
            mustMatch(engine, withMaps);
        }
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
        int data = (int) (seed % 97);
        LoopOracle expected = LoopOracle.solve(random, data);
        ExecutionResult result =
                engine.executeFromTrigger(random.flow, "t", data).await();
        String which = "seed " + seed;
        assertThat(random.calls).as(which).containsExactlyInAnyOrderElementsOf(expected.calls);
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
