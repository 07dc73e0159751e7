package dev.flowengine.failure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.execution.EngineHealth;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.ErrorHandling;
import dev.flowengine.flow.FlowDefinition;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowError;
import dev.flowengine.model.NodeStatus;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("R14 bodies that do not stop are given up and replaced")
class AbandonedBodiesTest {
    private static final Duration LIMIT = Duration.ofSeconds(1);

    private final CountDownLatch release = new CountDownLatch(1);
    private final Semaphore inside = new Semaphore(0);

    @AfterEach
    void let_go() {
        release.countDown();
    }

    /** Ignores everything until the test lets it go. */
    private NodeDefinition.Builder deaf(String id) {
        return Nodes.node(id, context -> {
                    inside.release();
                    Nodes.ignoreInterruptsUntil(release);
                    return "late";
                })
                .timeout(LIMIT);
    }

    /** Waits until one more body runs. */
    private void awaitInside() {
        Bench.awaitUntil("a body runs", inside::tryAcquire);
    }

    private void loseOne(Bench bench) {
        FlowExecution run = bench.start(Nodes.line(deaf("deaf").build()));
        awaitInside();
        bench.time().advance(LIMIT);
        assertThat(kindOf(Bench.ended(run), "deaf")).isEqualTo(FailureKind.NODE_TIMEOUT);
    }

    private static FailureKind kindOf(ExecutionResult result, String node) {
        return Bench.node(result, node).failure().orElseThrow().kind();
    }

