package dev.flowengine.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.flow.BranchRef;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.MapRef;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.ItemFailure;
import dev.flowengine.node.MapSummary;
import dev.flowengine.node.Tolerance;
import dev.flowengine.node.TypeRef;
import dev.flowengine.persistence.ExecutionStore;
import dev.flowengine.persistence.RunQuery;
import dev.flowengine.persistence.RunRecord;
import dev.flowengine.persistence.tck.FaultyExecutionStore;
import dev.flowengine.persistence.tck.StoreCall;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code flowengine.test.crashStride} says at how many of the writes engines are lost: at each one with 1. */
@Timeout(300)
class MapCrashTest {
    private static final int STRIDE = Integer.getInteger("flowengine.test.crashStride", 3);
    private static final Set<StoreCall> WRITES = Set.of(StoreCall.CREATE, StoreCall.APPLY);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Over only where the clock is set forward. */
    private static final Duration LEASE = Duration.ofMinutes(10);

    private static final List<Integer> DATA = List.of(1, 2, 5, 3, 4);
    private static final String EXPECTED = "[1, 2, 100, -100] of 5, without [5]";

    private final AtomicInteger shakes = new AtomicInteger();

    @Test
    @DisplayName("R1 R25 S33 before and after writes, on H2: a map with branches, a retry and a tolerated failure")
    void at_writes_on_h2() throws Exception {
        Database.Opened database = Database.H2.open();
        try (JdbcFixture fixture = new JdbcFixture(database.database().dataSource(), database::close)) {
            FaultyExecutionStore counted =
                    FaultyExecutionStore.of(fixture.store()).counting(WRITES);
            try (FlowEngine engine = engine(counted)) {
                Flow flow = flow(0);
                assertThat(told(engine.executeFromTrigger(flow, "numbers", DATA).await()))
                        .isEqualTo(EXPECTED);
            }
            for (int write = 1; write <= counted.writes(); write += STRIDE) {
                crash(fixture, write, true);
                crash(fixture, write, false);
            }
        }
    }

    private void crash(JdbcFixture fixture, int write, boolean before) throws Exception {
        // A flow of its own, so that no engine takes over what another one has left.
        Flow flow = flow(2 * write + (before ? 1 : 2));
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
            assertThat(write).isEqualTo(1);
            return;
        }
        try (FlowEngine next = engine(fixture.anotherStore())) {
            next.register(flow);
            ExecutionResult end = next.find(kept.get(0).executionId())
                    .orElseThrow()
                    .await(PATIENCE)
                    .orElseThrow();
            assertThat(told(end))
                    .as((before ? "before" : "after") + " write " + write)
                    .isEqualTo(EXPECTED);
        }
    }

    private static void lose(FaultyExecutionStore store, Flow flow) throws InterruptedException {
        FlowEngine lost = engine(store);
        AtomicBoolean ended = new AtomicBoolean();
        // A start whose answer never comes is given up by its caller.
        Thread caller = new Thread(() -> {
            try {
                // How many writes there are depends on what comes together: the last ones may not come at all.
                lost.executeFromTrigger(flow, "numbers", DATA).completion().thenRun(() -> ended.set(true));
            } catch (FlowException interrupted) {
                assertThat(interrupted).hasMessageContaining("may start all the same");
            }
        });
        caller.start();
        await().atMost(PATIENCE).until(() -> store.isDead() || ended.get());
        caller.interrupt();
        caller.join();
        lost.close(Duration.ZERO);
    }

    private static String told(ExecutionResult end) {
        return end.output("told", String.class);
    }

    private static FlowEngine engine(ExecutionStore store) {
        return FlowEngine.builder()
                .store(store)
                .lease(LEASE)
                .sweepInterval(Duration.ofMillis(20))
                .cancelGrace(Duration.ofMillis(200))
                .build();
    }

    private Flow flow(int number) {
        FlowBuilder f = Flow.builder("map-" + number);
        TriggerRef<List<Integer>> numbers = f.trigger("numbers", new TypeRef<List<Integer>>() {});
        MapRef<Integer> each = f.map("each", numbers, n -> {
                    BranchRef<Integer> size =
                            f.branch("size", n).when("big", v -> v > 2).otherwise("small");
                    NodeRef<Integer> big =
                            f.node("big", size.on("big"), v -> 100 / (v - 4)).returns(Integer.class);
                    NodeRef<Integer> small = f.node("small", size.on("small"), this::shaky)
                            .returns(Integer.class)
                            .retry(RetryPolicy.fixed(Duration.ofMillis(1)).maxAttempts(9));
                    return f.merge("either", big, small);
                })
                .concurrency(2)
                .tolerate(Tolerance.ofFailures(1));
        f.node("told", each, each.summary(), MapCrashTest::sentence).returns(String.class);
        return f.build();
    }

    private Integer shaky(Integer value) {
        if (shakes.incrementAndGet() % 2 == 1) {
            throw new IllegalStateException("not yet");
        }
        return value;
    }

    private static String sentence(List<Integer> all, MapSummary summary) {
        List<Integer> without =
                summary.failures().stream().map(ItemFailure::item).toList();
        return all + " of " + summary.items() + ", without " + without;
    }
}
