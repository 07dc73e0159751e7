package dev.flowengine.durable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.persistence.Ownership;
import dev.flowengine.persistence.tck.FaultyExecutionStore;
import dev.flowengine.persistence.tck.InMemoryExecutionStore;
import dev.flowengine.persistence.tck.StoreCall;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("R5 S43 recovery runs what nobody runs, and nothing else")
@Timeout(60)
class RecoveryTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int ROUNDS = 5;

    private final InMemoryExecutionStore memory = new InMemoryExecutionStore();
    private final CountDownLatch open = new CountDownLatch(1);
    private final CountDownLatch entered = new CountDownLatch(1);
    private final AtomicInteger bodies = new AtomicInteger();
    private final Flow flow = flow();

    @Test
    @DisplayName("an execution under way is not run again, however often others look, nor by its own engine")
    void live_runs_are_left_alone() throws Exception {
        FaultyExecutionStore ownerStore = FaultyExecutionStore.of(memory).counting(Set.of(StoreCall.CLAIM));
        FaultyExecutionStore otherStore = FaultyExecutionStore.of(memory).counting(Set.of(StoreCall.CLAIM));
        try (FlowEngine owner = Durable.engine(ownerStore);
                FlowEngine other = Durable.engine(otherStore)) {
            other.register(flow);
            FlowExecution run = owner.executeFromTrigger(flow, "t", "x");
            entered.await();
            Ownership at = ownership(run.id());

            looked(ownerStore);
            looked(otherStore);
            assertThat(ownership(run.id())).isEqualTo(at);
            assertThat(bodies).hasValue(1);

            open.countDown();
            assertThat(run.await(PATIENCE).orElseThrow().status()).isEqualTo(ExecutionStatus.COMPLETED);
            looked(otherStore);
            assertThat(bodies).as("what has ended is not run either").hasValue(1);
        } finally {
            open.countDown();
        }
    }

    @Test
    @DisplayName("an engine that is being closed takes nothing over, though it still runs what it has")
    void not_while_draining() throws Exception {
        FaultyExecutionStore drainedStore =
                FaultyExecutionStore.of(memory).counting(Set.of(StoreCall.CLAIM, StoreCall.RENEW));
        FlowEngine drained =
                Durable.builder(drainedStore).lease(Duration.ofMillis(600)).build();
        Thread closing = new Thread(() -> drained.close(PATIENCE));
        try {
            drained.executeFromTrigger(flow, "t", "x");
            entered.await();
            closing.start();
            await().atMost(PATIENCE).until(() -> !drained.health().reasons().isEmpty());

            String left = left();
            Ownership asLeft = ownership(left);
            looked(drainedStore);
            assertThat(ownership(left)).isEqualTo(asLeft);
        } finally {
            open.countDown();
            closing.join();
        }
    }

    @Test
    @DisplayName("every engine is another worker, also when one follows the other in the same process")
    void workers_are_told_apart() throws Exception {
        open.countDown();
        Set<String> workers = new LinkedHashSet<>();
        for (int i = 0; i < 3; i++) {
            try (FlowEngine engine = Durable.engine(memory)) {
                String id = engine.executeFromTrigger(flow, "t", "x").await().executionId();
                workers.add(
                        memory.load(id).orElseThrow().nodes().get(0).workerId().orElseThrow());
            }
        }
        assertThat(workers).hasSize(3);
    }

    /** An execution that is given back by its engine, before its body could end. */
    private String left() {
        FlowEngine engine = Durable.engine(memory);
        String id = engine.executeFromTrigger(flow, "t", "x").id();
        engine.close(Duration.ZERO);
        return id;
    }

    private Ownership ownership(String executionId) {
        return memory.find(executionId).orElseThrow().ownership();
    }

    private static void looked(FaultyExecutionStore store) {
        long before = store.writes();
        await().atMost(PATIENCE).until(() -> store.writes() >= before + ROUNDS);
    }

    private Flow flow() {
        FlowBuilder f = Flow.builder("recovered");
        TriggerRef<String> t = f.trigger("t", String.class);
        f.node("only", t, text -> {
                    bodies.incrementAndGet();
                    entered.countDown();
                    open.await();
                    return text;
                })
                .returns(String.class);
        return f.build();
    }
}
