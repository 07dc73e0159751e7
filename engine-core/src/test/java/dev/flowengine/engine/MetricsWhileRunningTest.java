package dev.flowengine.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionStatistics;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.testing.Engines;
import dev.flowengine.testing.Threads;
import dev.flowengine.testing.WithThreads;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;

@DisplayName("S38 metrics of a flow whose executions start and end meanwhile")
class MetricsWhileRunningTest {
    private static final int EXECUTIONS = 300;

    @WithThreads
    @DisplayName("count every execution once that has started, whether or not it ends meanwhile")
    void count_every_execution_once(int threads) throws Exception {
        Flow flow = flow();
        AtomicInteger starting = new AtomicInteger();
        AtomicInteger started = new AtomicInteger();
        AtomicInteger ended = new AtomicInteger();
        AtomicInteger callers = new AtomicInteger(threads);
        try (FlowEngine engine = Engines.builder()
                .workers(threads)
                .archive(threads * EXECUTIONS, Duration.ofDays(1))
                .build()) {
            Threads.together(threads + 1, thread -> {
                if (thread < threads) {
                    for (int i = 0; i < EXECUTIONS; i++) {
                        starting.incrementAndGet();
                        FlowExecution run = engine.executeFromTrigger(flow, "t", 1);
                        started.incrementAndGet();
                        Runs.ended(run);
                        ended.incrementAndGet();
                    }
                    callers.decrementAndGet();
                    return;
                }
                while (callers.get() > 0) {
                    int endedBefore = ended.get();
                    int startedBefore = started.get();
                    ExecutionStatistics total = engine.metrics("count").total();
                    int startedBy = starting.get();
                    assertThat(total.totals().get(ExecutionStatus.COMPLETED)).isBetween(endedBefore, startedBy);
                    assertThat(total.count()).isBetween(startedBefore, startedBy);
                }
            });
            assertThat(engine.metrics("count").total().totals())
                    .containsEntry(ExecutionStatus.COMPLETED, threads * EXECUTIONS);
            assertThat(engine.metrics("count").total().successRate()).hasValue(1);
        }
    }

    private static Flow flow() {
        FlowBuilder f = Flow.builder("count");
        f.node("n", f.trigger("t", Integer.class), n -> n + 1);
        return f.build();
    }
}
