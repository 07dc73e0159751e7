package dev.flowengine.durable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flowengine.FlowEngine;
import dev.flowengine.crash.Crashes;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.ExecutionSnapshot;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.execution.NodeState;
import dev.flowengine.flow.BranchRef;
import dev.flowengine.flow.FailureMode;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.LoopRef;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.node.NodeContext;
import dev.flowengine.node.TypeRef;
import dev.flowengine.persistence.NodeRecord;
import dev.flowengine.persistence.RunQuery;
import dev.flowengine.persistence.RunRecord;
import dev.flowengine.persistence.tck.FaultyExecutionStore;
import dev.flowengine.persistence.tck.InMemoryExecutionStore;
import dev.flowengine.persistence.tck.StoreCall;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("S32 S41 loops in a store: wherever an engine is lost, another one goes on in the same iteration")
@Timeout(120)
class LoopCrashTest {
    private static final Set<StoreCall> WRITES = Set.of(StoreCall.CREATE, StoreCall.APPLY);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final TypeRef<List<List<Integer>>> ROWS = new TypeRef<>() {};
    private static final List<List<Integer>> DATA = List.of(List.of(1, 2), List.of(), List.of(3));

    private final Map<String, AtomicInteger> calls = new ConcurrentHashMap<>();

    @Test
    @DisplayName("R1 R2 before and after each write: nested loops, a retry, a branch, a break")
    void at_every_write() throws Exception {
        Flow flow = flow();
        Map<String, String> expected = everywhere(flow, 15);
        assertThat(expected).containsEntry("total of", "[106, 100, 200]").containsEntry("", "COMPLETED");
    }

    @ParameterizedTest
    @EnumSource(FailureMode.class)
    @DisplayName(
            "S21 S23 R1 before and after each write: a loop that handles a failure in its body, and is a body's node itself")
    void a_failure_that_is_handled(FailureMode mode) throws Exception {
        FlowBuilder f = Flow.builder("handled").failureMode(mode);
        TriggerRef<List<List<Integer>>> rows = f.trigger("rows", ROWS);
        LoopRef<String> all = f.loop("outer", rows, row -> {
            LoopRef<Integer> inner = f.loop(
                            "inner",
                            row,
                            n -> f.node("fails at 2", n, LoopCrashTest::failsAtTwo)
                                    .returns(Integer.class))
                    .fallback(List.of(-1));
            return f.node("after", inner, String::valueOf).returns(String.class);
        });
        f.node("total", all, String::valueOf).returns(String.class);

        Map<String, String> expected = everywhere(f.build(), 10);

        assertThat(expected).containsEntry("total of", "[[-1], [], [3]]").containsEntry("", "COMPLETED");
    }

    @Test
    @DisplayName(
            "S20 S35 R1 before and after each write: a wait in a body, which says for how long at its second attempt")
    void a_wait_that_was_tried_twice() throws Exception {
        FlowBuilder f = Flow.builder("waits");
        TriggerRef<List<List<Integer>>> rows = f.trigger("rows", ROWS);
        LoopRef<List<Integer>> all = f.loop(
                "each",
                rows,
                row -> f.<List<Integer>>waitUntil("wait", row, any -> {
                            if (calls.computeIfAbsent("wait", once -> new AtomicInteger())
                                                    .incrementAndGet()
                                            % 2
                                    == 1) {
                                throw new IllegalStateException("not yet");
                            }
                            return Instant.EPOCH;
                        })
                        .retry(RetryPolicy.fixed(Duration.ofMillis(1)).maxAttempts(9)));
        f.node("total", all, String::valueOf).returns(String.class);

        Map<String, String> expected = everywhere(f.build(), 10);

        assertThat(expected).containsEntry("total of", DATA.toString()).containsEntry("handled", "[]");
    }

    private static Integer failsAtTwo(Integer n) {
        if (n == 2) {
            throw new IllegalStateException("two");
        }
        return n;
    }

    /** How an execution ends, wherever its engine is lost. */
    private static Map<String, String> everywhere(Flow flow, int leastWrites) throws Exception {
        FaultyExecutionStore counted =
                FaultyExecutionStore.of(new InMemoryExecutionStore()).counting(WRITES);
        Map<String, String> expected = unhindered(counted, flow);
        long writes = counted.writes();
        assertThat(writes).isGreaterThan(leastWrites);
        for (int write = 1; write <= writes; write++) {
            for (boolean before : new boolean[] {true, false}) {
                String moment = (before ? "before" : "after") + " write " + write;
                crash(flow, write, before)
                        .ifPresent(end -> assertThat(outcome(end)).as(moment).isEqualTo(expected));
            }
        }
        return expected;
    }

