package dev.flowengine.internal.scheduling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.TriggerRef;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class WorkersTest {

    @Test
    @DisplayName("S28 what is prompt waits for no body, however many workers are in the middle of one")
    void what_is_prompt_waits_for_no_body() throws Exception {
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
        workers.executePromptly(reached::countDown);

        assertThat(reached.await(30, TimeUnit.SECONDS)).isTrue();
        stuck.countDown();
        workers.shutdown();
    }

    @Test
    void what_is_prompt_runs_on_a_worker_that_has_nothing_else_to_do() throws Exception {
        Workers workers = new Workers(1);
        try {
            for (int i = 0; i < 100; i++) {
                CompletableFuture<String> where = new CompletableFuture<>();
                workers.executePromptly(
                        () -> where.complete(Thread.currentThread().getName()));
                assertThat(where.get(30, TimeUnit.SECONDS)).matches("flowengine-(worker|control)-1");
                if (i == 0) {
                    assertThat(where).isCompletedWithValue("flowengine-worker-1");
                }
            }
        } finally {
            workers.shutdown();
        }
    }

    @Test
    void work_after_the_shutdown_is_dropped_without_a_word_but_what_is_prompt_runs_here() {
        Workers workers = new Workers(1);
        workers.shutdown();

        workers.execute(() -> {
            throw new AssertionError("must not run");
        });
        AtomicReference<Thread> prompt = new AtomicReference<>();
        workers.executePromptly(() -> prompt.set(Thread.currentThread()));
        assertThat(prompt).hasValue(Thread.currentThread());

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

    @Test
    @DisplayName("S28 what is prompt waits for no body, whoever adds one at the same moment")
    void what_is_prompt_never_queues_behind_a_body() throws Exception {
        for (int round = 0; round < 3_000; round++) {
            Workers workers = new Workers(1);
            CountDownLatch release = new CountDownLatch(1);
            CountDownLatch prompt = new CountDownLatch(1);
            CyclicBarrier together = new CyclicBarrier(2);
            Thread other = new Thread(() -> {
                awaitAt(together);
                workers.execute(() -> awaitOpen(release));
            });
            other.start();
            awaitAt(together);
            workers.executePromptly(prompt::countDown);
            assertThat(prompt.await(30, TimeUnit.SECONDS)).as("round %d", round).isTrue();
            release.countDown();
            other.join();
            workers.shutdown();
        }
    }

    private static void awaitAt(CyclicBarrier barrier) {
        try {
            barrier.await(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("nobody came to the barrier", e);
        }
    }

    private static void awaitOpen(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
