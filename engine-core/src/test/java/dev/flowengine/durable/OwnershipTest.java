package dev.flowengine.durable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.NodeContext;
import dev.flowengine.persistence.ClaimRequest;
import dev.flowengine.persistence.FlowKey;
import dev.flowengine.persistence.tck.FaultyExecutionStore;
import dev.flowengine.persistence.tck.InMemoryExecutionStore;
import dev.flowengine.testing.Engines;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("S43 R4 a body can tell whether its engine still has the execution")
@Timeout(60)
class OwnershipTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final InMemoryExecutionStore memory = new InMemoryExecutionStore();
    private final FaultyExecutionStore store = FaultyExecutionStore.of(memory);
    private final CountDownLatch open = new CountDownLatch(1);
    private final AtomicReference<NodeContext> first = new AtomicReference<>();
    private final AtomicReference<NodeContext> last = new AtomicReference<>();
    private final AtomicInteger others = new AtomicInteger();
    /** Runs one body after the other, in the order in which they became ready. */
    private final ExecutorService oneThread = Executors.newSingleThreadExecutor();

    private final Flow flow = flow();

    @AfterEach
    void end() {
        open.countDown();
        oneThread.shutdownNow();
    }

    @Test
    @DisplayName("in memory it always has, under token 1")
    void in_memory() throws Exception {
        open.countDown();
        try (FlowEngine engine = Engines.create()) {
            engine.executeFromTrigger(flow, "t", "x").await();
            assertThat(owned(first.get())).isTrue();
            assertThat(first.get().fencingToken()).isEqualTo(1);
        }
    }

    @Test
    @DisplayName("not while the lease is over, and again once it is renewed and nobody has taken over")
    void without_a_lease() throws Exception {
        try (FlowEngine engine = engine()) {
            FlowExecution run = engine.executeFromTrigger(flow, "t", "x");
            await().atMost(PATIENCE).until(() -> first.get() != null);
            assertThat(first.get().fencingToken()).isEqualTo(1);
            letLeaseEnd(engine);

            assertThat(owned(first.get())).isFalse();
            store.revive();
            await().atMost(PATIENCE).until(() -> owned(first.get()));
            open.countDown();
            assertThat(run.await(PATIENCE).orElseThrow().status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
    }

    @Test
    @DisplayName("not after another one has taken over, which has a greater token")
    void taken_over() throws Exception {
        try (FlowEngine engine = engine();
                FlowEngine other =
                        Durable.builder(memory).lease(Duration.ofHours(1)).build()) {
            FlowExecution run = engine.executeFromTrigger(flow, "t", "x");
            await().atMost(PATIENCE).until(() -> first.get() != null);
            letLeaseEnd(engine);
            memory.advance(Durable.LEASE);
            other.register(flow);
            await().atMost(PATIENCE).until(() -> last.get() != first.get());
            assertThat(last.get().fencingToken()).isEqualTo(2);
            assertThat(owned(last.get())).isTrue();

            store.revive();
            open.countDown();
            ExecutionResult end = run.await(PATIENCE).orElseThrow();
            assertThat(end.status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(owned(first.get())).isFalse();
            assertThat(first.get().fencingToken()).isEqualTo(1);
        }
    }

    @Test
    @DisplayName("a node that was ready when the lease ended starts when it is renewed, and not before")
    void ready_nodes_wait() throws Exception {
        try (FlowEngine engine = engine()) {
            FlowExecution run = engine.executeFromTrigger(flow, "t", "x");
            await().atMost(PATIENCE).until(() -> first.get() != null);
            letLeaseEnd(engine);
            open.countDown();
            oneThread.submit(() -> {}).get(20, TimeUnit.SECONDS);
            assertThat(others).as("its turn has come and gone").hasValue(0);

            store.revive();
            assertThat(run.await(PATIENCE).orElseThrow().status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(others).hasValue(1);
        }
    }

    @Test
    @DisplayName("and not at all, if somebody has taken over meanwhile")
    void ready_nodes_are_dropped() throws Exception {
        try (FlowEngine engine = engine();
                FlowEngine other =
                        Durable.builder(memory).lease(Duration.ofHours(1)).build()) {
            FlowExecution run = engine.executeFromTrigger(flow, "t", "x");
            await().atMost(PATIENCE).until(() -> first.get() != null);
            letLeaseEnd(engine);
            open.countDown();
            oneThread.submit(() -> {}).get(20, TimeUnit.SECONDS);
            memory.advance(Durable.LEASE);
            other.register(flow);
            assertThat(other.find(run.id()).orElseThrow().await(PATIENCE)).isPresent();
            assertThat(others).hasValue(1);

            store.revive();
            assertThat(run.await(PATIENCE).orElseThrow().status()).isEqualTo(ExecutionStatus.COMPLETED);
            oneThread.submit(() -> {}).get(20, TimeUnit.SECONDS);
            assertThat(others).hasValue(1);
        }
    }

    @Test
    @DisplayName("and an engine that is closed does not wait for the end of what another one has taken over")
    @SuppressWarnings("try") // closed by hand
    void closing_does_not_wait_for_others() throws Exception {
        // Renewed soon: that is when it learns of the other one.
        FlowEngine engine = Durable.builder(memory)
                .lease(Duration.ofSeconds(2))
                .bodyExecutor(oneThread)
                .build();
        FlowExecution run = engine.executeFromTrigger(flow, "t", "x");
        await().atMost(PATIENCE).until(() -> first.get() != null);
        memory.renew("another", Duration.ofHours(1));
        memory.advance(Durable.LEASE.multipliedBy(2));
        memory.renew("another", Duration.ofHours(1));
        assertThat(memory.claim(new ClaimRequest("another", Set.of(new FlowKey(flow.id(), flow.version())), 1)))
                .hasSize(1);
        await().atMost(PATIENCE).until(() -> engine.health().executions() == 0);

        engine.close(Duration.ofHours(1));

        assertThatExceptionOfType(FlowException.class)
                .isThrownBy(run::await)
                .satisfies(closed -> assertThat(closed.kind()).isEqualTo(FailureKind.ENGINE_CLOSED));
    }

    private FlowEngine engine() {
        return Durable.builder(store)
                .lease(Duration.ofSeconds(4))
                .bodyExecutor(oneThread)
                .build();
    }

    private void letLeaseEnd(FlowEngine engine) {
        store.die();
        await().atMost(PATIENCE)
                .until(() -> engine.health().reasons().stream()
                        .anyMatch(reason -> reason.contains("nothing starts until it is")));
    }

    private static boolean owned(NodeContext context) {
        try {
            context.checkOwned();
            return true;
        } catch (FlowException lost) {
            assertThat(lost.kind()).isEqualTo(FailureKind.OWNERSHIP_LOST);
            assertThat(lost.suggestedResolution()).isNotEmpty();
            return false;
        }
    }

    private Flow flow() {
        FlowBuilder f = Flow.builder("owned");
        TriggerRef<String> t = f.trigger("t", String.class);
        // Whichever has the thread first keeps it, here and in the engine that goes on with it; the other waits for its
        // turn.
        for (String id : List.of("one", "another")) {
            f.contextNode(id, t, this::body).returns(String.class);
        }
        return f.build();
    }

    private String body(String text, NodeContext context) throws InterruptedException {
        boolean isFirst =
                first.compareAndSet(null, context) || first.get().nodeId().equals(context.nodeId());
        if (isFirst) {
            last.set(context);
            open.await();
        } else {
            others.incrementAndGet();
        }
        return text;
    }
}