    @Test
    @DisplayName("S42 what had completed in an iteration, and in those before, is not done again")
    void nothing_is_done_again() throws Exception {
        InMemoryExecutionStore memory = new InMemoryExecutionStore();
        FlowBuilder f = Flow.builder("again");
        TriggerRef<List<Integer>> numbers = f.trigger("numbers", new TypeRef<List<Integer>>() {});
        AtomicBoolean held = new AtomicBoolean(true);
        LoopRef<Integer> all = f.loop("each", numbers, each -> {
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
        });
        Flow flow = f.build();
        FlowEngine lost = Durable.engine(memory);
        FlowExecution run = lost.executeFromTrigger(flow, "numbers", List.of(1, 2, 3));
        await().atMost(PATIENCE).until(() -> calls.containsKey("second/2"));
        assertThat(run.snapshot().node("second").orElseThrow().iteration()).hasToString("2");
        lost.close(Duration.ZERO);
        held.set(false);
        memory.advance(Durable.LEASE.multipliedBy(2));
        try (FlowEngine next = Durable.engine(memory)) {
            next.register(flow);
            ExecutionResult end =
                    next.find(run.id()).orElseThrow().await(PATIENCE).orElseThrow();
            assertThat(end.output(all)).containsExactly(10, 20, 30);
        }
        assertThat(calls).hasSize(6);
        assertThat(calls.entrySet())
                .allMatch(call -> call.getValue().get() == (call.getKey().equals("second/2") ? 2 : 1));
        List<NodeRecord> rows = memory.load(run.id()).orElseThrow().nodes();
        assertThat(rows).allMatch(row -> row.status().isSettled());
        assertThat(rows.stream().filter(row -> row.key().nodeId().equals("second")))
                .extracting(row -> row.key().iteration().toString())
                .containsExactlyInAnyOrder("1", "2", "3");
    }

    @Test
    @DisplayName("an ended execution is read from the store as it ended")
    void read_again() throws Exception {
        InMemoryExecutionStore memory = new InMemoryExecutionStore();
        Flow flow = flow();
        Map<String, String> expected;
        String id;
        try (FlowEngine engine = Durable.engine(memory)) {
            ExecutionResult end = engine.executeFromTrigger(flow, "rows", DATA).await();
            expected = outcome(end);
            id = end.executionId();
        }
        try (FlowEngine another = Durable.engine(memory)) {
            another.register(flow);
            ExecutionResult read = another.find(id).orElseThrow().await();
            assertThat(outcome(read)).isEqualTo(expected);
            assertThat(read.snapshot().node("double").orElseThrow().iteration()).hasToString("3.1");
        }
    }

    private static Map<String, String> unhindered(FaultyExecutionStore store, Flow flow) throws Exception {
        try (FlowEngine engine = Durable.engine(store)) {
            return outcome(engine.executeFromTrigger(flow, "rows", DATA).await());
        }
    }

    private Integer counted(NodeContext context, Integer value) {
        String key = context.idempotencyKey();
        calls.computeIfAbsent(key.substring(key.indexOf('/') + 1), any -> new AtomicInteger())
                .incrementAndGet();
        return value;
    }

    /** How an execution ends whose engine was cut off from its store; empty if that was before it was kept. */
    private static Optional<ExecutionResult> crash(Flow flow, int write, boolean before) throws Exception {
        InMemoryExecutionStore memory = new InMemoryExecutionStore();
        FaultyExecutionStore store = FaultyExecutionStore.of(memory).counting(WRITES);
        if (before) {
            store.dieBefore(write);
        } else {
            store.dieAfter(write);
        }
        Crashes.lose(Durable.engine(store), store, engine -> engine.executeFromTrigger(flow, "rows", DATA));
        memory.advance(Durable.LEASE.multipliedBy(2));
        List<RunRecord> kept = memory.query(RunQuery.all(1)).runs();
        if (kept.isEmpty()) {
            return Optional.empty();
        }
        try (FlowEngine next = Durable.engine(memory)) {
            next.register(flow);
            FlowExecution run = next.find(kept.get(0).executionId()).orElseThrow();
            return Optional.of(run.await(PATIENCE)
                    .orElseThrow(() -> new AssertionError("write " + write + ": " + states(run.snapshot()))));
        }
    }

    private Flow flow() {
        FlowBuilder f = Flow.builder("nested");
        TriggerRef<List<List<Integer>>> rows = f.trigger("rows", ROWS);
        NodeRef<Integer> more = f.node("more", rows, all -> 100).returns(Integer.class);
        LoopRef<Integer> totals = f.loop("row", rows, row -> {
            LoopRef<Integer> doubled = f.loop("cell", row, cell -> {
                BranchRef<Integer> size =
                        f.branch("size", cell).when("big", n -> n > 2).otherwise("small");
                cell.breakOn(size.on("big"));
                NodeRef<Integer> big =
                        f.node("big", size.on("big"), n -> 100 + n - 3).returns(Integer.class);
                NodeRef<Integer> shaky = f.contextNode("double", cell, (n, context) -> {
                            if (calls.computeIfAbsent("double", any -> new AtomicInteger())
                                                    .incrementAndGet()
                                            % 2
                                    == 1) {
                                throw new IllegalStateException("not yet");
                            }
                            return 2 * n;
                        })
                        .returns(Integer.class)
                        .retry(RetryPolicy.fixed(Duration.ofMillis(1)).maxAttempts(9));
                NodeRef<Integer> small = f.node("small", size.on("small"), shaky, (n, twice) -> twice)
                        .returns(Integer.class);
                NodeRef<Integer> large =
                        f.node("large", big, shaky, (n, twice) -> n + twice - 6).returns(Integer.class);
                return f.merge("either", small, large);
            });
            return f.node(
                            "sum",
                            doubled,
                            more,
                            (all, plus) -> all.stream().mapToInt(n -> n).sum() + plus)
                    .returns(Integer.class);
        });
        f.node("total", totals, all -> String.valueOf(all)).returns(String.class);
        return f.build();
    }

    private static Map<String, String> outcome(ExecutionResult result) {
        Map<String, String> outcome = states(result.snapshot());
        outcome.put("total of", String.valueOf(result.output("total", String.class)));
        outcome.put(
                "handled",
                result.snapshot().nodes().stream()
                        .filter(node -> node.handledFailure().isPresent())
                        .map(NodeState::nodeId)
                        .toList()
                        .toString());
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
