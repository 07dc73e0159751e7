package dev.flowengine.failure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.event.ExecutionFinished;
import dev.flowengine.event.NodeAttemptFailed;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.ErrorHandling;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowDefinition;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.flow.Timeouts;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.node.RunOptions;
import dev.flowengine.testing.Engines;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Failures that go on and on come to an end, and nothing of them runs on threads that are not the engine's. */
class NoEndlessLoopTest {
    private static final RetryPolicy FOR_EVER = RetryPolicy.fixed(Duration.ZERO).maxAttempts(Integer.MAX_VALUE);

    @Test
    @DisplayName("R27 500 attempts end, one by one; the first hundred need no wait, the others have a floor delay")
    void many_attempts_end() {
        AtomicInteger calls = new AtomicInteger();
        for (boolean cpuBound : new boolean[] {false, true}) {
            calls.set(0);
            NodeDefinition.Builder node = Nodes.node("a", context -> {
                        calls.incrementAndGet();
                        throw new IllegalStateException("attempt " + context.attempt());
                    })
                    .retry(RetryPolicy.fixed(Duration.ZERO).maxAttempts(500));
            try (Bench bench = Bench.observed()) {
                FlowExecution run = bench.start(Nodes.line((cpuBound ? node.cpuBound() : node).build()));
                Bench.awaitUntil(
                        "it has a floor delay",
                        () -> run.status() == ExecutionStatus.WAITING
                                && Bench.node(run, "a").attempt() == 100);
                Bench.awaitUntil("it ends", () -> {
                    bench.time().advance(Duration.ofMillis(10));
                    return run.status().isTerminal();
                });
                ExecutionResult result = Bench.ended(run);

                assertThat(calls).hasValue(500);
                assertThat(Bench.node(result, "a").attempt()).isEqualTo(500);
                assertThat(result.executionPath()).containsExactly("t", "a");
                assertThat(bench.eventsOf(result, ExecutionFinished.class)).hasSize(1);
            }
        }
    }

    @Test
    @DisplayName("R27 S28 a node that fails for ever leaves room for other runs with one thread, and a cancel ends it")
    void a_node_that_fails_for_ever_can_be_cancelled() {
        Flow endless = Nodes.line(Nodes.failing("a").retry(FOR_EVER).build());
        try (Bench bench = Bench.with(builder -> builder.workers(1).bodyThreads(1))) {
            FlowExecution run = bench.start(endless);
            Bench.awaitUntil("it is at it", () -> Bench.node(run, "a").attempt() > 10);
            for (int i = 0; i < 20; i++) {
                assertThat(bench.run(Nodes.line(
                                        Nodes.fine("b").build(),
                                        Nodes.fine("c").cpuBound().build()))
                                .status())
                        .isEqualTo(ExecutionStatus.COMPLETED);
            }
            run.cancel("enough");

            assertThat(Bench.ended(run).status()).isEqualTo(ExecutionStatus.CANCELLED);
            assertThat(bench.time().pending()).isZero();
        }
    }

    @Test
    @DisplayName("R27 a node timeout, a run timeout and a close each end a node that fails for ever")
    void limits_end_a_node_that_fails_for_ever() {
        Duration limit = Duration.ofSeconds(10);
        NodeDefinition.Builder node = Nodes.failing("a").retry(FOR_EVER);
        try (Bench bench = Bench.plain()) {
            FlowExecution ofNode =
                    bench.start(Nodes.line(node.nodeTimeout(limit).build()));
            Bench.awaitUntil("it is at it", () -> Bench.node(ofNode, "a").attempt() > 10);
            bench.time().advance(limit);
            assertThat(Bench.node(Bench.ended(ofNode), "a").status()).isEqualTo(NodeStatus.FAILED);

            Flow endless = Nodes.line(Nodes.failing("a").retry(FOR_EVER).build());
            FlowExecution ofRun = bench.engine()
                    .executeFromTrigger(
                            endless, "t", 1, RunOptions.builder().timeout(limit).build());
            Bench.awaitUntil("it is at it", () -> Bench.node(ofRun, "a").attempt() > 10);
            bench.time().advance(limit);
            assertThat(Bench.ended(ofRun).status()).isEqualTo(ExecutionStatus.FAILED);

            FlowExecution closed = bench.start(endless);
            Bench.awaitUntil("it is at it", () -> Bench.node(closed, "a").attempt() > 10);
            bench.engine().close();
            assertThat(Bench.ended(closed).status()).isEqualTo(ExecutionStatus.CANCELLED);
        }
    }

    @Test
    @DisplayName("R27 R18 every node of a wide flow failing, timing out and backing off at once ends, in real time too")
    void a_storm_of_failures_ends() {
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        CountDownLatch never = new CountDownLatch(1);
        RetryPolicy policy = RetryPolicy.exponential(Duration.ofMillis(1))
                .jitter(0.5)
                .maxAttempts(4)
                .when(thrown -> threads.add(Thread.currentThread()) || thrown instanceof Exception);
        FlowDefinition flow =
                Nodes.fanOf().retry(policy).timeouts(Timeouts.none().attempt(Duration.ofMillis(5)));
        for (int i = 0; i < 200; i++) {
            int number = i;
            NodeDefinition.Builder node = NodeDefinition.builder("n" + i);
            if (i % 4 == 0) {
                node.asyncBody(context -> new CompletableFuture<>());
            } else {
                node.body(context -> {
                    threads.add(Thread.currentThread());
                    if (number % 4 == 1) {
                        Nodes.awaitOpen(never);
                    }
                    throw new IllegalStateException("storm");
                });
            }
            flow.add((i % 4 == 3 ? node.cpuBound() : node).build()).connect("t", "n" + i);
        }
        try (var engine = Engines.create()) {
            ExecutionResult result = Bench.ended(engine.executeFromTrigger(flow.build(), "t", 1));

            assertThat(result.status()).isEqualTo(ExecutionStatus.FAILED);
            assertThat(result.snapshot().nodes())
                    .filteredOn(node -> !node.nodeId().equals("t"))
                    .allSatisfy(node -> {
                        assertThat(node.status()).isEqualTo(NodeStatus.FAILED);
                        assertThat(node.attempt()).isEqualTo(4);
                    });
        }
        assertThat(threads).noneMatch(ForkJoinWorkerThread.class::isInstance);
        assertThat(threads).extracting(Thread::getName).allMatch(name -> name.startsWith("flowengine-"));
    }

    @Test
    @DisplayName(
            "R18 recoveries, predicates, backoffs and events run on threads of the engine, never in the common pool")
    void nothing_runs_in_the_common_pool() {
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        RetryPolicy policy = RetryPolicy.custom(failed -> {
                    threads.add(Thread.currentThread());
                    return Duration.ZERO;
                })
                .when(thrown -> {
                    threads.add(Thread.currentThread());
                    return true;
                });
        Flow flow = Nodes.line(
                Nodes.failing("a")
                        .retry(policy)
                        .onError(ErrorHandling.recover(error -> threads.add(Thread.currentThread())))
                        .build(),
                Nodes.failing("b").cpuBound().retry(policy).build());
        try (Bench bench = Bench.observed()) {
            ExecutionResult result = bench.run(flow);
            assertThat(bench.eventsOf(result, NodeAttemptFailed.class)).hasSize(4);
        }
        assertThat(threads).isNotEmpty().noneMatch(ForkJoinWorkerThread.class::isInstance);
        assertThat(threads).extracting(Thread::getName).allMatch(name -> name.startsWith("flowengine-"));
    }
}
