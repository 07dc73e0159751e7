package dev.flowengine.durable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.CompensationState;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.ExecutionSnapshot;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.CompensationPolicy;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.flow.SignalRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.persistence.AuditRecord;
import dev.flowengine.persistence.RunRecord;
import dev.flowengine.persistence.tck.FaultyExecutionStore;
import dev.flowengine.persistence.tck.InMemoryExecutionStore;
import dev.flowengine.testing.NeedsOverlap;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("S26 S43 compensations in a store: another engine goes on with them, and everybody can read them")
@Timeout(120)
class CompensationInStoreTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final InMemoryExecutionStore store = new InMemoryExecutionStore();
    private final List<String> undone = new CopyOnWriteArrayList<>();
    private final CountDownLatch open = new CountDownLatch(1);
    private final CountDownLatch atTheGate = new CountDownLatch(1);

    @AfterEach
    void letGo() {
        open.countDown();
    }

    private static ConditionFactory patiently() {
        return await().atMost(PATIENCE).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(2));
    }

    /** Whose last node is undone first, and stays at the gate for as long as that is closed. */
    private Flow flow() {
        FlowBuilder f =
                Flow.builder("saga").compensate(CompensationPolicy.always().retry(RetryPolicy.none()));
        TriggerRef<Integer> t = f.trigger("t", Integer.class);
        NodeRef<String> first = f.node("first", t, n -> "1")
                .returns(String.class)
                .compensate((value, context) -> {
                    undone.add("first " + value);
                });
        NodeRef<String> last = f.node("last", first, n -> "2")
                .returns(String.class)
                .compensate((value, context) -> {
                    atTheGate.countDown();
                    open.await();
                    undone.add("last " + value);
                });
        SignalRef<String, Integer> asked = f.waitForSignal("asked", last, Integer.class);
        f.action("pay", asked, n -> {
            throw new IllegalStateException("no money");
        });
        return f.build();
    }

    private FlowExecution failed(FlowEngine engine, Flow flow) throws InterruptedException {
        FlowExecution run = engine.executeFromTrigger(flow, "t", 1);
        run.signal("asked", 1);
        assertThat(atTheGate.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return run;
    }

    @Test
    @DisplayName("S43 R4 R5 a lost engine: another one undoes what was left, and the one lost changes nothing any more")
    void taken_over() throws Exception {
        Flow flow = flow();
        try (FlowEngine one = Durable.engine(store);
                FlowEngine two = Durable.engine(store)) {
            FlowExecution run = failed(one, flow);
            patiently().until(() -> run.status() == ExecutionStatus.COMPENSATING);
            ExecutionSnapshot elsewhere = seenBy(two, flow, run.id());
            assertThat(elsewhere.status()).isEqualTo(ExecutionStatus.COMPENSATING);
            assertThat(elsewhere.compensations())
                    .extracting(each -> each.nodeId() + " " + each.status())
                    .containsExactly("last RUNNING", "first PENDING");

            store.advance(Durable.LEASE.multipliedBy(2));
            open.countDown();
            ExecutionResult result =
                    two.find(run.id()).orElseThrow().await(PATIENCE).orElseThrow();

            assertThat(result.status()).isEqualTo(ExecutionStatus.FAILED);
            assertThat(result.failure().orElseThrow()).hasMessageContaining("no money");
            assertThat(shown(result.compensations())).containsExactly("last COMPLETED", "first COMPLETED");
            assertThat(undone).contains("last 2", "first 1");
        }
    }

    private static ExecutionSnapshot seenBy(FlowEngine other, Flow flow, String id) {
        other.register(flow);
        return other.find(id).orElseThrow().snapshot();
    }

    private static List<String> shown(List<CompensationState> compensations) {
        return compensations.stream()
                .map(each -> each.nodeId() + " " + each.status())
                .toList();
    }

    @Test
    @DisplayName("S26 closing the engine lets the one that runs end, and leaves the rest to another one")
    void closed_meanwhile() throws Exception {
        Flow flow = flow();
        FlowEngine one = Durable.engine(store);
        FlowExecution run = one.executeFromTrigger(flow, "t", 1);
        patiently().until(() -> run.status() == ExecutionStatus.WAITING);
        run.cancel("enough");
        assertThat(atTheGate.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        CompletableFuture<Void> closed = CompletableFuture.runAsync(() -> one.close(PATIENCE));
        patiently().until(() -> refuses(one, flow));
        open.countDown();
        closed.get();
        assertThat(undone).containsExactly("last 2");
        assertThat(store.find(run.id()).orElseThrow().state().status()).isEqualTo(ExecutionStatus.COMPENSATING);

        try (FlowEngine two = Durable.engine(store)) {
            two.register(flow);
            ExecutionResult result =
                    two.find(run.id()).orElseThrow().await(PATIENCE).orElseThrow();

            assertThat(result.status()).isEqualTo(ExecutionStatus.CANCELLED);
            assertThat(result.failure().orElseThrow().kind()).isEqualTo(FailureKind.CANCELLED);
            assertThat(result.failure().orElseThrow()).hasMessageContaining("enough");
            assertThat(shown(result.compensations())).containsExactly("last COMPLETED", "first COMPLETED");
            assertThat(undone).containsExactly("last 2", "first 1");
        }
    }

    private static boolean refuses(FlowEngine engine, Flow flow) {
        try {
            engine.executeFromTrigger(flow, "t", 1);
            return false;
        } catch (FlowException closed) {
            return closed.kind() == FailureKind.ENGINE_CLOSED;
        }
    }

    @Test
    @DisplayName("S45 history: who reads an ended execution finds its compensations, and the audit when each was done")
    void read_later() throws Exception {
        Flow flow = flow();
        open.countDown();
        String id;
        try (FlowEngine one = Durable.engine(store)) {
            FlowExecution run = failed(one, flow);
            id = run.id();
            run.await();
        }
        try (FlowEngine two = Durable.engine(store)) {
            two.register(flow);
            ExecutionResult result = two.find(id).orElseThrow().await();
            assertThat(shown(result.compensations())).containsExactly("last COMPLETED", "first COMPLETED");
            assertThat(result.snapshot().compensation("last").orElseThrow().attempt())
                    .isEqualTo(1);
            assertThat(two.trail(id).audit())
                    .extracting(AuditRecord::action, AuditRecord::detail)
                    .contains(
                            tuple("compensation-completed", "node 'last'"),
                            tuple("compensation-completed", "node 'first'"));
            assertThat(two.redrive(id).plan().rerun()).contains("first", "last", "pay");
        }
    }

    /** Whose node that starts first completes last, once it may. */
    private Flow flowThatOvertakes(CountDownLatch slow) {
        CountDownLatch slowEntered = new CountDownLatch(1);
        FlowBuilder f =
                Flow.builder("order").compensate(CompensationPolicy.always().retry(RetryPolicy.none()));
        TriggerRef<Integer> t = f.trigger("t", Integer.class);
        NodeRef<Integer> startedFirst = f.node("started first", t, n -> {
                    slowEntered.countDown();
                    slow.await();
                    return n;
                })
                .returns(Integer.class)
                .compensate((value, context) -> undone.add("started first"));
        NodeRef<Integer> endedFirst = f.node("ended first", t, n -> {
                    slowEntered.await();
                    return n;
                })
                .returns(Integer.class)
                .compensate((value, context) -> undone.add("ended first"));
        f.action("pay", f.waitForSignal("asked", startedFirst, Integer.class), n -> {
                    throw new IllegalStateException("no money");
                })
                .after(endedFirst);
        return f.build();
    }

    @Test
    @NeedsOverlap
    @DisplayName("S26 S41 the order is that of completion, not of the starts, also for an engine that was not there")
    void the_order_survives() throws Exception {
        CountDownLatch slow = new CountDownLatch(1);
        Flow flow = flowThatOvertakes(slow);
        String id;
        try (FlowEngine one = Durable.builder(store, 4).build()) {
            FlowExecution run = one.executeFromTrigger(flow, "t", 1);
            id = run.id();
            patiently()
                    .until(() -> run.snapshot()
                            .node("ended first")
                            .orElseThrow()
                            .status()
                            .isSettled());
            slow.countDown();
            patiently().until(() -> run.status() == ExecutionStatus.WAITING);
        }
        try (FlowEngine two = Durable.builder(store, 4).build()) {
            two.register(flow);
            two.signal(id, "asked", 1);
            ExecutionResult result = two.find(id).orElseThrow().await(PATIENCE).orElseThrow();
            assertThat(result.status()).isEqualTo(ExecutionStatus.FAILED);
            assertThat(undone).containsExactly("started first", "ended first");
        }
    }

    @Test
    @DisplayName("S43 one that was parked meanwhile goes on compensating when it is resumed, for the end it had")
    void parked_meanwhile() throws Exception {
        Flow flow = flow();
        String id = "";
        for (int loss = 0; loss < 2; loss++) {
            FaultyExecutionStore cutOff = FaultyExecutionStore.of(store);
            FlowEngine lost = Durable.engine(cutOff);
            if (loss == 0) {
                FlowExecution run = lost.executeFromTrigger(flow, "t", 1);
                patiently().until(() -> run.status() == ExecutionStatus.WAITING);
                run.cancel("enough");
                id = run.id();
            }
            lost.register(flow);
            awaitStored(id, ExecutionStatus.COMPENSATING, loss + 1);
            cutOff.die();
            store.advance(Durable.LEASE.multipliedBy(2));
            lost.close(Duration.ZERO);
        }
        try (FlowEngine last = Durable.builder(store).maxTakeOvers(1).build()) {
            last.register(flow);
            awaitStored(id, ExecutionStatus.PARKED, 3);
            open.countDown();

            FlowExecution run = last.find(id).orElseThrow();
            run.resume();
            ExecutionResult result = run.await(PATIENCE).orElseThrow();
            assertThat(result.status()).isEqualTo(ExecutionStatus.CANCELLED);
            assertThat(result.failure().orElseThrow()).hasMessageContaining("enough");
            assertThat(shown(result.compensations())).containsExactly("last COMPLETED", "first COMPLETED");
        }
    }

    private void awaitStored(String id, ExecutionStatus status, long epoch) {
        patiently().until(() -> {
            RunRecord kept = store.find(id).orElseThrow();
            return kept.state().status() == status && kept.ownership().epoch() == epoch;
        });
    }
}
