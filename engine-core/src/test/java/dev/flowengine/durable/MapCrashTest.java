package dev.flowengine.durable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.ExecutionSnapshot;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.BranchRef;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.LoopRef;
import dev.flowengine.flow.MapRef;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowError;
import dev.flowengine.model.FlowException;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.node.Items;
import dev.flowengine.node.MapSummary;
import dev.flowengine.node.NodeContext;
import dev.flowengine.node.Tolerance;
import dev.flowengine.node.TypeRef;
import dev.flowengine.persistence.NodeKey;
import dev.flowengine.persistence.NodeRecord;
import dev.flowengine.persistence.RunQuery;
import dev.flowengine.persistence.RunRecord;
import dev.flowengine.persistence.tck.FaultyExecutionStore;
import dev.flowengine.persistence.tck.InMemoryExecutionStore;
import dev.flowengine.persistence.tck.StoreCall;
import dev.flowengine.testing.NeedsOverlap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code flowengine.test.crashStride} says at how many of the writes engines are lost: at each one with 1. */
@DisplayName("S33 S41 maps in a store: wherever an engine is lost, another one goes on with the lanes that were open")
@Timeout(120)
class MapCrashTest {
    private static final int STRIDE = Integer.getInteger("flowengine.test.crashStride", 3);
    private static final Set<StoreCall> WRITES = Set.of(StoreCall.CREATE, StoreCall.APPLY);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final TypeRef<List<List<Integer>>> ROWS = new TypeRef<>() {};
    private static final TypeRef<List<Integer>> NUMBERS = new TypeRef<>() {};
    private static final List<List<Integer>> DATA = List.of(List.of(1, 2, 5), List.of(), List.of(3, 4));

    private final Map<String, AtomicInteger> calls = new ConcurrentHashMap<>();

    @Test
    @DisplayName("R1 R2 R25 before and after each write: branches, a retry and a tolerated failure, in several lanes")
    void at_every_write() throws Exception {
        FlowBuilder f = Flow.builder("map");
        TriggerRef<List<List<Integer>>> rows = f.trigger("rows", ROWS);
        NodeRef<List<Integer>> numbers = f.node(
                        "numbers",
                        rows,
                        all -> all.stream().flatMap(List::stream).toList())
                .returns(NUMBERS);
        MapRef<Integer> each = f.map("each", numbers, n -> {
                    BranchRef<Integer> size =
                            f.branch("size", n).when("big", v -> v > 2).otherwise("small");
                    NodeRef<Integer> big =
                            f.node("big", size.on("big"), v -> 100 / (v - 4)).returns(Integer.class);
                    NodeRef<Integer> shaky = f.node("shaky", size.on("small"), this::shaky)
                            .returns(Integer.class)
                            .retry(RetryPolicy.fixed(Duration.ofMillis(1)).maxAttempts(9));
                    return f.merge("either", big, shaky);
                })
                .concurrency(2)
                .tolerate(Tolerance.ofFailures(1));
        f.node("total", each, each.summary(), MapCrashTest::told).returns(String.class);

        Map<String, String> expected = everywhere(f.build(), 8);

        assertThat(expected)
                .containsEntry("total of", "[1, 2, 100, -100] 5 [5]")
                .containsEntry("", "COMPLETED");
    }

    @Test
    @DisplayName("S32 S33 R1 before and after each write: a map in a map, which has a loop beside it")
    void nested_at_every_write() throws Exception {
        FlowBuilder f = Flow.builder("nested maps");
        TriggerRef<List<List<Integer>>> rows = f.trigger("rows", ROWS);
        MapRef<Integer> outer = f.map("outer", rows, row -> {
                    MapRef<Integer> inner = f.map(
                                    "inner",
                                    row,
                                    n -> f.node("double", n, v -> 2 * v).returns(Integer.class))
                            .concurrency(2);
                    LoopRef<Integer> looped = f.loop(
                            "loop", inner, n -> f.node("plus", n, v -> v + 1).returns(Integer.class));
                    return f.node(
                                    "sum",
                                    looped,
                                    all -> all.stream().mapToInt(v -> v).sum())
                            .returns(Integer.class);
                })
                .concurrency(2);
        f.node("total", outer, String::valueOf).returns(String.class);

        Map<String, String> expected = everywhere(f.build(), 8);

        assertThat(expected).containsEntry("total of", "[19, 0, 16]").containsEntry("", "COMPLETED");
    }

