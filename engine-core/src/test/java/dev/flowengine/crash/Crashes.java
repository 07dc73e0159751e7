package dev.flowengine.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FlowException;
import dev.flowengine.persistence.ExecutionStore;
import dev.flowengine.persistence.NodeKey;
import dev.flowengine.persistence.NodeRecord;
import dev.flowengine.persistence.RunQuery;
import dev.flowengine.persistence.RunRecord;
import dev.flowengine.persistence.tck.FaultyExecutionStore;
import dev.flowengine.persistence.tck.StoreCall;
import dev.flowengine.persistence.tck.StoreFixture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Stream;

/** Loses engines at their writes, and has others on the same store go on. */
public final class Crashes {
    private static final Set<StoreCall> WRITES = Set.of(StoreCall.CREATE, StoreCall.APPLY);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int MOST_RUNS = 10;

    private final CrashCase what;
    private final StoreFixture fixture;
    private final Duration lease;
    private final Function<ExecutionStore, FlowEngine> engines;
    private int executions;

    /**
     * Prepares.
     *
     * @param what is executed
     * @param fixture the store
     * @param lease of the engines; long enough to be over only where the clock is set forward
     * @param engines makes them
     */
    public Crashes(CrashCase what, StoreFixture fixture, Duration lease, Function<ExecutionStore, FlowEngine> engines) {
        this.what = what;
        this.fixture = fixture;
        this.lease = lease;
        this.engines = engines;
    }

    /** The moments before and after each write of an execution that nothing hinders. */
    public List<CrashPoint> points() throws InterruptedException {
        CrashExecution execution = next();
        prepare(execution);
        FaultyExecutionStore counted = FaultyExecutionStore.of(fixture.store()).counting(WRITES);
        try (FlowEngine engine = engine(counted, execution)) {
            mustEndAsEver(execution, start(execution, engine));
        }
        assertThat(counted.writes()).isGreaterThan(4);
        List<CrashPoint> points = new ArrayList<>();
        for (int write = 1; write <= counted.writes(); write++) {
            points.add(new CrashPoint(write, true));
            points.add(new CrashPoint(write, false));
        }
        return points;
    }

    /** Loses an engine at each of these moments, one after the other: the execution ends as if nothing had happened. */
    public void at(List<CrashPoint> points) {
        for (CrashPoint point : points) {
            try {
                at(point);
            } catch (InterruptedException | RuntimeException | AssertionError failure) {
                throw new AssertionError(what + ", lost " + point, failure);
            }
        }
    }

    private void at(CrashPoint point) throws InterruptedException {
        CrashExecution execution = next();
        Set<String> prepared = prepare(execution);
        FaultyExecutionStore store = FaultyExecutionStore.of(fixture.store()).counting(WRITES);
        if (point.before()) {
            store.dieBefore(point.write());
        } else {
            store.dieAfter(point.write());
        }
        lose(engine(store, execution), store, engine -> start(execution, engine));
        fixture.advance(lease.multipliedBy(2));
        Optional<String> kept = runs(execution)
                .map(RunRecord::executionId)
                .filter(id -> !prepared.contains(id))
                .findFirst();
        if (kept.isEmpty()) {
            assertThat(point).as("lost before it was kept").isEqualTo(new CrashPoint(1, true));
            return;
        }
        try (FlowEngine next = engine(fixture.anotherStore(), execution)) {
            FlowExecution run = next.find(kept.get()).orElseThrow();
            execution.send(run);
            mustEndAsEver(execution, run);
        }
    }

    private static FlowExecution start(CrashExecution execution, FlowEngine engine) {
        FlowExecution run = execution.start(engine);
        try {
            execution.send(run);
        } catch (FlowException cutOff) {
            // Then it is sent again.
        }
        return run;
    }

    /**
     * Starts an execution on an engine that is cut off from its store sooner or later, or ends it all the same, as how many writes there
     * are depends on what comes together; and closes the engine.
     */
    public static void lose(FlowEngine lost, FaultyExecutionStore store, Function<FlowEngine, FlowExecution> start)
            throws InterruptedException {
        AtomicBoolean ended = new AtomicBoolean();
        // A start whose answer never comes is given up by its caller.
        Thread caller = new Thread(() -> {
            try {
                start.apply(lost).completion().thenRun(() -> ended.set(true));
            } catch (FlowException interrupted) {
                assertThat(interrupted).hasMessageContaining("may start all the same");
            }
        });
        caller.start();
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(1)) // many engines are lost
                .until(() -> store.isDead() || ended.get());
        caller.interrupt();
        caller.join();
        lost.close(Duration.ZERO);
    }

    private void mustEndAsEver(CrashExecution execution, FlowExecution run) throws InterruptedException {
        ExecutionResult end = run.await(PATIENCE)
                .orElseThrow(() -> new AssertionError("still " + run.status() + ": "
                        + run.snapshot().nodes().stream()
                                .map(node -> node.nodeId() + " " + node.status())
                                .toList()));
        assertThat(execution.outcome(end)).isEqualTo(what.outcome());
        assertThat(end.snapshot().nodes()).allMatch(node -> node.status().isSettled());
        List<NodeRecord> rows = fixture.store().load(run.id()).orElseThrow().nodes();
        assertThat(rows).allMatch(row -> row.status().isSettled());
        Set<NodeKey> keys = new HashSet<>();
        assertThat(rows).allMatch(row -> keys.add(row.key()));
        assertThat(runs(execution))
                .as("nothing is left behind")
                .extracting(left -> left.state().status())
                .allMatch(ExecutionStatus::isTerminal);
    }

    /** The ids of the executions there are before. */
    private Set<String> prepare(CrashExecution execution) throws InterruptedException {
        execution.prepare(() -> engine(fixture.store(), execution));
        Set<String> prepared = new HashSet<>();
        runs(execution).map(RunRecord::executionId).forEach(prepared::add);
        return prepared;
    }

    /** The executions of its flows, those of the first one first. */
    private Stream<RunRecord> runs(CrashExecution execution) {
        return execution.flows().stream()
                .flatMap(flow -> fixture.store().query(RunQuery.all(MOST_RUNS).flow(flow.id())).runs().stream());
    }

    private FlowEngine engine(ExecutionStore store, CrashExecution execution) {
        FlowEngine engine = engines.apply(store);
        execution.flows().forEach(engine::register);
        return engine;
    }

    private CrashExecution next() {
        return what.execution(what.name().toLowerCase(Locale.ROOT) + "-" + ++executions);
    }
}
