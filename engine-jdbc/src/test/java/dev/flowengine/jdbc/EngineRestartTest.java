package dev.flowengine.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.flowengine.FlowEngine;
import dev.flowengine.execution.EngineHealth;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.Flow;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.node.NodeContext;
import dev.flowengine.persistence.NodeRecord;
import dev.flowengine.persistence.RunImage;
import dev.flowengine.persistence.RunQuery;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The engine above a database that goes away and comes back. */
@DisplayName("R8 S43 an engine whose database is away for longer than its lease")
@Timeout(300)
class EngineRestartTest {
    /** Executions with a body that ends while the database is away. */
    private static final int HELD = 20;
    /** How many threads start executions all the time. */
    private static final int STARTERS = 4;

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    static Path folder;

    private final CountDownLatch open = new CountDownLatch(1);
    private final AtomicInteger returned = new AtomicInteger();
    /** How often each body has begun. */
    private final Map<String, AtomicInteger> begun = new ConcurrentHashMap<>();

    private final ExecutorService executor = Executors.newFixedThreadPool(STARTERS);
    private final Flow flow = WorkerFlow.of(this::body);
    private volatile boolean goesOn = true;

    @AfterEach
    void end() {
        goesOn = false;
        open.countDown();
        executor.shutdownNow();
    }

    @Test
    @DisplayName("goes on: nothing is lost, and what ended meanwhile is kept without being done again")
    void goes_on() throws Exception {
        try (RestartableServer server = new RestartableServer(folder);
                HikariDataSource pool = server.pool(6)) {
            JdbcExecutionStore store = JdbcExecutionStore.create(pool);
            try (FlowEngine engine = FlowEngine.builder()
                    .store(store)
                    .lease(Duration.ofSeconds(2))
                    .sweepInterval(Duration.ofMillis(100))
                    .build()) {
                engine.register(flow);
                List<FlowExecution> held = startThatWait(engine);
                List<Future<Integer>> load = load(engine);
                await().atMost(PATIENCE).until(() -> begun.keySet().containsAll(middles(held)));

                server.stop();
                await().atMost(PATIENCE).until(() -> says(engine, "nothing starts until it is"));
                open.countDown();
                await().atMost(PATIENCE)
                        .until(() -> returned.get() == HELD && says(engine, "The store does not write"));
                server.start();

                assertKept(held);
                await().atMost(PATIENCE).until(() -> engine.health().status() == EngineHealth.Status.UP);
                assertThat(startedAfterwards(engine)).isEqualTo(WorkerFlow.sumOf(7));
                // First the end of the load: what it starts while the store is read would be missing there.
                int loaded = ended(load);
                assertThat(store.query(RunQuery.all(100_000)).runs())
                        .hasSize(HELD + loaded + 1)
                        .allSatisfy(
                                run -> endedOnce(store.load(run.executionId()).orElseThrow()));
            }
        }
    }

    private List<FlowExecution> startThatWait(FlowEngine engine) {
        List<FlowExecution> held = new ArrayList<>();
        for (int i = 0; i < HELD; i++) {
            held.add(engine.executeFromTrigger(flow, WorkerFlow.TRIGGER, -1));
        }
        return held;
    }

    private List<Future<Integer>> load(FlowEngine engine) {
        List<Future<Integer>> load = new ArrayList<>();
        for (int i = 0; i < STARTERS; i++) {
            load.add(executor.submit(() -> startAndAwait(engine)));
        }
        return load;
    }

    private void assertKept(List<FlowExecution> held) throws InterruptedException {
        for (FlowExecution run : held) {
            assertThat(sum(run)).isEqualTo(WorkerFlow.sumOf(-1));
        }
        assertThat(middles(held))
                .as("what ended meanwhile")
                .allMatch(body -> begun.get(body).get() == 1);
    }

    /** How many executions the load has come to, once it has ended. */
    private int ended(List<Future<Integer>> load) throws Exception {
        goesOn = false;
        int more = 0;
        for (Future<Integer> one : load) {
            more += one.get();
        }
        assertThat(more).isPositive();
        return more;
    }

    /** Executions one after the other, each of which ends as it should; returns how many. */
    private int startAndAwait(FlowEngine engine) throws InterruptedException {
        int started = 0;
        for (; goesOn; started++) {
            FlowExecution run = engine.executeFromTrigger(flow, WorkerFlow.TRIGGER, started);
            assertThat(sum(run)).isEqualTo(WorkerFlow.sumOf(started));
        }
        return started;
    }

    private int startedAfterwards(FlowEngine engine) throws InterruptedException {
        return sum(engine.executeFromTrigger(flow, WorkerFlow.TRIGGER, 7));
    }

    private static int sum(FlowExecution run) throws InterruptedException {
        ExecutionResult end = run.await(PATIENCE).orElseThrow();
        return end.output("sum", Integer.class);
    }

    private static List<String> middles(List<FlowExecution> runs) {
        return runs.stream().map(run -> run.id() + "/" + WorkerFlow.MIDDLE).toList();
    }

    private static boolean says(FlowEngine engine, String what) {
        return engine.health().reasons().stream().anyMatch(reason -> reason.contains(what));
    }

    private static void endedOnce(RunImage image) {
        assertThat(image.run().ownership().epoch()).as("nobody took it over").isEqualTo(1);
        assertThat(image.nodes())
                .extracting(row -> row.key().nodeId())
                .containsExactlyInAnyOrderElementsOf(WorkerFlow.NODES);
        assertThat(image.nodes()).extracting(NodeRecord::status).containsOnly(NodeStatus.COMPLETED);
    }

    private void body(NodeContext context) throws InterruptedException {
        begun.computeIfAbsent(context.idempotencyKey(), any -> new AtomicInteger())
                .incrementAndGet();
        if (context.nodeId().equals(WorkerFlow.MIDDLE) && Integer.valueOf(0).equals(context.input())) {
            open.await();
            returned.incrementAndGet();
        }
    }
}
