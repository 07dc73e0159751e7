package dev.flowengine.durable;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.crash.Crashes;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.MapRef;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.node.Items;
import dev.flowengine.node.MapSummary;
import dev.flowengine.node.NodeContext;
import dev.flowengine.node.Tolerance;
import dev.flowengine.node.TypeRef;
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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName(
        "S29 S33 S41 redrives of maps: wherever an engine is lost, another one goes on without the items taken over")
@Timeout(120)
class ItemRedriveCrashTest {
    private static final Set<StoreCall> WRITES = Set.of(StoreCall.CREATE, StoreCall.APPLY);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final TypeRef<List<Integer>> NUMBERS = new TypeRef<>() {};
    private static final List<Integer> DATA = List.of(1, 2, 3, 4, 5, 6, 7, 8);

    private final Map<String, AtomicInteger> calls = new ConcurrentHashMap<>();
    private final Set<Integer> broken = ConcurrentHashMap.newKeySet();

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisplayName("R1 R2 R35 before and after each write: of a list, and of a stream")
    void at_every_write(boolean list) throws Exception {
        Flow flow = flow(list);
        InMemoryExecutionStore memory = new InMemoryExecutionStore();
        FaultyExecutionStore counted = FaultyExecutionStore.of(memory).counting(WRITES);
        String failed = failed(memory, flow);
        try (FlowEngine engine = Durable.engine(counted)) {
            mustHaveTakenOver(redrive(engine, flow, failed).await(), "unhindered");
        }
        long writes = counted.writes();
        assertThat(writes).isGreaterThan(8);
        int unkept = 0;
        for (int write = 1; write <= writes; write++) {
            for (boolean before : new boolean[] {true, false}) {
                String moment = (before ? "before" : "after") + " write " + write;
                Optional<ExecutionResult> end = crash(flow, write, before);
                unkept += end.isEmpty() ? 1 : 0;
                end.ifPresent(result -> mustHaveTakenOver(result, moment));
            }
        }
        assertThat(unkept).as("lost before they were kept").isEqualTo(1);
    }

    /** How a redrive ends whose engine was cut off from its store; empty if that was before it was kept. */
    private Optional<ExecutionResult> crash(Flow flow, int write, boolean before) throws Exception {
        InMemoryExecutionStore memory = new InMemoryExecutionStore();
        String failed = failed(memory, flow);
        FaultyExecutionStore store = FaultyExecutionStore.of(memory).counting(WRITES);
        if (before) {
            store.dieBefore(write);
        } else {
            store.dieAfter(write);
        }
        Crashes.lose(Durable.engine(store), store, engine -> redrive(engine, flow, failed));
        memory.advance(Durable.LEASE.multipliedBy(2));
        List<RunRecord> kept = memory.query(RunQuery.all(2).redriveOf(failed)).runs();
        if (kept.isEmpty()) {
            return Optional.empty();
        }
        try (FlowEngine next = Durable.engine(memory)) {
            next.register(flow);
            FlowExecution run = next.find(kept.get(0).executionId()).orElseThrow();
            return Optional.of(run.await(PATIENCE)
                    .orElseThrow(() -> new AssertionError(
                            "write " + write + ": " + run.snapshot().nodes())));
        }
    }

    /** An execution in which three items have failed, which is one more than is tolerated. */
    private String failed(InMemoryExecutionStore memory, Flow flow) throws Exception {
        broken.addAll(List.of(2, 4, 5));
        try (FlowEngine engine = Durable.engine(memory)) {
            ExecutionResult failed =
                    engine.executeFromTrigger(flow, "numbers", DATA).await();
            assertThat(failed.status()).isEqualTo(ExecutionStatus.FAILED);
            return failed.executionId();
        } finally {
            broken.clear();
            calls.clear();
        }
    }

    private static FlowExecution redrive(FlowEngine engine, Flow flow, String failed) {
        engine.register(flow);
        return engine.redrive(failed).start();
    }

    private void mustHaveTakenOver(ExecutionResult end, String moment) {
        assertThat(end.status()).as(moment).isEqualTo(ExecutionStatus.COMPLETED);
        assertThat(end.output("total", String.class))
                .as(moment)
                .isEqualTo("[10, 20, 30, 40, 50, 60, 70, 80] of 8, failed 0");
        List<Integer> reused = end.snapshot().reusedItems("each");
        assertThat(reused).as(moment).contains(1, 3).doesNotContain(2, 4, 5);
        IntStream.rangeClosed(1, DATA.size()).forEach(item -> {
            for (String node : List.of("first/", "second/")) {
                int times = calls.getOrDefault(node + item, new AtomicInteger()).get();
                assertThat(times)
                        .as("%s: calls of %s", moment, node + item)
                        .isBetween(reused.contains(item) ? 0 : 1, reused.contains(item) ? 0 : 2);
            }
        });
    }

    private Flow flow(boolean list) {
        FlowBuilder f = Flow.builder("redriven items");
        TriggerRef<List<Integer>> numbers = f.trigger("numbers", NUMBERS);
        MapRef<Integer> each = f.<List<Integer>, Integer, Integer>mapOver(
                        "each", numbers, all -> list ? Items.of(all) : Items.of(all.stream()), item -> {
                            item.returns(Integer.class);
                            NodeRef<Integer> first = f.contextNode("first", item, (n, context) -> called(context, n))
                                    .returns(Integer.class);
                            return f.contextNode("second", first, (n, context) -> 10 * called(context, n))
                                    .returns(Integer.class);
                        })
                .concurrency(2)
                .tolerate(Tolerance.ofFailures(2));
        f.node("total", each, each.summary(), ItemRedriveCrashTest::told).returns(String.class);
        return f.build();
    }

    private static String told(List<Integer> all, MapSummary summary) {
        return all + " of " + summary.items() + ", failed " + summary.failed();
    }

    private int called(NodeContext context, int item) {
        String key = context.idempotencyKey();
        calls.computeIfAbsent(key.substring(key.indexOf('/') + 1), any -> new AtomicInteger())
                .incrementAndGet();
        if (broken.contains(item) && context.nodeId().equals("second")) {
            throw new IllegalStateException("broken: " + item);
        }
        return item;
    }
}
