package dev.flowengine.durable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.MapRef;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowError;
import dev.flowengine.node.Items;
import dev.flowengine.node.NodeContext;
import dev.flowengine.node.Tolerance;
import dev.flowengine.node.TypeRef;
import dev.flowengine.persistence.NodeRecord;
import dev.flowengine.persistence.tck.InMemoryExecutionStore;
import dev.flowengine.testing.NeedsOverlap;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("S33 S41 maps in a store: wherever an engine is lost, another one goes on with the lanes that were open")
@Timeout(120)
class MapCrashTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final TypeRef<List<Integer>> NUMBERS = new TypeRef<>() {};

    private final Map<String, AtomicInteger> calls = new ConcurrentHashMap<>();

    @Test
    @DisplayName("S42 what had completed for an item is not done again, and every item has rows of its own")
    void nothing_is_done_again() throws Exception {
        InMemoryExecutionStore memory = new InMemoryExecutionStore();
        AtomicBoolean held = new AtomicBoolean(true);
        FlowBuilder f = Flow.builder("again");
        TriggerRef<List<Integer>> numbers = f.trigger("numbers", NUMBERS);
        MapRef<Integer> all = f.map("each", numbers, each -> {
                    NodeRef<Integer> first = f.contextNode("first", each, (n, context) -> counted(context, n))
                            .returns(Integer.class);
                    return f.contextNode("second", first, (n, context) -> {
                                counted(context, n);
                                if (n == 2 && held.get()) {
                                    await().atMost(PATIENCE).until(context.cancellation()::isRequested);
                                }
                                return 10 * n;
                            })
                            .returns(Integer.class);
                })
                .concurrency(3);
        Flow flow = f.build();
        String id = left(memory, flow, List.of(1, 2, 3, 4, 5), "second/2", () -> calls.containsKey("second/1"));
        held.set(false);
        ExecutionResult end = goneOn(memory, flow, id);
        assertThat(end.output(all)).containsExactly(10, 20, 30, 40, 50);
        assertThat(calls).hasSize(10);
        assertThat(calls.get("first/2")).hasValue(1);
        List<NodeRecord> rows = memory.load(id).orElseThrow().nodes();
        assertThat(rows).allMatch(row -> row.status().isSettled());
        assertThat(rows.stream().filter(row -> row.key().nodeId().equals("second")))
                .extracting(row -> row.key().iteration().toString())
                .containsExactlyInAnyOrder("1", "2", "3", "4", "5");
    }

    @Test
    @NeedsOverlap
    @DisplayName(
            "S33 a stream that is opened again has to yield the same items: the map fails naming the one that differs")
    void another_order() throws Exception {
        InMemoryExecutionStore memory = new InMemoryExecutionStore();
        AtomicBoolean again = new AtomicBoolean();
        FlowBuilder f = Flow.builder("changing");
        TriggerRef<List<Integer>> numbers = f.trigger("numbers", NUMBERS);
        f.<List<Integer>, Integer, Integer>mapOver(
                        "each",
                        numbers,
                        all -> Items.of(all.stream().map(n -> again.get() && n == 2 ? 7 : n)),
                        each -> {
                            each.returns(Integer.class);
                            return f.contextNode("work", each, (n, context) -> {
                                        counted(context, n);
                                        if (!again.get()) {
                                            await().atMost(PATIENCE).until(context.cancellation()::isRequested);
                                        }
                                        return n;
                                    })
                                    .returns(Integer.class);
                        })
                .concurrency(2);
        Flow flow = f.build();
        String id = left(memory, flow, List.of(1, 2, 3), "work/1", () -> calls.containsKey("work/2"));
        again.set(true);
        ExecutionResult end = goneOn(memory, flow, id);
        FlowError failure = end.snapshot().node("each").orElseThrow().failure().orElseThrow();
        assertThat(failure.kind()).isEqualTo(FailureKind.INVALID_FLOW_STATE);
        assertThat(failure.message()).contains("'each'").contains("another item 2");
        assertThat(calls).doesNotContainKey("work/3");
    }

    @Test
    @NeedsOverlap
    @DisplayName(
            "S33 S43 the flow may come back with a larger concurrency; one too small for what is in work parks the execution")
    void another_concurrency() throws Exception {
        InMemoryExecutionStore memory = new InMemoryExecutionStore();
        AtomicBoolean held = new AtomicBoolean(true);
        String id = left(memory, held(3, held), List.of(1, 2, 3, 4, 5), "work/1", () -> calls.size() == 3);
        try (FlowEngine narrow = Durable.engine(memory)) {
            narrow.register(held(2, held));
            await().atMost(PATIENCE).until(() -> narrow.find(id).orElseThrow().status() == ExecutionStatus.PARKED);
        }
        held.set(false);
        try (FlowEngine wide = Durable.engine(memory)) {
            wide.register(held(5, held));
            FlowExecution run = wide.find(id).orElseThrow();
            run.resume();
            ExecutionResult end = run.await(PATIENCE).orElseThrow();
            assertThat(end.outputs("each").asMap()).containsEntry("done", List.of(10, 20, 30, 40, 50));
        }
    }

    private Flow held(int concurrency, AtomicBoolean held) {
        FlowBuilder f = Flow.builder("tuned");
        TriggerRef<List<Integer>> numbers = f.trigger("numbers", NUMBERS);
        f.map(
                        "each",
                        numbers,
                        each -> f.contextNode("work", each, (n, context) -> {
                                    counted(context, n);
                                    if (held.get()) {
                                        await().atMost(PATIENCE).until(context.cancellation()::isRequested);
                                    }
                                    return 10 * n;
                                })
                                .returns(Integer.class))
                .concurrency(concurrency);
        return f.build();
    }

    @Test
    @DisplayName("an ended execution is read from the store as it ended")
    void read_again() throws Exception {
        InMemoryExecutionStore memory = new InMemoryExecutionStore();
        FlowBuilder f = Flow.builder("read");
        TriggerRef<List<Integer>> numbers = f.trigger("numbers", NUMBERS);
        MapRef<Integer> all = f.map(
                        "each",
                        numbers,
                        each -> f.node("work", each, n -> 10 / (n - 2)).returns(Integer.class))
                .tolerate(Tolerance.ofPercent(40));
        f.node("told", all.summary(), summary -> summary.failed() + " of " + summary.items())
                .returns(String.class);
        Flow flow = f.build();
        String id;
        try (FlowEngine engine = Durable.engine(memory)) {
            id = engine.executeFromTrigger(flow, "numbers", List.of(1, 2, 3))
                    .await()
                    .executionId();
        }
        try (FlowEngine another = Durable.engine(memory)) {
            another.register(flow);
            ExecutionResult read = another.find(id).orElseThrow().await();
            assertThat(read.output(all)).containsExactly(-10, 10);
            assertThat(read.output("told", String.class)).isEqualTo("1 of 3");
        }
    }

    private String left(
            InMemoryExecutionStore memory, Flow flow, List<Integer> data, String call, Callable<Boolean> more) {
        FlowEngine lost = Durable.engine(memory);
        FlowExecution run = lost.executeFromTrigger(flow, "numbers", data);
        await().atMost(PATIENCE).until(() -> calls.containsKey(call) && more.call());
        lost.close(Duration.ZERO);
        memory.advance(Durable.LEASE.multipliedBy(2));
        return run.id();
    }

    private static ExecutionResult goneOn(InMemoryExecutionStore memory, Flow flow, String id) throws Exception {
        try (FlowEngine next = Durable.engine(memory)) {
            next.register(flow);
            return next.find(id).orElseThrow().await(PATIENCE).orElseThrow();
        }
    }

    private Integer counted(NodeContext context, Integer value) {
        String key = context.idempotencyKey();
        calls.computeIfAbsent(key.substring(key.indexOf('/') + 1), any -> new AtomicInteger())
                .incrementAndGet();
        return value;
    }
}
