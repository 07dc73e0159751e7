package dev.flowengine.durable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.CompensationState;
import dev.flowengine.execution.Durability;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.CompensationPolicy;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.NodeContext;
import dev.flowengine.persistence.RunQuery;
import dev.flowengine.persistence.RunRecord;
import dev.flowengine.persistence.tck.FaultyExecutionStore;
import dev.flowengine.persistence.tck.InMemoryExecutionStore;
import dev.flowengine.persistence.tck.StoreCall;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName(
        "S26 S41 R1 wherever an engine is lost that compensates, or will, another one ends the execution as it would have")
@Timeout(120)
class CompensationCrashTest {
    private static final Set<StoreCall> WRITES = Set.of(StoreCall.CREATE, StoreCall.APPLY);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** What compensations have done, by their idempotency key without the execution. */
    private final Map<String, AtomicInteger> undone = new ConcurrentHashMap<>();

    private final Map<String, AtomicInteger> tries = new ConcurrentHashMap<>();

    @ParameterizedTest
    @EnumSource
    @DisplayName(
            "before and after each write: a chain beside a chain, one that is repeated, one that fails, one with a step")
    void at_every_write(Durability durability) throws Exception {
        Flow flow = flow();
        FaultyExecutionStore counted =
                FaultyExecutionStore.of(new InMemoryExecutionStore()).counting(WRITES);
        Map<String, String> expected;
        try (FlowEngine engine = builder(counted, durability)) {
            expected = outcome(engine.executeFromTrigger(flow, "t", 1).await());
        }
        assertThat(expected)
                .containsEntry("", "FAILED")
                .containsEntry("~flight", "COMPLETED")
                .containsEntry("~hotel", "COMPLETED")
                .containsEntry("~car", "FAILED")
                .containsEntry("~cruise", "COMPLETED");
        assertThat(undone).allSatisfy((key, times) -> assertThat(times).as(key).hasValue(1));
        long writes = counted.writes();
        assertThat(writes).isGreaterThan(9);

        for (int write = 1; write <= writes; write++) {
            boolean[] moments = durability == Durability.SYNC ? new boolean[] {true, false} : new boolean[] {false};
            for (boolean before : moments) {
                String moment = (before ? "before" : "after") + " write " + write;
                undone.clear();
                tries.clear();
                crash(flow, write, before, durability)
                        .ifPresent(end -> assertThat(outcome(end)).as(moment).isEqualTo(expected));
                assertThat(undone)
                        .as("%s: at least once, and again only where its outcome was lost", moment)
                        .allSatisfy(
                                (key, times) -> assertThat(times.get()).as(key).isBetween(1, 2));
            }
        }
    }

    private static FlowEngine builder(FaultyExecutionStore store, Durability durability) {
        return Durable.builder(store).durability(durability).build();
    }

    private Flow flow() {
        FlowBuilder f = Flow.builder("saga")
                .compensate(CompensationPolicy.always()
                        .retry(RetryPolicy.fixed(Duration.ofMillis(1)).maxAttempts(3)));
        TriggerRef<Integer> t = f.trigger("t", Integer.class);
        NodeRef<Integer> flight = f.node("flight", t, n -> n + 1)
                .returns(Integer.class)
                .compensate((value, context) -> undo(context, value));
        NodeRef<Integer> hotel = f.node("hotel", flight, n -> n + 1)
                .returns(Integer.class)
                .compensate((value, context) -> {
                    if (tries.computeIfAbsent("hotel", any -> new AtomicInteger())
                                    .incrementAndGet()
                            == 1) {
                        throw new IllegalStateException("not yet");
                    }
                    context.step("cancel", Integer.class, () -> undo(context, value));
                });
        NodeRef<Integer> car = f.node("car", hotel, n -> n + 1)
                .returns(Integer.class)
                .compensate((value, context) -> {
                    throw new IllegalStateException("the car is gone");
                });
        NodeRef<Integer> cruise = f.node("cruise", t, n -> n * 10)
                .returns(Integer.class)
                .compensate((value, context) -> undo(context, value));
        f.action("pay", car, n -> {
                    throw new IllegalArgumentException("no money");
                })
                .after(cruise);
        return f.build();
    }

    private Integer undo(NodeContext context, Integer value) {
        String key = context.idempotencyKey();
        int times = undone.computeIfAbsent(key.substring(key.indexOf('/') + 1), any -> new AtomicInteger())
                .incrementAndGet();
        assertThat(value).isIn(2, 3, 10);
        return times;
    }

    /** How an execution ends whose engine was cut off from its store; empty if that was before it was kept. */
    private static Optional<ExecutionResult> crash(Flow flow, int write, boolean before, Durability durability)
            throws Exception {
        InMemoryExecutionStore memory = new InMemoryExecutionStore();
        FaultyExecutionStore store = FaultyExecutionStore.of(memory).counting(WRITES);
        if (before) {
            store.dieBefore(write);
        } else {
            store.dieAfter(write);
        }
        lose(store, flow, durability);
        memory.advance(Durable.LEASE.multipliedBy(2));
        List<RunRecord> kept = memory.query(RunQuery.all(1)).runs();
        if (kept.isEmpty()) {
            return Optional.empty();
        }
        try (FlowEngine next = Durable.engine(memory)) {
            next.register(flow);
            FlowExecution run = next.find(kept.get(0).executionId()).orElseThrow();
            return Optional.of(run.await(PATIENCE)
                    .orElseThrow(() -> new AssertionError("write " + write + ": "
                            + run.snapshot().status() + " " + run.snapshot().compensations())));
        }
    }

    /** Starts an execution on an engine that is cut off from its store sooner or later, and then gone. */
    private static void lose(FaultyExecutionStore store, Flow flow, Durability durability) throws InterruptedException {
        FlowEngine lost = builder(store, durability);
        AtomicBoolean ended = new AtomicBoolean();
        // A start whose answer never comes is given up by its caller.
        Thread caller = new Thread(() -> {
            try {
                // How many writes there are depends on what comes together: the last ones may not come at all.
                lost.executeFromTrigger(flow, "t", 1).completion().thenRun(() -> ended.set(true));
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

    private static Map<String, String> outcome(ExecutionResult result) {
        Map<String, String> outcome = new TreeMap<>();
        result.snapshot()
                .nodes()
                .forEach(node -> outcome.put(node.nodeId(), node.status().name()));
        for (CompensationState compensation : result.compensations()) {
            outcome.put("~" + compensation.nodeId(), compensation.status().name());
        }
        assertThat(result.compensations())
                .as("the last that completed first")
                .extracting(CompensationState::nodeId)
                .containsSubsequence("car", "hotel", "flight");
        outcome.put("", result.status().name());
        outcome.put("why", result.failure().orElseThrow().getMessage().replaceAll("[0-9a-f-]{36}", "…"));
        return outcome;
    }
}
