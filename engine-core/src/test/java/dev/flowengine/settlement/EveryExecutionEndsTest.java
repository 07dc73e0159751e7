package dev.flowengine.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowDefinition;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.testing.Engines;
import dev.flowengine.testing.WithThreads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;

/** No signal may ever be lost between threads: an execution that loses one never ends. */
class EveryExecutionEndsTest {
    private static final int NODES = 2_000;
    private static final int WIDTH = 50;
    private static final int ROUNDS = 100;
    private static final int AT_ONCE = 4;
    private static final int ALTERNATING_ROUNDS = Integer.getInteger("flowengine.test.seeds", 2_000) / 4;

    @WithThreads
    @DisplayName("S28 every one of many executions ends, with any number of threads")
    void every_one_of_many_executions_ends(int threads) throws InterruptedException {
        Flow flow = layeredFlow();
        try (FlowEngine engine = Engines.withThreads(threads)) {
            for (int round = 0; round < ROUNDS; round++) {
                List<FlowExecution> executions = new ArrayList<>();
                for (int i = 0; i < AT_ONCE; i++) {
                    executions.add(engine.executeFromTrigger(flow, "start", round));
                }
                for (FlowExecution execution : executions) {
                    Optional<ExecutionResult> result = execution.await(Duration.ofSeconds(60));
                    assertThat(result)
                            .as("round %s: end of %s", round, execution.id())
                            .isPresent();
                    assertThat(result.get().status()).isEqualTo(ExecutionStatus.COMPLETED);
                }
            }
        }
    }

    @WithThreads
    @DisplayName("S28 work that goes to and fro between workers and body threads is never lost")
    void work_that_goes_to_and_fro_between_workers_and_body_threads_is_never_lost(int threads)
            throws InterruptedException {
        Flow flow = alternatingFlow();
        try (FlowEngine engine = Engines.withThreads(threads)) {
            for (int round = 0; round < ALTERNATING_ROUNDS; round++) {
                FlowExecution execution = engine.executeFromTrigger(flow, "n0", round);
                assertThat(execution.await(Duration.ofSeconds(60)))
                        .as("round %s: %s", round, execution.snapshot().nodes())
                        .isPresent();
            }
        }
    }

    /** Three chains side by side whose nodes run on workers and on threads of their own in turn. */
    private static Flow alternatingFlow() {
        FlowDefinition flow = Flow.definition("alternating").trigger("n0");
        for (int node = 1; node <= 60; node++) {
            NodeDefinition.Builder definition =
                    NodeDefinition.builder("n" + node).body(context -> null);
            flow.add(node % 2 == 0 ? definition.cpuBound().build() : definition.build());
            flow.connect("n" + Math.max(0, node - 3), "n" + node);
        }
        return flow.build();
    }

    /** Layers of nodes with three sources each; every tenth has a thread of its own. */
    private static Flow layeredFlow() {
        SplittableRandom random = new SplittableRandom(7);
        FlowDefinition flow = Flow.definition("layered").trigger("start");
        for (int node = 0; node < NODES; node++) {
            NodeDefinition.Builder definition =
                    NodeDefinition.builder("n" + node).body(context -> context.input());
            flow.add(node % 10 == 9 ? definition.build() : definition.cpuBound().build());
            if (node < WIDTH) {
                flow.connect("start", "n" + node);
                continue;
            }
            int layer = node / WIDTH * WIDTH;
            for (int source = 0; source < 3; source++) {
                flow.connect("n" + (layer - WIDTH + random.nextInt(WIDTH)), "n" + node);
            }
        }
        return flow.build();
    }
}
