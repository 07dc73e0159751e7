package dev.flowengine.internal.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.flow.ErrorHandling;
import dev.flowengine.flow.FailureMode;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowDefinition;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.model.ExecutionStatus;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Random signals in random order and random batches, without threads: whatever comes, the run ends as it must. Half of
 * {@code flowengine.test.seeds} says how many; a failure prints its seed, and {@code -Dflowengine.test.seed=N} runs that
 * one alone.
 */
class ControlWalkTest {
    private static final int WALKS = Integer.getInteger("flowengine.test.seeds", 20_000) / 2;
    private static final Long ONLY_SEED = Long.getLong("flowengine.test.seed");
    private static final List<FailureMode> MODES = List.of(FailureMode.values());

    @Test
    @DisplayName(
            "S8 S23 S25 S26 S44 R26 R28 no order of signals starts what must not start, or keeps a run from ending")
    void no_order_of_signals_breaks_a_run() {
        Map<ExecutionStatus, Integer> ends = new EnumMap<>(ExecutionStatus.class);
        long first = ONLY_SEED == null ? 0 : ONLY_SEED;
        long end = ONLY_SEED == null ? WALKS : ONLY_SEED + 1;
        for (long seed = first; seed < end; seed++) {
            ends.merge(walk(seed), 1, Integer::sum);
        }
        if (ONLY_SEED == null && WALKS >= 1_000) {
            assertThat(ends)
                    .as("walks by their end")
                    .containsOnlyKeys(
                            ExecutionStatus.COMPLETED,
                            ExecutionStatus.PARTIAL,
                            ExecutionStatus.FAILED,
                            ExecutionStatus.CANCELLED)
                    .allSatisfy((status, count) -> assertThat(count).isGreaterThan(WALKS / 50));
        }
    }

    private static ExecutionStatus walk(long seed) {
        ControlWalk walk = new ControlWalk(Machine.ofTrigger(flow(new Random(seed))), new Random(-seed));
        try {
            walk.walk();
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError(
                    "seed " + seed + " (replay with -Dflowengine.test.seed=" + seed + "): " + walk + ": "
                            + e.getMessage(),
                    e);
        }
        return walk.status();
    }

    /** Up to eight nodes, some on workers, some repeated, some with a failure that is handled. */
    private static FlowDefinition flow(Random random) {
        FlowDefinition flow = Flow.definition("walk").trigger("t");
        flow.failureMode(MODES.get(random.nextInt(MODES.size())));
        int size = 1 + random.nextInt(8);
        IntStream.range(0, size).forEach(i -> {
            NodeDefinition.Builder node = NodeDefinition.builder("n" + i).body(context -> 1);
            if (random.nextInt(3) == 0) {
                node.cpuBound();
            }
            if (random.nextInt(4) == 0) {
                node.nodeTimeout(Duration.ofSeconds(1));
            }
            if (random.nextInt(4) == 0) {
                node.onError(ErrorHandling.recover(failure -> 1));
            }
            flow.add(node.build());
            flow.connect(i == 0 || random.nextInt(3) == 0 ? "t" : "n" + random.nextInt(i), "n" + i);
            if (i > 0 && random.nextInt(4) == 0) {
                flow.connect("n" + random.nextInt(i), "n" + i);
            }
        });
        return flow;
    }
}
