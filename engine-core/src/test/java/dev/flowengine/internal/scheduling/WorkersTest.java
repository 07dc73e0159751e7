package dev.flowengine.internal.scheduling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.TriggerRef;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class WorkersTest {

    @Test
    void another_worker_takes_what_a_stuck_one_holds_up() throws Exception {
        Workers workers = new Workers(1);
        CountDownLatch stuck = new CountDownLatch(1);
        CountDownLatch reached = new CountDownLatch(1);
        workers.execute(() -> {
            try {
                stuck.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        workers.execute(reached::countDown);

        workers.addOne();

        assertThat(reached.await(30, TimeUnit.SECONDS)).isTrue();
        stuck.countDown();
        workers.shutdown();
    }

    @Test
    void work_after_the_shutdown_is_dropped_without_a_word() {
        Workers workers = new Workers(1);
        workers.shutdown();

        workers.execute(() -> {
            throw new AssertionError("must not run");
        });

        assertThat(workers.count()).isEqualTo(1);
    }

    @Test
    @DisplayName("an interrupt a computing body leaves behind does not reach the next one on the worker")
    void workers_are_clean_between_bodies() throws Exception {
        FlowBuilder f = Flow.builder("flags");
        TriggerRef<Integer> start = f.trigger("start", Integer.class);
        NodeRef<String> rude = f.node("rude", start, n -> {
                    Thread.currentThread().interrupt();
                    return Thread.currentThread().getName();
                })
                .cpuBound();
        NodeRef<Boolean> next = f.node(
                        "next", rude, name -> Thread.currentThread().isInterrupted())
                .cpuBound();
        NodeRef<String> same =
                f.node("same", next, flag -> Thread.currentThread().getName()).cpuBound();
        try (FlowEngine engine = FlowEngine.builder().workers(1).build()) {
            ExecutionResult result =
                    engine.executeFromTrigger(f.build(), start, 1).await();

            assertThat(result.output(next)).isFalse();
            assertThat(result.output(same)).isEqualTo(result.output(rude)).startsWith("flowengine-worker-");
        }
    }
}
