package dev.flowengine.durable;

import static dev.flowengine.testing.ParentAndChild.asking;
import static dev.flowengine.testing.ParentAndChild.awaitStatus;
import static dev.flowengine.testing.ParentAndChild.childOf;
import static dev.flowengine.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.CompensationState;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.CompensationPolicy;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.CompensationStatus;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.persistence.ClaimRequest;
import dev.flowengine.persistence.FlowKey;
import dev.flowengine.persistence.RunRecord;
import dev.flowengine.persistence.Standing;
import dev.flowengine.persistence.tck.FaultyExecutionStore;
import dev.flowengine.persistence.tck.InMemoryExecutionStore;
import dev.flowengine.persistence.tck.StoreCall;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("S26 S43 executions that are cancelled and cannot be gone on with")
@Timeout(240)
class ParkedCancelTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Set<StoreCall> WRITES = Set.of(StoreCall.CREATE, StoreCall.APPLY, StoreCall.POST);

    private final InMemoryExecutionStore memory = new InMemoryExecutionStore();
    private final List<String> undone = new CopyOnWriteArrayList<>();
    private final AtomicInteger stays = new AtomicInteger();
    private final CountDownLatch gate = new CountDownLatch(1);

    @AfterEach
    void letGo() {
        gate.countDown();
    }

    /** Whose second node heeds no cancel. */
    private Flow stubborn() {
        FlowBuilder f = Flow.builder("stubborn").compensate(CompensationPolicy.always());
        TriggerRef<String> t = f.trigger("t", String.class);
        NodeRef<String> did =
                f.node("did", t, text -> text).returns(String.class).compensate((text, context) -> undone.add(text));
        f.action("stays", did, text -> {
            stays.incrementAndGet();
            boolean open = false;
            while (!open) {
                try {
                    gate.await();
                    open = true;
                } catch (InterruptedException ignored) {
                    // Stubborn.
                }
            }
        });
        return f.build();
    }

    /** Whose first node is undone, if the flow still says so. */
    private Flow asked(boolean undoes) {
        FlowBuilder f = Flow.builder("asked");
        TriggerRef<String> t = f.trigger("t", String.class);
        NodeRef<String> did = f.node("did", t, text -> text).returns(String.class);
        if (undoes) {
            f.compensate(CompensationPolicy.onCancel());
            did.compensate((text, context) -> undone.add(text));
        }
        f.waitForSignal("answer", did, String.class);
        return f.build();
    }

    /** Takes the executions of a flow over, again and again, without coming to anything. */
    private void loseWith(Flow flow, int times) {
        FlowKey edition = new FlowKey(flow.id(), flow.version());
        for (int i = 0; i < times; i++) {
            String worker = "lost-" + i;
            memory.renew(worker, Durable.LEASE);
            assertThat(memory.claim(new ClaimRequest(worker, Set.of(edition), 10)))
                    .hasSize(1);
            memory.advance(Durable.LEASE.multipliedBy(2));
        }
    }

    private RunRecord stored(String id) {
        return memory.find(id).orElseThrow();
    }

    private void awaitStored(String id, ExecutionStatus status) {
        await().until(() -> stored(id).state().status() == status);
    }

    @Test
    @DisplayName(
            "R6 one that takes its engines down is parked while it has something to undo, and undoes it when resumed")
    void poison() throws Exception {
        Flow flow = stubborn();
        FaultyExecutionStore store = FaultyExecutionStore.of(memory);
        FlowEngine lost = Durable.builder(store).cancelGrace(PATIENCE).build();
        FlowExecution first = lost.executeFromTrigger(flow, "t", "x");
        String id = first.id();
        await().until(() -> stays.get() == 1);
        first.cancel("enough");
        awaitStored(id, ExecutionStatus.CANCELLING);
        store.die();
        lost.close(Duration.ZERO);
        memory.advance(Durable.LEASE.multipliedBy(2));
        loseWith(flow, 2);
        try (FlowEngine engine = Durable.builder(memory).maxTakeOvers(2).build()) {
            engine.register(flow);
            awaitStored(id, ExecutionStatus.PARKED);
            assertThat(stored(id).ownership().standing())
                    .isInstanceOfSatisfying(
                            Standing.Dormant.class,
                            dormant -> assertThat(dormant.reason()).contains("taken over 3 times in a row"));
            assertThat(undone).isEmpty();

            FlowExecution run = engine.find(id).orElseThrow();
            run.pause();
            await().alias("a pause changes nothing")
                    .until(() -> memory.messages(id).isEmpty());
            awaitStatus(run, ExecutionStatus.PARKED);
            run.resume();
            ExecutionResult end = run.await(PATIENCE).orElseThrow();
            assertThat(end.status()).isEqualTo(ExecutionStatus.CANCELLED);
            assertThat(end.failure().orElseThrow().kind()).isEqualTo(FailureKind.CANCELLED);
            assertThat(end.failure().orElseThrow()).hasMessageContaining("enough");
            assertThat(undone).containsExactly("x");
            assertThat(stays).as("nothing else goes on").hasValue(1);
        }
    }

    @Test
    @DisplayName(
            "one whose flow does not say any more how it is undone is parked, and undone once the flow says it again")
    void flow_changed() throws Exception {
        String id;
        try (FlowEngine first = Durable.engine(memory)) {
            FlowExecution run = first.executeFromTrigger(asked(true), "t", "x");
            id = run.id();
            awaitStatus(run, ExecutionStatus.WAITING);
        }
        try (FlowEngine changed = Durable.engine(memory)) {
            changed.find(id).orElseThrow().cancel("enough");
            changed.register(asked(false));
            awaitStored(id, ExecutionStatus.PARKED);
            changed.find(id).orElseThrow().cancel("once more");
            await().until(() -> memory.messages(id).isEmpty());
            awaitStored(id, ExecutionStatus.PARKED);
        }
        try (FlowEngine next = Durable.engine(memory)) {
            next.register(asked(true));
            FlowExecution run = next.find(id).orElseThrow();
            run.resume();
            ExecutionResult end = run.await(PATIENCE).orElseThrow();
            assertThat(end.status()).isEqualTo(ExecutionStatus.CANCELLED);
            assertThat(end.failure().orElseThrow()).hasMessageContaining("enough");
            assertThat(end.compensations())
                    .extracting(CompensationState::status)
                    .containsExactly(CompensationStatus.COMPLETED);
            assertThat(undone).containsExactly("x");
        }
    }

    @Test
    @DisplayName("S34 one that has nothing to undo ends, and so do those it waits for")
    void nothing_to_undo() throws Exception {
        Flow flow = asking();
        FaultyExecutionStore store = FaultyExecutionStore.of(memory).counting(WRITES);
        FlowEngine lost = Durable.builder(store)
                .offloadAfter(Duration.ofMillis(1))
                .cancelGrace(PATIENCE)
                .build();
        FlowExecution first = lost.executeFromTrigger(flow, "t", "why");
        FlowExecution child = childOf(lost, first);
        awaitStatus(first, ExecutionStatus.WAITING);
        await().until(() -> stored(child.id()).ownership().standing() instanceof Standing.Dormant);
        store.dieAfter(1);
        first.cancel("enough");
        await().until(store::isDead);
        lost.close(Duration.ZERO);
        assertThat(stored(first.id()).state().status()).isEqualTo(ExecutionStatus.CANCELLING);
        memory.advance(Durable.LEASE.multipliedBy(2));
        loseWith(flow, 2);
        try (FlowEngine engine = Durable.builder(memory).maxTakeOvers(2).build()) {
            engine.register(flow);
            FlowExecution run = engine.find(first.id()).orElseThrow();
            ExecutionResult end = run.await(PATIENCE).orElseThrow();
            assertThat(end.status()).isEqualTo(ExecutionStatus.CANCELLED);
            assertThat(end.failure().orElseThrow()).hasMessageContaining("taken over 3 times in a row");
            awaitStored(child.id(), ExecutionStatus.CANCELLED);
        }
    }
}
