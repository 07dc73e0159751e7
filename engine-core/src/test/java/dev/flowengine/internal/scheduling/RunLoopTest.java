package dev.flowengine.internal.scheduling;

import static dev.flowengine.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.FlowDefinition;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.internal.machine.ExecutionMachine;
import dev.flowengine.internal.machine.NodeFailure;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowError;
import dev.flowengine.model.FlowException;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.testing.Threads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunLoopTest {
    private static final FlowError ERROR = new FlowError(FailureKind.NODE_EXECUTION_FAILED, "a.B", "", "", "n", 1, "");
    private final Workers workers = new Workers(2);

    @AfterEach
    void stop() {
        workers.shutdown();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    @DisplayName("a reader never sees a batch half applied: a node failed and its dependent not yet skipped")
    void readers_see_the_state_between_batches(int posters) throws Exception {
        int pairs = 20_000;
        Loop run = new Loop(workers, pairs(pairs));
        run.post(ExecutionMachine::start);

        Threads.together(posters + 1, thread -> {
            if (thread == posters) {
                do {
                    int failed = run.loop.read(machine -> failedIfConsistent(machine, pairs));
                    assertThat(failed)
                            .as("a failed node without its skipped dependent")
                            .isNotNegative();
                } while (run.ended.getCount() > 0);
            } else {
                for (int i = thread; i < pairs; i += posters) {
                    int node = 1 + i;
                    run.post(machine -> machine.failed(node, 1, new NodeFailure(ERROR, null), null));
                }
            }
        });

        assertThat(run.ended.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(run.loop.<Integer>read(machine -> failedIfConsistent(machine, pairs)))
                .isEqualTo(pairs);
    }

    @Test
    @DisplayName("a failing signal never leaves the run open")
    void a_signal_that_throws_ends_the_run_as_a_defect() throws Exception {
        Loop run = new Loop(workers, pairs(2));
        run.post(ExecutionMachine::start);
        run.post(machine -> {
            throw new IllegalArgumentException("broken part");
        });
        run.post(machine -> machine.completed(1, 1, "late"));

        assertThat(run.ended.await(30, TimeUnit.SECONDS)).isTrue();

        FlowException failure = run.loop.read(ExecutionMachine::failure);
        assertThat(run.loop.read(ExecutionMachine::status)).isEqualTo(ExecutionStatus.FAILED);
        assertThat(failure.kind()).isEqualTo(FailureKind.INVALID_FLOW_STATE);
        assertThat(failure).hasMessageContaining("broken part").hasCauseInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @DisplayName("a signal that throws an Error, after which the machine still takes what follows")
    void an_error_in_a_signal_ends_the_run_too() throws Exception {
        Loop run = new Loop(workers, pairs(1));
        CountDownLatch reached = new CountDownLatch(1);
        run.post(machine -> {
            throw new StackOverflowError();
        });
        run.post(machine -> reached.countDown());

        assertThat(run.ended.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(reached.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(run.loop.read(ExecutionMachine::status)).isEqualTo(ExecutionStatus.FAILED);
    }

    @Test
    @DisplayName("a node whose start cannot be shown, so that the execution ends, is not run after that end")
    void no_body_runs_after_the_end() throws Exception {
        FlowBuilder f = Flow.builder("line");
        NodeRef<Integer> a = f.node("a", f.trigger("t", Integer.class), n -> n).cpuBound();
        NodeRef<Integer> b = f.node("b", a, n -> n).cpuBound();
        f.node("c", b, n -> n).cpuBound();
        List<String> ran = new CopyOnWriteArrayList<>();
        AtomicReference<Loop> self = new AtomicReference<>();
        // One, so that the worker that ran 'a' is the one that starts 'b', which it then announces.
        Workers one = new Workers(1);
        Loop run = new Loop(one, f.build(), node -> {
            ran.add(self.get().layout.definition(node).id());
            return Loop.signal(machine -> machine.completed(node, 1, 1));
        });
        self.set(run);
        run.watch = machine -> {
            if (machine.status() == ExecutionStatus.RUNNING
                    && machine.nodes().status(run.layout.numberOf("b")) == NodeStatus.RUNNING) {
                throw new IllegalStateException("cannot be shown");
            }
        };
        run.post(ExecutionMachine::start);

        assertThat(run.ended.await(30, TimeUnit.SECONDS)).isTrue();
        one.shutdown();
        assertThat(run.loop.read(ExecutionMachine::status)).isEqualTo(ExecutionStatus.FAILED);
        assertThat(ran).containsExactly("a");
    }

    @Test
    @DisplayName("a drain is bounded: a run with thousands of signals lets another run's signal pass")
    void one_run_does_not_hog_the_worker_with_signals() throws Exception {
        Workers one = new Workers(1);
        try {
            List<String> order = new ArrayList<>();
            CountDownLatch hold = new CountDownLatch(1);
            CountDownLatch done = new CountDownLatch(1);
            one.execute(() -> awaitUninterrupted(done));
            one.executePromptly(() -> awaitUninterrupted(hold));
            Loop big = new Loop(one, pairs(1));
            Loop small = new Loop(one, pairs(1));
            for (int i = 0; i < 10_000; i++) {
                big.post(machine -> order.add("big"));
            }
            small.post(machine -> order.add("small"));
            big.post(machine -> done.countDown());

            hold.countDown();

            assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(order).hasSize(10_001);
            assertThat(order.indexOf("small")).isBetween(1, 1_000);
        } finally {
            one.shutdown();
        }
    }

    @Test
    @DisplayName("a slice is bounded: a run of 100,000 nodes lets a run of three pass on the only worker")
    void one_run_does_not_hog_the_worker_with_nodes() throws Exception {
        int bigSize = 100_000;
        AtomicInteger progress = new AtomicInteger();
        AtomicInteger progressAtSmallEnd = new AtomicInteger();
        AtomicReference<FlowExecution> smallRun = new AtomicReference<>();
        Flow small = smallFlow(() -> progressAtSmallEnd.set(progress.get()));
        FlowBuilder f = Flow.builder("big");
        TriggerRef<Integer> start = f.trigger("start", Integer.class);
        try (FlowEngine engine = FlowEngine.builder().workers(1).build()) {
            for (int i = 0; i < bigSize; i++) {
                f.node("n" + i, start, n -> {
                            if (progress.incrementAndGet() == 1_000) {
                                FlowExecution run = engine.executeFromTrigger(small, "start", 1);
                                smallRun.set(run);
                                // Its start is taken in beside the only worker, on a thread that may have to wait.
                                await().until(() -> isReady(run, "a"));
                            }
                            return n;
                        })
                        .cpuBound();
            }

            assertThat(engine.executeFromTrigger(f.build(), start, 1).await().status())
                    .isEqualTo(ExecutionStatus.COMPLETED);

            assertThat(smallRun.get().await(Duration.ofSeconds(30)))
                    .hasValueSatisfying(end -> assertThat(end.status()).isEqualTo(ExecutionStatus.COMPLETED));
            assertThat(progress.get()).isEqualTo(bigSize);
            assertThat(progressAtSmallEnd.get()).isBetween(1_000, bigSize - 1);
        }
    }

    private static boolean isReady(FlowExecution run, String node) {
        return run.snapshot().node(node).orElseThrow().status() == NodeStatus.QUEUED;
    }

    private static Flow smallFlow(Runnable atEnd) {
        FlowBuilder f = Flow.builder("small");
        NodeRef<Integer> a =
                f.node("a", f.trigger("start", Integer.class), n -> n).cpuBound();
        NodeRef<Integer> b = f.node("b", a, n -> n).cpuBound();
        f.action("c", b, n -> atEnd.run()).cpuBound();
        return f.build();
    }

    /** Trigger t, then a0 … an, then their dependents, so that the two of a pair lie far apart. */
    private static Flow pairs(int count) {
        FlowDefinition flow = Flow.definition("pairs").trigger("t");
        for (String kind : List.of("a", "b")) {
            for (int i = 0; i < count; i++) {
                flow.add(NodeDefinition.builder(kind + i).body(context -> 1).build());
            }
        }
        for (int i = 0; i < count; i++) {
            flow.connect("t", "a" + i).connect("a" + i, "b" + i);
        }
        return flow.build();
    }

    /** How many nodes have failed, or -1 if not exactly their dependents are skipped. */
    private static int failedIfConsistent(ExecutionMachine machine, int pairs) {
        int failed = 0;
        for (int i = 0; i < pairs; i++) {
            boolean source = machine.nodes().status(1 + i) == NodeStatus.FAILED;
            boolean dependent = machine.nodes().status(1 + pairs + i) == NodeStatus.SKIPPED;
            if (source != dependent) {
                return -1;
            }
            failed += source ? 1 : 0;
        }
        return failed;
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
