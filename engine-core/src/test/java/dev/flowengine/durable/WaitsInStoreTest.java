package dev.flowengine.durable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.execution.NodeState;
import dev.flowengine.flow.ApprovalRef;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.SignalRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.persistence.AuditRecord;
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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("S35 S43 waits and signals of executions that are kept")
@Timeout(120)
class WaitsInStoreTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Set<StoreCall> WRITES = Set.of(StoreCall.CREATE, StoreCall.APPLY, StoreCall.POST);

    private final InMemoryExecutionStore memory = new InMemoryExecutionStore();
    private final AtomicInteger before = new AtomicInteger();

    /** A wait, two signals of one name, and a choice. */
    private Flow flow() {
        FlowBuilder f = Flow.builder("waits");
        TriggerRef<Integer> t = f.trigger("t", Integer.class);
        NodeRef<Integer> first = f.node("first", t, n -> {
                    before.incrementAndGet();
                    return n + 1;
                })
                .returns(Integer.class);
        NodeRef<Integer> waited = f.waitFor("wait", first, Duration.ofMillis(20));
        SignalRef<Integer, String> one =
                f.waitForSignal("one", waited, String.class).signal("go").deadline(Duration.ofHours(1));
        SignalRef<String, String> two =
                f.waitForSignal("two", one, String.class).signal("go");
        ApprovalRef<String> review = f.approval("review", two, "yes", "no");
        f.node("sum", waited, one, review.on("yes"), (n, a, b) -> n + a + b).returns(String.class);
        f.node("no", review.on("no"), any -> "no").returns(String.class);
        return f.build();
    }

    private static void signal(FlowExecution run) {
        run.signal("go", "a", "signal 1");
        run.signal("go", "b", "signal 2");
        run.signal("review", "yes", "choice");
    }

    @Test
    @DisplayName(
            "R1 wherever the engine is lost: the waits go on, and each signal counts once, however often it is sent")
    void crash_at_every_write() throws Exception {
        FaultyExecutionStore counted =
                FaultyExecutionStore.of(new InMemoryExecutionStore()).counting(WRITES);
        Map<String, String> expected;
        try (FlowEngine engine = Durable.engine(counted)) {
            FlowExecution run = engine.executeFromTrigger(flow(), "t", 4);
            signal(run);
            ExecutionResult end = run.await(PATIENCE).orElseThrow();
            assertThat(end.output("sum", String.class)).isEqualTo("5ab");
            expected = states(end);
        }
        assertThat(counted.writes()).isGreaterThan(6);
        int unkept = 0;
        for (int write = 1; write <= counted.writes(); write++) {
            for (boolean early : new boolean[] {true, false}) {
                Optional<ExecutionResult> end = crash(write, early);
                unkept += end.isEmpty() ? 1 : 0;
                end.ifPresent(result -> assertThat(states(result)).isEqualTo(expected));
            }
        }
        assertThat(unkept).as("lost before they were kept").isEqualTo(1);
    }

    private Optional<ExecutionResult> crash(int write, boolean early) throws Exception {
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
                FlowExecution run = lost.executeFromTrigger(flow(), "t", 4);
                run.completion().thenRun(() -> ended.set(true));
                signal(run);
            } catch (FlowException cutOff) {
                // Then it is sent again.
            }
        });
        caller.start();
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(1)).until(() -> store.isDead() || ended.get());
        caller.interrupt();
        caller.join();
        lost.close(Duration.ZERO);
        kept.advance(Durable.LEASE.multipliedBy(2));
        List<RunRecord> runs = kept.query(RunQuery.all(1)).runs();
        if (runs.isEmpty()) {
            return Optional.empty();
        }
        try (FlowEngine next = Durable.engine(kept)) {
            next.register(flow());
            FlowExecution run = next.find(runs.get(0).executionId()).orElseThrow();
            signal(run);
            return Optional.of(run.await(PATIENCE)
                    .orElseThrow(() -> new AssertionError(
                            "write " + write + ": " + run.snapshot().nodes())));
        }
    }

    private static Map<String, String> states(ExecutionResult result) {
        Map<String, String> states = new TreeMap<>();
        for (NodeState node : result.snapshot().nodes()) {
            states.put(node.nodeId(), node.status() + " " + node.firedPorts());
        }
        states.put("", result.status().name());
        states.put("sum of", result.output("sum", String.class));
        return states;
    }

    @Test
    @DisplayName("what is waited for is in the store, and the next engine waits for the rest of it; nothing restarts")
    void goes_on_waiting() throws Exception {
        FlowBuilder f = Flow.builder("long");
        TriggerRef<Integer> t = f.trigger("t", Integer.class);
        NodeRef<Integer> first =
                f.node("first", t, n -> before.incrementAndGet()).returns(Integer.class);
        f.waitFor("wait", first, Duration.ofHours(3));
        f.waitForSignal("answer", first, String.class);
        Flow flow = f.build();
        String id;
        Instant due;
        try (FlowEngine engine = Durable.engine(memory)) {
            FlowExecution run = engine.executeFromTrigger(flow, "t", 4);
            await().atMost(PATIENCE).until(() -> run.status() == ExecutionStatus.WAITING);
            id = run.id();
            due = until(run, "wait");
        }
        NodeRecord row = memory.load(id).orElseThrow().nodes().stream()
                .filter(any -> any.key().nodeId().equals("wait"))
                .findFirst()
                .orElseThrow();
        assertThat(row.status()).isEqualTo(NodeStatus.WAITING);
        assertThat(Duration.between(row.times().dueAt().orElseThrow(), due)).isLessThan(Duration.ofSeconds(1));
        try (FlowEngine next = Durable.engine(memory)) {
            FlowExecution seen = next.find(id).orElseThrow();
            assertThat(seen.status()).isEqualTo(ExecutionStatus.WAITING);
            next.register(flow);
            await().atMost(PATIENCE).until(() -> next.health().executions() == 1);
            FlowExecution run = next.find(id).orElseThrow();
            await().atMost(PATIENCE).until(() -> run.status() == ExecutionStatus.WAITING);
            assertThat(until(run, "wait")).isEqualTo(row.times().dueAt().orElseThrow());
            assertThat(run.explain("answer")).contains("for signal 'answer'");
            run.signal("answer", "yes");
            await().atMost(PATIENCE).until(() -> node(run, "answer").status() == NodeStatus.COMPLETED);
            run.node("wait").complete(1).toCompletableFuture().get();
            assertThat(run.await(PATIENCE).orElseThrow().output("answer", String.class))
                    .isEqualTo("yes");
            assertThat(before).hasValue(1);
        }
    }

    @Test
    @DisplayName("a signal may come from another engine, and while nobody goes on with the execution")
    void from_elsewhere() throws Exception {
        Flow flow = flow();
        String id;
        try (FlowEngine engine = Durable.engine(memory)) {
            id = engine.executeFromTrigger(flow, "t", 4).id();
        }
        try (FlowEngine stranger = Durable.engine(memory)) {
            FlowExecution seen = stranger.find(id).orElseThrow();
            assertThat(seen.signal("go", "a", "1").isTerminal()).isFalse();
            assertThat(stranger.signal(id, "go", "b", "2").isTerminal()).isFalse();
            // Who does not know the flow cannot know what it waits for: that is found out later.
            seen.signal("nothing", "x", "3");
            seen.signal("review", "perhaps", "4");
            seen.signal("go", 17, "5");
        }
        try (FlowEngine next = Durable.engine(memory)) {
            next.register(flow);
            FlowExecution run = next.find(id).orElseThrow();
            await().atMost(PATIENCE).until(() -> node(run, "review").status() == NodeStatus.WAITING);
            assertThatThrownBy(() -> run.signal("nothing", "x"))
                    .asInstanceOf(InstanceOfAssertFactories.type(FlowException.class))
                    .satisfies(refused -> assertThat(refused.kind()).isEqualTo(FailureKind.NOT_FOUND));
            run.signal("review", "yes");
            assertThat(run.await(PATIENCE).orElseThrow().output("sum", String.class))
                    .isEqualTo("5ab");
            assertThat(memory.trail(id).orElseThrow().audit())
                    .extracting(AuditRecord::action)
                    .filteredOn(action -> action.startsWith("signal"))
                    .containsExactlyInAnyOrder(
                            "signal", "signal", "signal", "signal-refused", "signal-refused", "signal-refused");
            assertThat(run.signal("go", "late")).isEqualTo(ExecutionStatus.COMPLETED);
        }
    }

    @Test
    @DisplayName("an early signal stays in the store until a node takes it")
    void early_signals_are_kept() throws Exception {
        FlowBuilder f = Flow.builder("early");
        TriggerRef<Integer> t = f.trigger("t", Integer.class);
        SignalRef<Integer, String> gate = f.waitForSignal("gate", t, String.class);
        f.waitForSignal("answer", gate, String.class);
        Flow flow = f.build();
        String id;
        try (FlowEngine engine = Durable.engine(memory)) {
            FlowExecution run = engine.executeFromTrigger(flow, "t", 4);
            await().atMost(PATIENCE).until(() -> run.status() == ExecutionStatus.WAITING);
            run.signal("answer", "early", "1");
            id = run.id();
        }
        assertThat(memory.messages(id)).hasSize(1);
        try (FlowEngine next = Durable.engine(memory)) {
            next.register(flow);
            FlowExecution run = next.find(id).orElseThrow();
            run.signal("answer", "repeated", "1");
            run.signal("gate", "open");
            ExecutionResult end = run.await(PATIENCE).orElseThrow();
            assertThat(end.output("answer", String.class)).isEqualTo("early");
        }
    }

    @Test
    @DisplayName("S25 what is noted while paused takes effect on resume, in another engine too")
    void paused_elsewhere() throws Exception {
        FlowBuilder f = Flow.builder("paused");
        TriggerRef<Integer> t = f.trigger("t", Integer.class);
        f.waitForSignal("answer", t, String.class);
        Flow flow = f.build();
        String id;
        try (FlowEngine engine = Durable.engine(memory)) {
            FlowExecution run = engine.executeFromTrigger(flow, "t", 4);
            await().atMost(PATIENCE).until(() -> run.status() == ExecutionStatus.WAITING);
            run.pause();
            await().atMost(PATIENCE).until(() -> run.status() == ExecutionStatus.PAUSED);
            run.signal("answer", "noted");
            id = run.id();
        }
        try (FlowEngine next = Durable.engine(memory)) {
            next.register(flow);
            await().atMost(PATIENCE).until(() -> next.health().executions() == 1);
            FlowExecution run = next.find(id).orElseThrow();
            assertThat(run.status()).isEqualTo(ExecutionStatus.PAUSED);
            assertThat(node(run, "answer").status()).isEqualTo(NodeStatus.WAITING);
            run.resume();
            assertThat(run.await(PATIENCE).orElseThrow().output("answer", String.class))
                    .isEqualTo("noted");
        }
    }

    private static Instant until(FlowExecution run, String node) {
        return node(run, node).waitsFor().orElseThrow().until().orElseThrow();
    }

    private static NodeState node(FlowExecution run, String node) {
        return run.snapshot().node(node).orElseThrow();
    }
}
