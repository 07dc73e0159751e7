package dev.flowengine.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.flow.BranchRef;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.LoopRef;
import dev.flowengine.flow.MapRef;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.node.TypeRef;
import dev.flowengine.testing.Engines;
import dev.flowengine.testing.WithThreads;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;

@DisplayName("S31 what comes from outside of a loop holds in all of its iterations")
class OutsideOfLoopsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final TypeRef<List<Integer>> NUMBERS = new TypeRef<>() {};

    private final FlowBuilder f = Flow.builder("outside");
    private final TriggerRef<List<Integer>> numbers = f.trigger("numbers", NUMBERS);

    @WithThreads
    @DisplayName("a node in the body that only comes after one outside does so in every iteration")
    void order(int threads) throws InterruptedException {
        NodeRef<Integer> outside = f.node("outside", numbers, List::size);
        LoopRef<Integer> all =
                f.loop("each", numbers, n -> f.node("plus", n, v -> v + 1).after(outside));

        assertThat(run(threads).output(all)).containsExactly(2, 3, 4);
    }

    @WithThreads
    @DisplayName("and for every item of a map, with fewer lanes than items")
    void order_in_a_map(int threads) throws InterruptedException {
        NodeRef<Integer> outside = f.node("outside", numbers, List::size);
        MapRef<Integer> all = f.map(
                        "each", numbers, n -> f.node("plus", n, v -> v + 1).after(outside))
                .concurrency(2);

        assertThat(run(threads).output(all)).containsExactly(2, 3, 4);
    }

    @WithThreads
    @DisplayName("a way that is not taken outside is not taken in any iteration, and another one is in each")
    void not_taken(int threads) throws InterruptedException {
        BranchRef<List<Integer>> size =
                f.branch("size", numbers).when("many", list -> list.size() > 10).otherwise("few");
        NodeRef<Integer> many = f.node("many", size.on("many"), List::size);
        LoopRef<Integer> all = f.loop("each", numbers, n -> f.merge("either", many, f.node("times", n, v -> 10 * v)));

        assertThat(run(threads).output(all)).containsExactly(10, 20, 30);
    }

    private ExecutionResult run(int threads) throws InterruptedException {
        try (FlowEngine engine = Engines.withThreads(threads)) {
            return engine.executeFromTrigger(f.build(), numbers, List.of(1, 2, 3))
                    .await(PATIENCE)
                    .orElseThrow(() -> new AssertionError("the execution has not ended"));
        }
    }
}