    @Test
    @DisplayName("S33 R1 before and after each write: a map in a loop fails, and handles that")
    void a_failure_that_is_handled() throws Exception {
        FlowBuilder f = Flow.builder("handled maps");
        TriggerRef<List<List<Integer>>> rows = f.trigger("rows", ROWS);
        LoopRef<String> all = f.loop("outer", rows, row -> {
            MapRef<Integer> inner = f.map(
                            "inner",
                            row,
                            n -> f.node("fails at 2", n, v -> 10 / (v - 2)).returns(Integer.class))
                    .concurrency(2)
                    .fallback(List.of(-1));
            return f.node("after", inner, String::valueOf).returns(String.class);
        });
        f.node("total", all, String::valueOf).returns(String.class);

        Map<String, String> expected = everywhere(f.build(), 8);

        assertThat(expected).containsEntry("total of", "[[-1], [], [10, 5]]").containsEntry("", "COMPLETED");
    }

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

    private Integer shaky(Integer value) {
        if (calls.computeIfAbsent("shaky", any -> new AtomicInteger()).incrementAndGet() % 2 == 1) {
            throw new IllegalStateException("not yet");
        }
        return value;
    }

    private static String told(List<Integer> all, MapSummary summary) {
        return all + " " + summary.items() + " "
                + summary.failures().stream().map(failed -> failed.item()).toList();
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

    /** How an execution ends, wherever its engine is lost. */
    private static Map<String, String> everywhere(Flow flow, int leastWrites) throws Exception {
        FaultyExecutionStore counted =
                FaultyExecutionStore.of(new InMemoryExecutionStore()).counting(WRITES);
        Map<String, String> expected;
        try (FlowEngine engine = Durable.engine(counted)) {
            expected = outcome(engine.executeFromTrigger(flow, "rows", DATA).await(), new InMemoryExecutionStore());
        }
        long writes = counted.writes();
        assertThat(writes).isGreaterThan(leastWrites);
        for (int write = 1; write <= writes; write += STRIDE) {
            for (boolean before : new boolean[] {true, false}) {
                crash(flow, write, before, expected);
            }
        }
        return expected;
    }

    /** An execution whose engine was cut off from its store ends as any other, unless that was before it was kept. */
    private static void crash(Flow flow, int write, boolean before, Map<String, String> expected) throws Exception {
        String moment = (before ? "before" : "after") + " write " + write;
        InMemoryExecutionStore memory = new InMemoryExecutionStore();
        FaultyExecutionStore store = FaultyExecutionStore.of(memory).counting(WRITES);
        if (before) {
            store.dieBefore(write);
        } else {
            store.dieAfter(write);
        }
        lose(store, flow);
        memory.advance(Durable.LEASE.multipliedBy(2));
        List<RunRecord> kept = memory.query(RunQuery.all(1)).runs();
        if (kept.isEmpty()) {
            return;
        }
        try (FlowEngine next = Durable.engine(memory)) {
            next.register(flow);
            FlowExecution run = next.find(kept.get(0).executionId()).orElseThrow();
            Optional<ExecutionResult> end = run.await(PATIENCE);
            assertThat(end).as(moment + ": " + states(run.snapshot())).isPresent();
            assertThat(outcome(end.orElseThrow(), memory)).as(moment).isEqualTo(expected);
        }
    }

    /** Starts an execution on an engine that is cut off from its store sooner or later, and then gone. */
    private static void lose(FaultyExecutionStore store, Flow flow) throws InterruptedException {
        FlowEngine lost = Durable.engine(store);
        AtomicBoolean ended = new AtomicBoolean();
        // A start whose answer never comes is given up by its caller.
        Thread caller = new Thread(() -> {
            try {
                // How many writes there are depends on what comes together: the last ones may not come at all.
                lost.executeFromTrigger(flow, "rows", DATA).completion().thenRun(() -> ended.set(true));
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

    /** Which lane an item was in, and so what the nodes of the body show last, depends on what came first. */
    private static Map<String, String> outcome(ExecutionResult result, InMemoryExecutionStore memory) {
        Map<String, String> outcome = new TreeMap<>();
        for (String node : List.of("total", "each", "outer")) {
            result.snapshot()
                    .node(node)
                    .ifPresent(state -> outcome.put(node, state.status() + " " + state.iteration()));
        }
        outcome.put("", result.status().name());
        outcome.put("total of", String.valueOf(result.output("total", String.class)));
        assertThat(result.snapshot().nodes()).allMatch(node -> node.status().isSettled());
        List<NodeRecord> rows = new ArrayList<>();
        memory.load(result.executionId()).ifPresent(image -> rows.addAll(image.nodes()));
        assertThat(rows).allMatch(row -> row.status().isSettled());
        Set<NodeKey> keys = new HashSet<>();
        assertThat(rows).allMatch(row -> keys.add(row.key()));
        return outcome;
    }

    private static Map<String, String> states(ExecutionSnapshot snapshot) {
        Map<String, String> states = new TreeMap<>();
        snapshot.nodes()
                .forEach(node -> states.put(
                        node.nodeId(),
                        node.status() + " " + node.iteration()
                                + (node.status() == NodeStatus.SKIPPED ? node.skipReason() : "")));
        states.put("", snapshot.status().name());
        return states;
    }
}
