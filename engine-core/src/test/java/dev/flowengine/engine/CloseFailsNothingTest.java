package dev.flowengine.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.Flow;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.testing.Engines;
import dev.flowengine.testing.WithThreads;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;

/** Many executions are in the middle of something when their engine closes. */
class CloseFailsNothingTest {

    @WithThreads
    @DisplayName("S23 S26 a close completes or cancels an execution, it never fails one")
    void a_close_never_fails_an_execution(int threads) {
        Flow flow = Flow.definition("closing")
                .trigger("t")
                .add(Nodes.tracing("a"))
                .connect("t", "a")
                .build();
        for (int close = 0; close < 200; close++) {
            FlowEngine engine = Engines.withThreads(threads);
            List<FlowExecution> runs = IntStream.range(0, 500)
                    .mapToObj(i -> engine.executeFromTrigger(flow, "t", i))
                    .toList();
            engine.close();
            for (FlowExecution run : runs) {
                ExecutionResult result = Runs.ended(run);
                assertThat(result.status())
                        .as("%s", result.failure())
                        .isIn(ExecutionStatus.COMPLETED, ExecutionStatus.CANCELLED);
            }
        }
    }
}
