package dev.flowengine.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.testing.Engines;
import dev.flowengine.testing.NeedsOverlap;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** While a worker is free, no node that could run on it waits. */
class IdleWorkersTest {

    @Test
    @NeedsOverlap
    @DisplayName("S28 a node that becomes ready later does not wait behind a long body while a worker is free")
    void a_node_that_becomes_ready_later_does_not_wait_behind_a_long_body() throws InterruptedException {
        CountDownLatch longBodyRuns = new CountDownLatch(1);
        CountDownLatch lateBodyRan = new CountDownLatch(1);
        FlowBuilder f = Flow.builder("late");
        TriggerRef<String> start = f.trigger("start", String.class);
        f.action("long", start, value -> {
                    longBodyRuns.countDown();
                    lateBodyRan.await();
                })
                .cpuBound();
        NodeRef<Void> gate = f.action("gate", start, value -> longBodyRuns.await());
        f.action("late", gate, value -> lateBodyRan.countDown()).cpuBound();
        Flow flow = f.build();

        try (FlowEngine engine = Engines.withThreads(2)) {
            FlowExecution execution = engine.executeFromTrigger(flow, start, "go");

            assertThat(execution.await(Duration.ofSeconds(60)))
                    .as("%s", execution.explain("late"))
                    .isPresent();
        }
    }
}
