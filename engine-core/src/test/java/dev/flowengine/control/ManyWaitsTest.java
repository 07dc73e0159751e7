package dev.flowengine.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.SignalRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.testing.Engines;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("S35 S28 100,000 waiting runs cost memory, and little of it")
class ManyWaitsTest {
    private static final int RUNS = 100_000;
    /** Measured: 3,372 on 17. */
    private static final int MOST_BYTES_PER_RUN = 7_000;

    @Test
    @Tag("once") // on one thread of each kind in any case
    @Timeout(240)
    @DisplayName("for a signal and a deadline, on one thread of each kind; then all of them end")
    void cost_memory_only() throws Exception {
        Flow flow = flow();
        try (FlowEngine engine =
                Engines.builder(1).archive(10, Duration.ofDays(1)).build()) {
            int threads = Thread.activeCount();
            long before = usedBytes();
            List<FlowExecution> runs = new ArrayList<>(RUNS);
            for (int i = 0; i < RUNS; i++) {
                runs.add(engine.executeFromTrigger(flow, "t", i));
            }
            for (FlowExecution run : runs) {
                Watch.awaitStatus(run, ExecutionStatus.WAITING);
            }
            long perRun = (usedBytes() - before) / RUNS;
            assertThat(perRun).as("bytes per waiting run").isLessThan(MOST_BYTES_PER_RUN);
            assertThat(Thread.activeCount()).as("threads").isLessThan(threads + 20);
            for (FlowExecution run : runs) {
                run.signal("go", 1);
            }
            for (int i = 0; i < RUNS; i++) {
                assertThat(runs.get(i).await().output("sum", Integer.class)).isEqualTo(i + 1);
            }
        }
    }

    private static Flow flow() {
        FlowBuilder f = Flow.builder("many");
        TriggerRef<Integer> t = f.trigger("t", Integer.class);
        SignalRef<Integer, Integer> go = f.waitForSignal("go", t, Integer.class).deadline(Duration.ofDays(1));
        f.node("sum", t, go, Integer::sum).returns(Integer.class).cpuBound();
        return f.build();
    }

    private static long usedBytes() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
