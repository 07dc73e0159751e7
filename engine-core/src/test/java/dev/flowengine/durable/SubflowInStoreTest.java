package dev.flowengine.durable;

import static dev.flowengine.testing.ParentAndChild.asking;
import static dev.flowengine.testing.ParentAndChild.awaitStatus;
import static dev.flowengine.testing.ParentAndChild.childOf;
import static dev.flowengine.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.ExecutionSummary;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.execution.HistoryQuery;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.LoopRef;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.flow.SubflowRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.RunOptions;
import dev.flowengine.node.SubflowBody;
import dev.flowengine.node.TypeRef;
import dev.flowengine.persistence.RunHeader;
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
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("S34 S43 sub-flows of executions that are kept")
@Timeout(240)
class SubflowInStoreTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Set<StoreCall> WRITES = Set.of(StoreCall.CREATE, StoreCall.APPLY, StoreCall.POST);

    private final InMemoryExecutionStore memory = new InMemoryExecutionStore();
    private final Map<String, AtomicInteger> calls = new ConcurrentHashMap<>();

    /** One that returns something, one in a loop, one that fails once, one that fails for ever, and one that is let go. */
    private Flow parent() {
        FlowBuilder c = Flow.builder("child");
        TriggerRef<Integer> number = c.trigger("number", Integer.class);
        NodeRef<Integer> twice = c.contextNode("twice", number, (n, context) -> {
                    boolean first = calls.computeIfAbsent(context.idempotencyKey(), key -> new AtomicInteger())
                                    .getAndIncrement()
                            == 0;
                    if (n < 0 || (n == 3 && first)) {
                        throw new IllegalArgumentException("will not take " + n);
                    }
                    return 2 * n;
                })
                .returns(Integer.class);
        Flow child = c.build();
        FlowBuilder f = Flow.builder("parent");
        TriggerRef<Integer> t = f.trigger("t", Integer.class);
        NodeRef<Integer> minus = f.node("minus", t, n -> -n).returns(Integer.class);
        NodeRef<Integer> three = f.node("three", t, n -> 3).returns(Integer.class);
        NodeRef<List<Integer>> list = f.node("list", t, n -> List.of(n, n + 1)).returns(new TypeRef<>() {});
        SubflowRef<Integer> plain = f.subflow("plain", t, child, number).returning(twice);
        SubflowRef<Integer> retried = f.subflow("retried", three, child, number)
                .returning(twice)
                .retry(RetryPolicy.fixed(Duration.ofMillis(1)).maxAttempts(2));
        SubflowRef<Integer> failed =
                f.subflow("failed", minus, child, number).returning(twice).fallback(1_000);
        SubflowRef<String> detached = f.subflow("detached", t, child, number).detached();
        LoopRef<Integer> loop =
                f.loop("loop", list, n -> f.subflow("each", n, child, number).returning(twice));
        NodeRef<Integer> some =
                f.node("some", plain, retried, failed, (a, b, d) -> a + b + d).returns(Integer.class);
        f.node("sum", some, loop, detached, (n, all, id) -> n + all.get(0) + all.get(1))
                .returns(Integer.class);
        return f.build();
    }

    @Test
    @DisplayName("R1 wherever the engine is lost: the parent finds its children again, and starts none twice")
    void crash_at_every_write() throws Exception {
        FaultyExecutionStore counted =
                FaultyExecutionStore.of(new InMemoryExecutionStore()).counting(WRITES);
        try (FlowEngine engine = Durable.engine(counted)) {
            checkEnd(engine, engine.executeFromTrigger(parent(), "t", 4).await(PATIENCE));
        }
        assertThat(counted.writes()).isGreaterThan(6);
        int unkept = 0;
        for (int write = 1; write <= counted.writes(); write++) {
            for (boolean early : new boolean[] {true, false}) {
                unkept += crash(write, early) ? 0 : 1;
            }
        }
        assertThat(unkept).as("lost before they were kept").isEqualTo(1);
    }

    /** False if nothing had been kept. */
    private boolean crash(int write, boolean early) throws Exception {
        calls.clear();
        InMemoryExecutionStore kept = new InMemoryExecutionStore();
        FaultyExecutionStore store = FaultyExecutionStore.of(kept).counting(WRITES);
        if (early) {
            store.dieBefore(write);
        } else {
            store.dieAfter(write);
        }
        FlowEngine lost = Durable.engine(store);
        AtomicBoolean ended = new AtomicBoolean();
        Thread caller = new Thread(() -> {
            try {
                lost.executeFromTrigger(parent(), "t", 4).completion().thenRun(() -> ended.set(true));
            } catch (FlowException interrupted) {
                assertThat(interrupted).hasMessageContaining("may start all the same");
            }
        });
        caller.start();
        await().atMost(PATIENCE).until(() -> store.isDead() || ended.get());
        caller.interrupt();
        caller.join();
        lost.close(Duration.ZERO);
        kept.advance(Durable.LEASE.multipliedBy(2));
        Optional<RunRecord> left =
                kept.query(RunQuery.all(100).flow("parent")).runs().stream().findFirst();
        if (left.isPresent()) {
            try (FlowEngine next = Durable.engine(kept)) {
                next.register(parent());
                FlowExecution run = next.find(left.get().executionId()).orElseThrow();
                Optional<ExecutionResult> end = run.await(PATIENCE);
                assertThat(end)
                        .as(() -> "write " + write + ": " + next.health()
                                + run.snapshot().nodes())
                        .isPresent();
                checkEnd(next, end);
            }
        }
        return left.isPresent();
    }

    private static void checkEnd(FlowEngine engine, Optional<ExecutionResult> end) {
        ExecutionResult result = end.orElseThrow();
        assertThat(result.status()).isEqualTo(ExecutionStatus.COMPLETED);
        assertThat(result.output("sum", Integer.class)).isEqualTo(8 + 6 + 1_000 + 8 + 10);
        Map<String, Integer> children = new TreeMap<>();
        HistoryQuery all = HistoryQuery.all().childrenOf(result.executionId());
        await().atMost(PATIENCE)
                .until(() -> engine.history(all).executions().stream()
                        .allMatch(child -> child.status().isTerminal()));
        engine.history(all)
                .executions()
                .forEach(child -> children.merge(child.status().name(), 1, Integer::sum));
        // Whether the one that fails once had failed is forgotten with the engine.
        int failed = children.getOrDefault("FAILED", 0);
        assertThat(failed).isBetween(1, 2);
        assertThat(children.get("COMPLETED")).isEqualTo(5);
    }

    @Test
    @DisplayName("its origin is in the store: parent, user and keys")
    void header() throws Exception {
        try (FlowEngine engine = Durable.engine(memory)) {
            FlowExecution run = engine.executeFromTrigger(
                    asking(), "t", "why", RunOptions.builder().userId("ann").build());
            FlowExecution child = childOf(engine, run);
            awaitStatus(child, ExecutionStatus.WAITING);
            RunHeader header = memory.find(child.id()).orElseThrow().header();
            assertThat(header.parent().orElseThrow().executionId()).isEqualTo(run.id());
            assertThat(header.parent().orElseThrow().nodeId()).isEqualTo("ask");
            assertThat(header.userId()).contains("ann");
            assertThat(header.keysOf()).isEmpty();
            assertThat(engine.history(HistoryQuery.all().childrenOf(run.id())).executions())
                    .extracting(ExecutionSummary::parentExecutionId)
                    .containsExactly(Optional.of(run.id()));
            child.signal("answer", "so");
            assertThat(run.await(PATIENCE)).isPresent();
        }
    }

    @Test
    @DisplayName("one that ends on one engine wakes its parent on another, which does not look for it by itself")
    void two_engines() throws Exception {
        Flow flow = asking();
        String id;
        String childId;
        try (FlowEngine first = Durable.engine(memory)) {
            FlowExecution run = first.executeFromTrigger(flow, "t", "why");
            FlowExecution child = childOf(first, run);
            awaitStatus(child, ExecutionStatus.WAITING);
            awaitStatus(run, ExecutionStatus.WAITING);
            id = run.id();
            childId = child.id();
        }
        try (FlowEngine ofChild = Durable.engine(memory);
                FlowEngine ofParent = Durable.builder(memory)
                        .sweepInterval(Duration.ofHours(1))
                        .lease(Duration.ofSeconds(3))
                        .build()) {
            ofChild.register(flow.subflows().get(0));
            await().atMost(PATIENCE).until(() -> ofChild.health().executions() == 1);
            ofParent.register(flow);
            await().atMost(PATIENCE).until(() -> ofParent.health().executions() == 1);
            FlowExecution run = ofParent.find(id).orElseThrow();
            awaitStatus(run, ExecutionStatus.WAITING);
            ofChild.signal(childId, "answer", "because");
            assertThat(run.await(PATIENCE).orElseThrow().output("ask", String.class))
                    .isEqualTo("because");
        }
    }

    @Test
    @DisplayName("S26 a cancel of a parent reaches its child on another engine before the parent ends")
    void cancel_elsewhere() throws Exception {
        Flow flow = asking();
        String id;
        String childId;
        try (FlowEngine first = Durable.engine(memory)) {
            FlowExecution run = first.executeFromTrigger(flow, "t", "why");
            childId = childOf(first, run).id();
            awaitStatus(run, ExecutionStatus.WAITING);
            id = run.id();
        }
        try (FlowEngine ofChild =
                        Durable.builder(memory).lease(Duration.ofSeconds(3)).build();
                FlowEngine ofParent = Durable.builder(memory)
                        .lease(Duration.ofSeconds(3))
                        .cancelGrace(PATIENCE)
                        .build()) {
            ofChild.register(flow.subflows().get(0));
            await().atMost(PATIENCE).until(() -> ofChild.health().executions() == 1);
            ofParent.register(flow);
            await().atMost(PATIENCE).until(() -> ofParent.health().executions() == 1);
            FlowExecution run = ofParent.find(id).orElseThrow();
            awaitStatus(run, ExecutionStatus.WAITING);
            run.cancel("no longer needed");
            assertThat(run.await(PATIENCE).orElseThrow().status()).isEqualTo(ExecutionStatus.CANCELLED);
            assertThat(memory.find(childId).orElseThrow().state().status()).isEqualTo(ExecutionStatus.CANCELLED);
        }
    }

    @Test
    @DisplayName("R1 S26 wherever the engine of a cancelled parent is lost, none of its children outlives it")
    void crash_of_a_cancel() throws Exception {
        for (int write = 1; write <= 8; write++) {
            for (boolean early : new boolean[] {true, false}) {
                crashOfCancel(write, early);
            }
        }
    }

    private void crashOfCancel(int write, boolean early) throws Exception {
        InMemoryExecutionStore kept = new InMemoryExecutionStore();
        FaultyExecutionStore store = FaultyExecutionStore.of(kept).counting(WRITES);
        FlowEngine lost = Durable.engine(store);
        FlowExecution run = lost.executeFromTrigger(asking(), "t", "why");
        FlowExecution child = childOf(lost, run);
        awaitStatus(child, ExecutionStatus.WAITING);
        awaitStatus(run, ExecutionStatus.WAITING);
        if (early) {
            store.dieBefore(write);
        } else {
            store.dieAfter(write);
        }
        AtomicBoolean ended = new AtomicBoolean();
        run.completion().thenRun(() -> ended.set(true));
        run.cancel("no longer needed");
        await().atMost(PATIENCE).until(() -> store.isDead() || ended.get());
        lost.close(Duration.ZERO);
        kept.advance(Durable.LEASE.multipliedBy(2));
        try (FlowEngine next = Durable.engine(kept)) {
            next.register(asking());
            FlowExecution again = next.find(run.id()).orElseThrow();
            again.cancel("no longer needed");
            assertThat(again.await(PATIENCE).orElseThrow().status()).isEqualTo(ExecutionStatus.CANCELLED);
            await().atMost(PATIENCE)
                    .until(() -> kept.find(child.id()).orElseThrow().state().status() == ExecutionStatus.CANCELLED);
        }
    }

    @Test
    @DisplayName("S25 paused with its parent, in the next engine too")
    void paused() throws Exception {
        Flow flow = asking();
        String id;
        String childId;
        try (FlowEngine engine = Durable.engine(memory)) {
            FlowExecution run = engine.executeFromTrigger(flow, "t", "why");
            FlowExecution child = childOf(engine, run);
            awaitStatus(child, ExecutionStatus.WAITING);
            awaitStatus(run, ExecutionStatus.WAITING);
            run.pause();
            awaitStatus(run, ExecutionStatus.PAUSED);
            awaitStatus(child, ExecutionStatus.PAUSED);
            id = run.id();
            childId = child.id();
        }
        try (FlowEngine next = Durable.engine(memory)) {
            next.register(flow);
            await().atMost(PATIENCE).until(() -> next.health().executions() == 2);
            FlowExecution run = next.find(id).orElseThrow();
            FlowExecution child = next.find(childId).orElseThrow();
            assertThat(run.status()).isEqualTo(ExecutionStatus.PAUSED);
            assertThat(child.status()).isEqualTo(ExecutionStatus.PAUSED);
            child.signal("answer", "so");
            run.resume();
            assertThat(run.await(PATIENCE).orElseThrow().output("ask", String.class))
                    .isEqualTo("so");
        }
    }

    private static Flow named(SubflowBody body) {
        return Flow.definition("named")
                .add(NodeDefinition.trigger("t", TypeRef.of(String.class)))
                .add(NodeDefinition.builder("ask")
                        .anyBody(body)
                        .outputType("main", TypeRef.of(String.class))
                        .build())
                .connect("t", "ask")
                .build();
    }

    @Test
    @DisplayName("S46 a flow whose nodes start flows that are not registered is refused, naming node and flow")
    void unregistered() throws Exception {
        Flow child = asking().subflows().get(0);
        SubflowBody asks = SubflowBody.of("asking", "asked");
        try (FlowEngine engine = Durable.engine(memory)) {
            refused(engine, named(asks), "node 'ask'", "'named'", "'asking'", "not registered");
            engine.register(child);
            refused(engine, named(asks.version("2")), "'asking' version '2'", "not registered");
            refused(engine, named(SubflowBody.of("asking", "answer")), "'answer'", "no trigger");
            refused(engine, named(asks.returning("answer", "other")), "'other'", "no output");
            FlowExecution run = engine.executeFromTrigger(named(asks.returning("answer", "main")), "t", "why");
            childOf(engine, run).signal("answer", "so");
            assertThat(run.await(PATIENCE).orElseThrow().output("ask", String.class))
                    .isEqualTo("so");
        }
    }

    private static void refused(FlowEngine engine, Flow flow, String... says) {
        assertThatThrownBy(() -> engine.register(flow))
                .asInstanceOf(InstanceOfAssertFactories.type(FlowException.class))
                .satisfies(refusal -> {
                    assertThat(refusal.kind()).isEqualTo(FailureKind.INVALID_DEFINITION);
                    assertThat(refusal.affectedNodes()).containsExactly("ask");
                    assertThat(refusal).hasMessageContainingAll(says);
                });
    }
}
