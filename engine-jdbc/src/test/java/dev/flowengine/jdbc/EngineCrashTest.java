package dev.flowengine.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.BranchRef;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FlowError;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.NodeContext;
import dev.flowengine.persistence.ExecutionStore;
import dev.flowengine.persistence.RunQuery;
import dev.flowengine.persistence.RunRecord;
import dev.flowengine.persistence.tck.FaultyExecutionStore;
import dev.flowengine.persistence.tck.StoreCall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Branches, a retry, an error output, a failure, a step and a pause, cut before and after each write. */
@DisplayName(
        "R1 R2 S41 wherever an engine is lost, another one on the same database ends its executions as it would have")
@Timeout(600)
class EngineCrashTest {
    private static final Set<StoreCall> WRITES = Set.of(StoreCall.CREATE, StoreCall.APPLY);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Over only where the clock is set forward. */
    private static final Duration LEASE = Duration.ofMinutes(10);

    private static final int SAMPLE = 5;

    private final Map<String, AtomicInteger> calls = new ConcurrentHashMap<>();
    private final Set<String> paused = ConcurrentHashMap.newKeySet();
    private volatile FlowEngine engine;

    @Test
    @DisplayName("before and after each write, on H2")
    void at_every_write_on_h2() throws Exception {
        crashAt(Database.H2, points(Database.H2));
    }

    @ParameterizedTest
    @EnumSource(names = {"POSTGRESQL", "MARIADB"})
    @DisplayName("before and after some writes, which a seed chooses")
    void at_some_writes(Database kind) throws Exception {
        long seed = Long.getLong("flowengine.test.seed", 5);
        List<Point> points = points(kind);
        Collections.shuffle(points, new Random(seed));
        crashAt(kind, points.subList(0, SAMPLE));
    }

    @ParameterizedTest
    @EnumSource(names = {"POSTGRESQL", "MARIADB"})
    @Tag("long")
    @DisplayName("before and after each write")
    void at_every_write(Database kind) throws Exception {
        crashAt(kind, points(kind));
    }

    /** All moments at which an execution can be cut. */
    private List<Point> points(Database kind) throws Exception {
        try (Opened opened = new Opened(kind)) {
            FaultyExecutionStore counted =
                    FaultyExecutionStore.of(opened.fixture.store()).counting(WRITES);
            assertThat(unhindered(counted)).containsEntry("sum", "COMPLETED").containsEntry("bad", "FAILED");
            assertThat(counted.writes()).isGreaterThan(7);
            List<Point> points = new ArrayList<>();
            for (int write = 1; write <= counted.writes(); write++) {
                points.add(new Point(write, true));
                points.add(new Point(write, false));
            }
            return points;
        }
    }

    private void crashAt(Database kind, List<Point> points) throws Exception {
        try (Opened opened = new Opened(kind)) {
            Map<String, String> expected = unhindered(opened.fixture.store());
            for (Point point : points) {
                try {
                    endsAs(expected, opened, point);
                } catch (RuntimeException | AssertionError failure) {
                    throw new AssertionError("cut off " + point + " on " + kind, failure);
                }
            }
        }
    }

    private void endsAs(Map<String, String> expected, Opened opened, Point point) throws Exception {
        Optional<Map<String, String>> end = crash(opened, point);
        if (end.isEmpty()) {
            assertThat(point).as("lost before it was kept").isEqualTo(new Point(1, true));
        } else {
            assertThat(end.get()).isEqualTo(expected);
        }
    }

    private Map<String, String> unhindered(ExecutionStore store) throws Exception {
        Flow flow = flow();
        try (FlowEngine one = engine(store)) {
            engine = one;
            return end(one, one.executeFromTrigger(flow, "t", 4).id());
        }
    }

    /** How an execution ends whose engine was cut off from its store; empty if that was before it was kept. */
    private Optional<Map<String, String>> crash(Opened opened, Point point) throws Exception {
        Flow flow = flow();
        FaultyExecutionStore store =
                FaultyExecutionStore.of(opened.fixture.store()).counting(WRITES);
        if (point.before()) {
            store.dieBefore(point.write());
        } else {
            store.dieAfter(point.write());
        }
        lose(store, flow);
        opened.fixture.advance(LEASE.multipliedBy(2));
        List<RunRecord> kept =
                opened.fixture.store().query(RunQuery.all(1).flow(flow.id())).runs();
        if (kept.isEmpty()) {
            return Optional.empty();
        }
        try (FlowEngine next = engine(opened.fixture.anotherStore())) {
            engine = next;
            next.register(flow);
            return Optional.of(end(next, kept.get(0).executionId()));
        }
    }

