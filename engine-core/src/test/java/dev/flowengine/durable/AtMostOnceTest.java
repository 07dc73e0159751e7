package dev.flowengine.durable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flowengine.FlowEngine;
import dev.flowengine.crash.Crashes;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowError;
import dev.flowengine.model.FlowException;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.persistence.NodeRecord;
import dev.flowengine.persistence.RunQuery;
import dev.flowengine.persistence.RunRecord;
import dev.flowengine.persistence.tck.FaultyExecutionStore;
import dev.flowengine.persistence.tck.InMemoryExecutionStore;
import dev.flowengine.persistence.tck.StoreCall;
import dev.flowengine.testing.Engines;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("S42 a node marked atMostOnce is recorded as started before it runs, and not repeated after a crash")
@Timeout(120)
class AtMostOnceTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Set<StoreCall> WRITES = Set.of(StoreCall.CREATE, StoreCall.APPLY);
    private static final int CREATION = 1;
    private static final int START = 2;

    private final InMemoryExecutionStore memory = new InMemoryExecutionStore();
    private final FaultyExecutionStore store = FaultyExecutionStore.of(memory).counting(WRITES);
    private final AtomicInteger paid = new AtomicInteger();
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch open = new CountDownLatch(1);

    @Test
    @DisplayName("S41 it is recorded as running while its body runs")
    void recorded_before_it_runs() throws Exception {
        Flow flow = flow(pay -> pay);
        try (FlowEngine engine = Durable.engine(store)) {
            FlowExecution run = engine.executeFromTrigger(flow, "t", "x");
            entered.await();
            assertThat(row(run.id(), "pay").status()).isEqualTo(NodeStatus.RUNNING);
            assertThat(row(run.id(), "pay").times().startedAt()).isPresent();
            open.countDown();
            assertThat(run.await(PATIENCE).orElseThrow().output("sent", String.class))
                    .isEqualTo("x paid 1 sent");
            assertThat(run.snapshot().executionPath()).containsExactly("t", "pay", "sent");
        }
    }

    @Test
    @DisplayName("lost before that is written, it runs in the next engine")
    void lost_before() throws Exception {
        open.countDown();
        store.dieBefore(START);
        ExecutionResult end = goneOnWith(lose(flow(pay -> pay)), flow(pay -> pay));
        assertThat(end.status()).isEqualTo(ExecutionStatus.COMPLETED);
        assertThat(paid).hasValue(1);
    }

    @Test
    @DisplayName("lost after that is written, it fails and says what to do, and is not run")
    void lost_after() throws Exception {
        open.countDown();
        store.dieAfter(START);
        ExecutionResult end = goneOnWith(lose(flow(pay -> pay)), flow(pay -> pay));
        assertThat(paid)
                .as("its engine was not told that the start was written")
                .hasValue(0);
        assertThat(end.status()).isEqualTo(ExecutionStatus.FAILED);
        FlowException failure = end.failure().orElseThrow();
        assertThat(failure.kind()).isEqualTo(FailureKind.OWNERSHIP_LOST);
        assertThat(failure).hasMessageContaining("'pay'").hasMessageContaining("at most once");
        assertThat(failure.suggestedResolution()).contains("redrive");
        assertThat(end.snapshot().node("sent").orElseThrow().status()).isEqualTo(NodeStatus.SKIPPED);
        assertThat(row(end.executionId(), "pay").result().error().orElseThrow().kind())
                .isEqualTo(FailureKind.OWNERSHIP_LOST);
    }

    @Test
    @DisplayName("S21 its loss is handled as any failure of it: by recover, and at its error output")
    void handled() throws Exception {
        Flow recovering = flow(pay -> pay.recover(error -> "recovered from " + error.kind()));
        String id = loseWhileItRuns(recovering);
        ExecutionResult end = goneOnWith(id, recovering);
        assertThat(end.status()).isEqualTo(ExecutionStatus.COMPLETED);
        assertThat(end.output("sent", String.class)).isEqualTo("recovered from OWNERSHIP_LOST sent");
        assertThat(paid).hasValue(1);
    }

    @Test
    @DisplayName("S21 its error output is given the loss and what the node had received")
    void error_output() throws Exception {
        FlowBuilder f = Flow.builder("handled");
        TriggerRef<String> t = f.trigger("t", String.class);
        NodeRef<String> pay = f.node("pay", t, this::pay).returns(String.class).atMostOnce();
        f.node("look", pay.error(), (FlowError error) -> error.kind() + " of " + error.input())
                .returns(String.class);
        Flow flow = f.build();
        String id = loseWhileItRuns(flow);
        assertThat(goneOnWith(id, flow).output("look", String.class)).isEqualTo("OWNERSHIP_LOST of x");
    }

    @Test
    @DisplayName("wherever an engine is lost, its body is called at most once, and the execution ends")
    void at_every_write() throws Exception {
        open.countDown();
        Flow flow = flow(pay -> pay);
        int failed = 0;
        for (int write = CREATION; write <= 6; write++) {
            for (boolean before : new boolean[] {true, false}) {
                paid.set(0);
                InMemoryExecutionStore kept = new InMemoryExecutionStore();
                FaultyExecutionStore faulty = FaultyExecutionStore.of(kept).counting(WRITES);
                if (before) {
                    faulty.dieBefore(write);
                } else {
                    faulty.dieAfter(write);
                }
                Crashes.lose(Durable.engine(faulty), faulty, engine -> engine.executeFromTrigger(flow, "t", "x"));
                kept.advance(Durable.LEASE.multipliedBy(2));
                for (RunRecord run : kept.query(RunQuery.all(1)).runs()) {
                    ExecutionStatus end =
                            goneOnWith(kept, run.executionId(), flow).status();
                    failed += end == ExecutionStatus.FAILED ? 1 : 0;
                    assertThat(end).isIn(ExecutionStatus.COMPLETED, ExecutionStatus.FAILED);
                }
                assertThat(paid.get()).as("write " + write).isLessThanOrEqualTo(1);
            }
        }
        assertThat(failed).isPositive();
    }

    @Test
    @DisplayName("R37 handed back by a close, or paused, before its body could start, it is run and not failed")
    void not_started_yet() throws Exception {
        FlowBuilder f = Flow.builder("queued");
        TriggerRef<String> t = f.trigger("t", String.class);
        NodeRef<String> slow = f.node("slow", t, text -> {
                    entered.countDown();
                    open.await();
                    return text;
                })
                .returns(String.class);
        f.node("pay", t, text -> "paid " + paid.incrementAndGet())
                .returns(String.class)
                .atMostOnce()
                .after(t);
        assertThat(slow).isNotNull();
        Flow flow = f.build();
        FlowEngine first = Durable.builder(memory).bodyThreads(1).build();
        FlowExecution run = first.executeFromTrigger(flow, "t", "x");
        entered.await();
        run.pause();
        await().atMost(PATIENCE).until(() -> run.status() == ExecutionStatus.PAUSING);
        first.close(Duration.ZERO);
        open.countDown();

        int before = paid.get();
        try (FlowEngine next = Durable.engine(memory)) {
            next.register(flow);
            FlowExecution seen = next.find(run.id()).orElseThrow();
            seen.resume();
            ExecutionResult end = seen.await(PATIENCE).orElseThrow();
            assertThat(end.status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
        assertThat(before).isLessThanOrEqualTo(1);
        assertThat(paid).hasValue(1);
    }

    @Test
    @DisplayName("S29 a redrive that would repeat it is refused unless it names the node")
    void redriven_when_named() throws Exception {
        Flow flow = flow(pay -> pay);
        String id = loseWhileItRuns(flow);
        goneOnWith(id, flow);
        try (FlowEngine engine = Durable.engine(memory)) {
            engine.register(flow);
            assertThat(engine.redrive(id).plan().rerun()).containsExactly("pay", "sent");
            FlowException refused = refusal(() -> engine.redrive(id).start());
            assertThat(refused.kind()).isEqualTo(FailureKind.INVALID_FLOW_STATE);
            assertThat(refused.affectedNodes()).containsExactly("pay");
            assertThat(refused.suggestedResolution()).contains("from(");

            assertThat(engine.redrive(id)
                            .from("pay")
                            .start()
                            .await(PATIENCE)
                            .orElseThrow()
                            .status())
                    .isEqualTo(ExecutionStatus.COMPLETED);
        }
        assertThat(paid).hasValue(2);
    }

    @Test
    @DisplayName("S29 in memory too, and also if it had completed; what has never run may run")
    void redriven_in_memory() throws Exception {
        open.countDown();
        AtomicBoolean broken = new AtomicBoolean(true);
        FlowBuilder f = Flow.builder("redriven");
        TriggerRef<String> t = f.trigger("t", String.class);
        NodeRef<String> pay = f.node("pay", t, this::pay).atMostOnce();
        NodeRef<String> check = f.node("check", pay, text -> {
            if (broken.get()) {
                throw new IllegalStateException("broken");
            }
            return text;
        });
        f.node("mail", check, text -> text + " mailed").atMostOnce();
        Flow flow = f.build();
        try (FlowEngine engine = Engines.create()) {
            String id = engine.executeFromTrigger(flow, "t", "x").id();
            engine.find(id).orElseThrow().await();
            broken.set(false);
            assertThat(refusal(() -> engine.redrive(id).from("t").start()).affectedNodes())
                    .containsExactly("pay");
            ExecutionResult end = engine.redrive(id).start().await();
            assertThat(end.output("mail", String.class)).isEqualTo("x paid 1 mailed");

            String again = end.executionId();
            assertThat(refusal(() -> engine.redrive(again).from("t").start()).affectedNodes())
                    .containsExactly("pay", "mail");
        }
        assertThat(paid).hasValue(1);
    }

    @Test
    @DisplayName(
            "S20 the flow's retry policy does not repeat it, and a cpuBound one runs where it may wait for the store")
    void never_retried() throws Exception {
        FlowBuilder f = Flow.builder("failing")
                .retry(RetryPolicy.fixed(Duration.ofMillis(1)).maxAttempts(3));
        TriggerRef<String> t = f.trigger("t", String.class);
        f.node("pay", t, text -> failing(paid.incrementAndGet()))
                .returns(String.class)
                .cpuBound()
                .atMostOnce();
        try (FlowEngine engine = Durable.engine(memory)) {
            ExecutionResult end = engine.executeFromTrigger(f.build(), "t", "x").await();
            assertThat(end.failure().orElseThrow()).hasMessageContaining("no. 1");
        }
        assertThat(paid).hasValue(1);
    }

    private static String failing(int number) {
        throw new IllegalStateException("no. " + number);
    }

    private static FlowException refusal(Runnable call) {
        try {
            call.run();
        } catch (FlowException refused) {
            return refused;
        }
        throw new AssertionError("was not refused");
    }

    private NodeRecord row(String executionId, String nodeId) {
        return memory.load(executionId).orElseThrow().nodes().stream()
                .filter(row -> row.key().nodeId().equals(nodeId))
                .findFirst()
                .orElseThrow();
    }

    /** Starts an execution on an engine that is cut off from its store before the node has come back. */
    private String loseWhileItRuns(Flow flow) throws Exception {
        FlowEngine lost = Durable.engine(store);
        String id = lost.executeFromTrigger(flow, "t", "x").id();
        entered.await();
        store.die();
        open.countDown();
        lost.close(Duration.ZERO);
        memory.advance(Durable.LEASE.multipliedBy(2));
        return id;
    }

    private String lose(Flow flow) throws Exception {
        Crashes.lose(Durable.engine(store), store, engine -> engine.executeFromTrigger(flow, "t", "x"));
        memory.advance(Durable.LEASE.multipliedBy(2));
        return memory.query(RunQuery.all(1)).runs().get(0).executionId();
    }

    private ExecutionResult goneOnWith(String id, Flow flow) throws Exception {
        return goneOnWith(memory, id, flow);
    }

    private static ExecutionResult goneOnWith(InMemoryExecutionStore store, String id, Flow flow) throws Exception {
        try (FlowEngine next = Durable.engine(store)) {
            next.register(flow);
            return next.find(id).orElseThrow().await(PATIENCE).orElseThrow();
        }
    }

    private Flow flow(Function<NodeRef<String>, NodeRef<String>> handling) {
        FlowBuilder f = Flow.builder("once");
        TriggerRef<String> t = f.trigger("t", String.class);
        NodeRef<String> pay =
                handling.apply(f.node("pay", t, this::pay).returns(String.class).atMostOnce());
        f.node("sent", pay, text -> text + " sent").returns(String.class);
        return f.build();
    }

    private String pay(String text) throws InterruptedException {
        int number = paid.incrementAndGet();
        entered.countDown();
        open.await();
        return text + " paid " + number;
    }
}