    @Test
    @DisplayName(
            "R14 with one body thread, the place of a body that ignores its interrupt is given to the next at once")
    void the_place_is_given_back_at_once() {
        try (Bench bench = Bench.with(builder -> builder.bodyThreads(1))) {
            FlowExecution run = bench.start(Nodes.lineOf(deaf("deaf").build())
                    .add(Nodes.fine("other").build())
                    .connect("t", "other")
                    .build());
            awaitInside();
            assertThat(Bench.node(run, "other").status()).isEqualTo(NodeStatus.QUEUED);
            bench.time().advance(LIMIT);

            ExecutionResult result = Bench.ended(run);
            assertThat(result.status()).isEqualTo(ExecutionStatus.PARTIAL);
            assertThat(result.output("other", String.class)).isEqualTo("other");
            for (int i = 0; i < 5; i++) {
                loseOne(bench);
            }
            assertThat(bench.run(Nodes.line(Nodes.fine("a").build())).status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
    }

    @Test
    @DisplayName("R14 still no more bodies run at once than allowed, once given-up ones have come back")
    void the_limit_holds_after_bodies_came_back() {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        FlowDefinition fan = Nodes.fanOf();
        for (int i = 0; i < 50; i++) {
            fan.add(Nodes.node("n" + i, context -> {
                                most.accumulateAndGet(now.incrementAndGet(), Math::max);
                                Thread.onSpinWait();
                                return now.decrementAndGet();
                            })
                            .build())
                    .connect("t", "n" + i);
        }
        try (Bench bench = Bench.with(builder -> builder.bodyThreads(1))) {
            for (int i = 0; i < 3; i++) {
                loseOne(bench);
            }
            release.countDown();
            assertThat(bench.run(fan.build()).status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(most).hasValue(1);
        }
    }

    @Test
    @DisplayName(
            "S28 maxAbandoned bodies are replaced; beyond that nodes fail with LIMIT_EXCEEDED, until one comes back")
    void beyond_the_limit_nodes_fail() {
        for (int max : new int[] {0, 1, 3}) {
            CountDownLatch own = new CountDownLatch(1);
            try (Bench bench = Bench.with(builder -> builder.bodyThreads(1).maxAbandoned(max))) {
                NodeDefinition deaf = Nodes.node("deaf", context -> {
                            inside.release();
                            Nodes.ignoreInterruptsUntil(own);
                            return 1;
                        })
                        .timeout(LIMIT)
                        .build();
                for (int i = 0; i <= max; i++) {
                    FlowExecution run = bench.start(Nodes.line(deaf));
                    awaitInside();
                    bench.time().advance(LIMIT);
                    assertThat(kindOf(Bench.ended(run), "deaf")).isEqualTo(FailureKind.NODE_TIMEOUT);
                }
                Bench.awaitUntil("the place of the last is given up", () -> isExhausted(bench));

                FlowError failure = Bench.node(
                                bench.run(Nodes.line(Nodes.fine("a").build())), "a")
                        .failure()
                        .orElseThrow();
                assertThat(failure.kind()).isEqualTo(FailureKind.LIMIT_EXCEEDED);
                assertThat(failure.attempt()).isZero();
                assertThat(failure.message())
                        .isEqualTo(max + 1 + " bodies have not returned although they timed out or were cancelled, "
                                + "and hold their threads; no more than " + max + " may");
                assertThat(failure.suggestedResolution()).contains("interrupted");
                mustBeDegraded(bench.engine().health(), max);

                own.countDown();
                Bench.awaitUntil("bodies start again", () -> !isExhausted(bench));
                Bench.awaitUntil("all are back", () -> bench.engine().health().abandonedBodies() == 0);
                assertThat(bench.engine().health().status()).isEqualTo(EngineHealth.Status.UP);
                assertThat(bench.engine().health().lateResults()).isEqualTo(max + 1);
            }
        }
    }

    private static void mustBeDegraded(EngineHealth health, int max) {
        assertThat(health.status()).isEqualTo(EngineHealth.Status.DEGRADED);
        assertThat(health.abandonedBodies()).isEqualTo(max + 1);
        assertThat(health.reasons())
                .containsExactly(max + 1 + " bodies that timed out or were cancelled have not returned; beyond " + max
                        + " no further body is started.");
    }

    private static boolean isExhausted(Bench bench) {
        ExecutionResult result = bench.run(Nodes.line(Nodes.fine("probe").build()));
        return result.status() == ExecutionStatus.FAILED && kindOf(result, "probe") == FailureKind.LIMIT_EXCEEDED;
    }

    @Test
    @DisplayName("S28 bodies in line behind lost threads fail too: a row of deaf bodies cannot take a thread each")
    void bodies_in_line_fail_too() {
        FlowDefinition fan = Nodes.fanOf();
        for (int i = 0; i < 20; i++) {
            fan.add(deaf("n" + i).build()).connect("t", "n" + i);
        }
        try (Bench bench = Bench.with(builder -> builder.bodyThreads(1).maxAbandoned(2))) {
            FlowExecution run = bench.start(fan.build());
            for (int i = 0; i < 3; i++) {
                awaitInside();
                bench.time().awaitPending(1);
                bench.time().advance(LIMIT);
            }
            ExecutionResult result = Bench.ended(run);
            assertThat(result.snapshot().nodes())
                    .filteredOn(node -> node.failure().isPresent())
                    .hasSize(20)
                    .filteredOn(node -> node.failure().orElseThrow().kind() == FailureKind.LIMIT_EXCEEDED)
                    .hasSize(17);
        }
    }

    @Test
    @DisplayName("S28 S21 a node that found no thread handles that like any failure, without a retry")
    void a_refused_node_handles_its_failure() {
        try (Bench bench = Bench.with(builder -> builder.bodyThreads(1).maxAbandoned(0))) {
            loseOne(bench);
            Bench.awaitUntil("the place is given up", () -> isExhausted(bench));

            ExecutionResult result = bench.run(Nodes.line(
                    Nodes.fine("a").onError(ErrorHandling.fallback("plan B")).build()));
            assertThat(result.output("a", String.class)).isEqualTo("plan B");
        }
    }

    @Test
    @DisplayName("S28 on the host's own executor given-up bodies are counted, but never limit what starts")
    void on_a_hosts_executor_they_are_only_counted() {
        ExecutorService host = Executors.newCachedThreadPool();
        try (Bench bench =
                Bench.with(builder -> builder.bodyExecutor(host).bodyThreads(1).maxAbandoned(0))) {
            for (int i = 0; i < 5; i++) {
                loseOne(bench);
            }
            assertThat(bench.run(Nodes.line(Nodes.fine("a").build())).status()).isEqualTo(ExecutionStatus.COMPLETED);
            Bench.awaitUntil("all are counted", () -> bench.engine().health().abandonedBodies() == 5);
            assertThat(bench.engine().health().status()).isEqualTo(EngineHealth.Status.UP);
        } finally {
            release.countDown();
            host.shutdown();
        }
    }

    @Test
    @DisplayName("R16 timeouts fire although every body thread is busy: of attempts, queued nodes and runs")
    void timeouts_fire_although_every_body_thread_is_busy() {
        NodeDefinition queued = Nodes.fine("queued").nodeTimeout(LIMIT).build();
        try (Bench bench = Bench.with(builder -> builder.workers(1).bodyThreads(1))) {
            FlowExecution busy = bench.start(
                    Nodes.line(deaf("deaf").timeout(LIMIT.multipliedBy(2)).build()));
            awaitInside();
            FlowExecution waiting = bench.start(Nodes.line(queued));
            Bench.awaitNode(waiting, "queued", NodeStatus.QUEUED);
            bench.time().awaitPending(2);
            bench.time().advance(LIMIT);
            assertThat(kindOf(Bench.ended(waiting), "queued")).isEqualTo(FailureKind.NODE_TIMEOUT);

            bench.time().advance(LIMIT);
            assertThat(kindOf(Bench.ended(busy), "deaf")).isEqualTo(FailureKind.NODE_TIMEOUT);
        }
    }

    @Test
    @DisplayName("R16 a body is interrupted by its timeout although every worker is held by a computing body")
    void a_body_is_interrupted_although_every_worker_is_busy() throws InterruptedException {
        CountDownLatch interrupted = new CountDownLatch(1);
        NodeDefinition slow = Nodes.node("slow", context -> {
                    inside.release();
                    try {
                        Nodes.awaitOpen(release);
                    } catch (InterruptedException e) {
                        interrupted.countDown();
                        throw e;
                    }
                    return 1;
                })
                .timeout(LIMIT)
                .build();
        NodeDefinition greedy = Nodes.node("greedy", context -> {
                    inside.release();
                    Nodes.ignoreInterruptsUntil(release);
                    return 1;
                })
                .cpuBound()
                .build();
        try (Bench bench = Bench.with(builder -> builder.workers(1))) {
            FlowExecution timed = bench.start(Nodes.line(slow));
            awaitInside();
            FlowExecution computing = bench.start(Nodes.line(greedy));
            awaitInside();
            bench.time().advance(LIMIT);
            Nodes.awaitOpen(interrupted);
            release.countDown();

            assertThat(kindOf(Bench.ended(timed), "slow")).isEqualTo(FailureKind.NODE_TIMEOUT);
            assertThat(Bench.ended(computing).status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
    }
}
