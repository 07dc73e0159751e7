package dev.flowengine.durable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.persistence.AuditRecord;
import dev.flowengine.persistence.tck.FaultyExecutionStore;
import dev.flowengine.persistence.tck.InMemoryExecutionStore;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("S25 S43 two engines on one store")
@Timeout(60)
class TwoEnginesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final InMemoryExecutionStore memory = new InMemoryExecutionStore();
    private final FaultyExecutionStore ownerStore = FaultyExecutionStore.of(memory);
    private final CountDownLatch open = new CountDownLatch(1);
    private final CountDownLatch entered = new CountDownLatch(1);
    private final AtomicInteger bodies = new AtomicInteger();
    private final Flow flow = flow();
    private final FlowEngine owner =
            Durable.builder(ownerStore).lease(Duration.ofSeconds(5)).build();
    /** Its own lease outlasts what the clock of the store is set forward by. */
    private final FlowEngine other =
            Durable.builder(memory).lease(Duration.ofHours(1)).build();

    @AfterEach
    void close() {
        open.countDown();
        owner.close(Duration.ZERO);
        other.close(Duration.ZERO);
    }

    @Test
    @DisplayName("one pauses, resumes and sees what the other owns")
    void control_from_another_process() throws Exception {
        FlowExecution run = owner.executeFromTrigger(flow, "t", "x");
        entered.await();
        other.register(flow);
        FlowExecution seen = other.find(run.id()).orElseThrow();
        assertThat(seen.snapshot().node("first").orElseThrow().status()).isEqualTo(NodeStatus.QUEUED);

        assertThat(seen.pause()).isEqualTo(ExecutionStatus.RUNNING);
        await().atMost(PATIENCE).until(() -> run.status() == ExecutionStatus.PAUSING);
        open.countDown();
        await().atMost(PATIENCE).until(() -> seen.status() == ExecutionStatus.PAUSED);
        assertThat(run.status()).isEqualTo(ExecutionStatus.PAUSED);

        seen.resume();
        ExecutionResult end = seen.await(PATIENCE).orElseThrow();
        assertThat(end.output("second", String.class)).isEqualTo("x12");
        assertThat(run.await(PATIENCE).orElseThrow().status()).isEqualTo(ExecutionStatus.COMPLETED);
        assertThat(memory.trail(run.id()).orElseThrow().audit())
                .extracting(AuditRecord::action)
                .contains("pause", "resume");
    }

    @Test
    @DisplayName("one cancels what the other owns")
    void cancel_from_another_process() throws Exception {
        FlowExecution run = owner.executeFromTrigger(flow, "t", "x");
        entered.await();
        other.register(flow);

        other.find(run.id()).orElseThrow().cancel("no longer wanted");

        ExecutionResult end = run.await(PATIENCE).orElseThrow();
        assertThat(end.status()).isEqualTo(ExecutionStatus.CANCELLED);
        assertThat(end.failure().orElseThrow()).hasMessageContaining("no longer wanted");
        assertThat(other.find(run.id()).orElseThrow().await().failure().orElseThrow())
                .hasMessageContaining("no longer wanted");
    }

    @Test
    @DisplayName(
            "S25 a handle from before its engine took the execution over controls it without waiting for the next renewal")
    void control_after_a_claim() throws Exception {
        FlowExecution run = owner.executeFromTrigger(flow, "t", "x");
        entered.await();
        FlowExecution seen = other.find(run.id()).orElseThrow();
        other.register(flow);
        owner.close(Duration.ZERO);
        await().atMost(PATIENCE)
                .until(() -> memory.find(run.id()).orElseThrow().ownership().epoch() == 2);

        seen.cancel("no longer wanted");

        assertThat(seen.await(PATIENCE).orElseThrow().status()).isEqualTo(ExecutionStatus.CANCELLED);
    }

    @Test
    @DisplayName("R3 R4 what an engine finds out that was away for too long changes nothing, and it tells how it ended")
    void a_zombie_changes_nothing() throws Exception {
        FlowExecution run = owner.executeFromTrigger(flow, "t", "x");
        entered.await();
        ownerStore.die();
        memory.advance(Durable.LEASE);
        open.countDown();
        other.register(flow);

        ExecutionResult end = other.find(run.id()).orElseThrow().await(PATIENCE).orElseThrow();
        assertThat(end.status()).isEqualTo(ExecutionStatus.COMPLETED);
        long epoch = memory.find(run.id()).orElseThrow().ownership().epoch();
        assertThat(epoch).isEqualTo(2);
        assertThat(run.status())
                .as("the engine that was away does not know yet")
                .isEqualTo(ExecutionStatus.RUNNING);

        ownerStore.revive();
        assertThat(run.await(PATIENCE).orElseThrow().output("second", String.class))
                .isEqualTo("x12");
        assertThat(memory.find(run.id()).orElseThrow().ownership().epoch()).isEqualTo(epoch);
        assertThat(memory.load(run.id()).orElseThrow().nodes())
                .allSatisfy(row -> assertThat(row.status()).isEqualTo(NodeStatus.COMPLETED));
    }

    @Test
    @DisplayName(
            "S43 an engine that cannot renew its lease starts nothing, keeps what it has, and goes on when it can again")
    void nothing_starts_without_a_lease() throws Exception {
        FlowExecution run = owner.executeFromTrigger(flow, "t", "x");
        entered.await();
        ownerStore.die();
        await().atMost(PATIENCE)
                .until(() -> owner.health().reasons().stream()
                        .anyMatch(reason -> reason.contains("nothing starts until it is")));
        open.countDown();
        await().atMost(PATIENCE).until(() -> bodies.get() == 1);
        assertThat(run.snapshot().node("first").orElseThrow().status()).isNotEqualTo(NodeStatus.COMPLETED);

        ownerStore.revive();
        assertThat(run.await(PATIENCE).orElseThrow().output("second", String.class))
                .isEqualTo("x12");
        assertThat(bodies).as("nothing was done twice").hasValue(2);
    }

    @Test
    @DisplayName("R37 a close hands executions back at once, without a lease having to end")
    void a_close_hands_back() throws Exception {
        FlowExecution run = owner.executeFromTrigger(flow, "t", "x");
        entered.await();
        Thread closing = new Thread(() -> owner.close(PATIENCE));
        closing.start();
        await().atMost(PATIENCE).until(() -> !owner.health().reasons().isEmpty());
        open.countDown();
        closing.join();

        assertThatThrownBy(run::await)
                .isInstanceOfSatisfying(
                        FlowException.class, gone -> assertThat(gone.kind()).isEqualTo(FailureKind.ENGINE_CLOSED));
        assertThat(memory.load(run.id()).orElseThrow().nodes())
                .as("what ran could end")
                .anySatisfy(row -> {
                    assertThat(row.key().nodeId()).isEqualTo("first");
                    assertThat(row.status()).isEqualTo(NodeStatus.COMPLETED);
                });
        other.register(flow);
        assertThat(other.find(run.id())
                        .orElseThrow()
                        .await(PATIENCE)
                        .orElseThrow()
                        .output("second", String.class))
                .isEqualTo("x12");
        assertThat(bodies).hasValue(2);
    }

    @Test
    @DisplayName(
            "whoever waits for an execution elsewhere is let go when the engine they ask is closed, before and after")
    void followers_are_let_go() throws Exception {
        FlowExecution run = owner.executeFromTrigger(flow, "t", "x");
        entered.await();
        FlowExecution early = other.find(run.id()).orElseThrow();
        FlowExecution late = other.find(run.id()).orElseThrow();
        CompletableFuture<ExecutionResult> waiting = early.completion().toCompletableFuture();
        other.close(Duration.ZERO);

        assertThatThrownBy(() -> waiting.get(20, TimeUnit.SECONDS)).hasMessageContaining("closed");
        assertThatThrownBy(() -> late.await(PATIENCE)).hasMessageContaining("closed");
    }

    @Test
    @DisplayName("S25 an execution that is paused stays so, whoever goes on with it, until it is resumed")
    void stays_paused() throws Exception {
        FlowExecution run = owner.executeFromTrigger(flow, "t", "x");
        entered.await();
        run.pause();
        open.countDown();
        await().atMost(PATIENCE).until(() -> run.status() == ExecutionStatus.PAUSED);
        owner.close(Duration.ZERO);
        other.register(flow);
        await().atMost(PATIENCE)
                .until(() -> memory.find(run.id()).orElseThrow().ownership().epoch() == 2);
        FlowExecution taken = other.find(run.id()).orElseThrow();
        assertThat(taken.status()).isEqualTo(ExecutionStatus.PAUSED);
        assertThat(bodies).hasValue(1);

        taken.resume();
        assertThat(taken.await(PATIENCE).orElseThrow().output("second", String.class))
                .isEqualTo("x12");
    }

    private Flow flow() {
        FlowBuilder f = Flow.builder("two");
        TriggerRef<String> t = f.trigger("t", String.class);
        NodeRef<String> first = f.node("first", t, text -> {
                    entered.countDown();
                    open.await();
                    bodies.incrementAndGet();
                    return text + 1;
                })
                .returns(String.class);
        f.node("second", first, text -> {
                    bodies.incrementAndGet();
                    return text + 2;
                })
                .returns(String.class);
        return f.build();
    }
}