    /** Starts an execution on an engine that is cut off from its store sooner or later, and then gone. */
    private void lose(FaultyExecutionStore store, Flow flow) throws InterruptedException {
        FlowEngine lost = engine(store);
        engine = lost;
        AtomicReference<String> started = new AtomicReference<>("");
        // A start whose answer never comes is given up by its caller.
        Thread caller = new Thread(() -> {
            try {
                started.set(lost.executeFromTrigger(flow, "t", 4).id());
            } catch (FlowException interrupted) {
                assertThat(interrupted).hasMessageContaining("may start all the same");
            }
        });
        caller.start();
        // How many writes there are depends on what comes together: the last ones may not come at all.
        patiently().until(() -> store.isDead() || (!started.get().isEmpty() && hasEnded(lost, started.get())));
        caller.interrupt();
        caller.join();
        lost.close(Duration.ZERO);
    }

    /** Resumes it when it is paused; true once it has ended. */
    private static boolean hasEnded(FlowEngine engine, String id) {
        try {
            FlowExecution run = engine.find(id).orElseThrow();
            ExecutionStatus status = run.status();
            if (status == ExecutionStatus.PAUSED) {
                run.resume();
            }
            return status.isTerminal();
        } catch (FlowException dead) {
            return false;
        }
    }

    /** Resumes it when it is paused, and tells how it ended. */
    private static Map<String, String> end(FlowEngine engine, String id) throws InterruptedException {
        patiently().until(() -> hasEnded(engine, id));
        ExecutionResult result = engine.find(id).orElseThrow().await();
        Map<String, String> states = new TreeMap<>();
        result.snapshot()
                .nodes()
                .forEach(node -> states.put(node.nodeId(), node.status().name()));
        states.put("", result.status().name());
        states.put("sum of", String.valueOf(result.output("sum", Integer.class)));
        return states;
    }

    private static ConditionFactory patiently() {
        return await().atMost(PATIENCE).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(5));
    }

    private static FlowEngine engine(ExecutionStore store) {
        return FlowEngine.builder()
                .store(store)
                .lease(LEASE)
                .sweepInterval(Duration.ofMillis(20))
                .cancelGrace(Duration.ofMillis(200))
                .build();
    }

    /** A flow of its own for each execution, so that no engine takes over what another test has left. */
    private Flow flow() {
        FlowBuilder f = Flow.builder("crash-" + calls.size()).version("1");
        AtomicInteger shakes = calls.computeIfAbsent("crash-" + calls.size(), any -> new AtomicInteger());
        TriggerRef<Integer> t = f.trigger("t", Integer.class);
        NodeRef<Integer> twice = f.contextNode("twice", t, (number, context) -> {
                    pauseOnce(context);
                    return 2 * number;
                })
                .returns(Integer.class);
        NodeRef<Integer> shaky = f.contextNode("shaky", twice, (number, context) -> {
                    int more = context.step("more", Integer.class, () -> 1);
                    if (shakes.incrementAndGet() % 2 == 1) {
                        throw new IllegalStateException("not yet");
                    }
                    return number + more;
                })
                .returns(Integer.class)
                .retry(RetryPolicy.fixed(Duration.ofMillis(1)).maxAttempts(5));
        BranchRef<Integer> size =
                f.branch("size", twice).when("big", n -> n > 100).otherwise("small");
        NodeRef<Integer> big = f.node("big", size.on("big"), n -> n).returns(Integer.class);
        NodeRef<Integer> small = f.node("small", size.on("small"), n -> -n).returns(Integer.class);
        NodeRef<Integer> either = f.merge("either", big, small);
        NodeRef<Integer> handled =
                f.node("handled", t, EngineCrashTest::failing).returns(Integer.class);
        NodeRef<String> told = f.node("told", handled.error(), (FlowError error) -> error.summary() + error.input())
                .returns(String.class);
        f.node("bad", either, EngineCrashTest::failing).returns(Integer.class);
        f.node("sum", shaky, either, told, (a, b, c) -> a + b + c.length()).returns(Integer.class);
        return f.build();
    }

    /** The first body pauses its own execution, which somebody else resumes. */
    private void pauseOnce(NodeContext context) {
        String id = context.execution().executionId();
        if (paused.add(id)) {
            engine.pause(id);
        }
    }

    private static Integer failing(Integer value) {
        throw new IllegalArgumentException("will not take " + value);
    }

    /** When an execution is cut. */
    private record Point(int write, boolean before) {
        @Override
        public String toString() {
            return (before ? "before" : "after") + " write " + write;
        }
    }

    /** A database for one test, whose clock can be set forward. */
    private static final class Opened implements AutoCloseable {
        private final JdbcFixture fixture;

        Opened(Database kind) {
            Database.Opened database = kind.open();
            fixture = new JdbcFixture(database.database().dataSource(), database::close);
        }

        @Override
        public void close() {
            fixture.close();
        }
    }
}
