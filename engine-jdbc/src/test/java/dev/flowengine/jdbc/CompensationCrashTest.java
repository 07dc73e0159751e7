package dev.flowengine.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.flow.CompensationPolicy;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.FlowException;
import dev.flowengine.persistence.ExecutionStore;
import dev.flowengine.persistence.RunQuery;
import dev.flowengine.persistence.RunRecord;
import dev.flowengine.persistence.tck.FaultyExecutionStore;
import dev.flowengine.persistence.tck.StoreCall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("S26 S41 R1 compensations on a database: wherever an engine is lost, another one undoes the rest")
@Timeout(300)
class CompensationCrashTest {
    private static final Set<StoreCall> WRITES = Set.of(StoreCall.CREATE, StoreCall.APPLY);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Over only where the clock is set forward. */
    private static final Duration LEASE = Duration.ofMinutes(10);

    @Test
    @DisplayName("before and after each write, on H2: one that succeeds, one that fails for good")
    void at_every_write() throws Exception {
        Database.Opened database = Database.H2.open();
        try (JdbcFixture fixture = new JdbcFixture(database.database().dataSource(), database::close)) {
            FaultyExecutionStore counted =
                    FaultyExecutionStore.of(fixture.store()).counting(WRITES);
            List<String> expected;
            try (FlowEngine engine = engine(counted)) {
                expected = outcome(engine.executeFromTrigger(flow(0), "t", 1).await());
            }
            assertThat(expected).containsExactly("FAILED", "hotel FAILED 2 full", "flight COMPLETED 1 ");
            for (int write = 1; write <= counted.writes(); write++) {
                mustEndAs(expected, fixture, write, true);
                mustEndAs(expected, fixture, write, false);
            }
        }
    }

    private static void mustEndAs(List<String> expected, JdbcFixture fixture, int write, boolean before)
            throws Exception {
        // A flow of its own for each, so that no engine takes over what another has left.
        Flow flow = flow(2 * write + (before ? 0 : 1));
        FaultyExecutionStore store = FaultyExecutionStore.of(fixture.store()).counting(WRITES);
        if (before) {
            store.dieBefore(write);
        } else {
            store.dieAfter(write);
        }
        lose(store, flow);
        fixture.advance(LEASE.multipliedBy(2));
        List<RunRecord> kept =
                fixture.store().query(RunQuery.all(1).flow(flow.id())).runs();
        if (kept.isEmpty()) {
            assertThat(write).as("lost before it was kept").isEqualTo(1);
            return;
        }
        try (FlowEngine next = engine(fixture.anotherStore())) {
            next.register(flow);
            ExecutionResult end = next.find(kept.get(0).executionId())
                    .orElseThrow()
                    .await(PATIENCE)
                    .orElseThrow();
            assertThat(outcome(end))
                    .as((before ? "before" : "after") + " write " + write)
                    .isEqualTo(expected);
        }
    }

    /** Starts an execution on an engine that is cut off from its store sooner or later, and then gone. */
    private static void lose(FaultyExecutionStore store, Flow flow) throws InterruptedException {
        FlowEngine lost = engine(store);
        AtomicBoolean ended = new AtomicBoolean();
        // A start whose answer never comes is given up by its caller.
        Thread caller = new Thread(() -> {
            try {
                lost.executeFromTrigger(flow, "t", 1).completion().thenRun(() -> ended.set(true));
            } catch (FlowException interrupted) {
                assertThat(interrupted).hasMessageContaining("may start all the same");
            }
        });
        caller.start();
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).until(() -> store.isDead() || ended.get());
        caller.interrupt();
        caller.join();
        lost.close(Duration.ZERO);
    }

    private static List<String> outcome(ExecutionResult result) {
        List<String> outcome = new ArrayList<>();
        outcome.add(result.status().name());
        result.compensations()
                .forEach(each -> outcome.add(each.nodeId() + " " + each.status() + " " + each.attempt() + " "
                        + each.failure().map(error -> error.message()).orElse("")));
        return outcome;
    }

    private static FlowEngine engine(ExecutionStore store) {
        return FlowEngine.builder()
                .store(store)
                .lease(LEASE)
                .sweepInterval(Duration.ofMillis(20))
                .cancelGrace(Duration.ofMillis(200))
                .build();
    }

    private static Flow flow(int number) {
        FlowBuilder f = Flow.builder("saga-" + number)
                .compensate(CompensationPolicy.onFailure()
                        .retry(RetryPolicy.fixed(Duration.ofMillis(1)).maxAttempts(2)));
        TriggerRef<Integer> t = f.trigger("t", Integer.class);
        NodeRef<Integer> flight = f.node("flight", t, n -> n + 1)
                .returns(Integer.class)
                .compensate((value, context) -> assertThat(value).isEqualTo(2));
        NodeRef<Integer> hotel = f.node("hotel", flight, n -> n + 1)
                .returns(Integer.class)
                .compensate((value, context) -> {
                    throw new IllegalStateException("full");
                });
        f.action("pay", hotel, n -> {
            throw new IllegalArgumentException("no money");
        });
        return f.build();
    }
}
