package dev.flowengine.durable;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.FailureKind;
import dev.flowengine.persistence.StepRecord;
import dev.flowengine.persistence.tck.FaultyExecutionStore;
import dev.flowengine.persistence.tck.InMemoryExecutionStore;
import dev.flowengine.testing.Engines;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("S42 R36 a step that was done is not done again")
@Timeout(60)
class StepTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final InMemoryExecutionStore memory = new InMemoryExecutionStore();
    private final AtomicInteger charged = new AtomicInteger();
    private final AtomicInteger attempts = new AtomicInteger();

    @Test
    @DisplayName("by another attempt, in memory")
    void by_a_retry_in_memory() throws Exception {
        try (FlowEngine engine = Engines.create()) {
            assertThat(engine.executeFromTrigger(retrying(), "t", "x").await().output("pay", String.class))
                    .isEqualTo("receipt 1 for x, attempt 3");
        }
        assertThat(charged).hasValue(1);
    }

    @Test
    @DisplayName("by another attempt, with a store")
    void by_a_retry() throws Exception {
        try (FlowEngine engine = Durable.engine(memory)) {
            ExecutionResult end =
                    engine.executeFromTrigger(retrying(), "t", "x").await();
            assertThat(end.output("pay", String.class)).isEqualTo("receipt 1 for x, attempt 3");
            assertThat(memory.load(end.executionId()).orElseThrow().steps())
                    .extracting(step -> step.key().name())
                    .containsExactly("charge");
        }
        assertThat(charged).hasValue(1);
    }

    @Test
    @DisplayName("by another engine after a crash")
    void after_a_crash() throws Exception {
        FaultyExecutionStore store = FaultyExecutionStore.of(memory);
        CountDownLatch done = new CountDownLatch(1);
        CountDownLatch open = new CountDownLatch(1);
        FlowBuilder f = Flow.builder("steps");
        TriggerRef<String> t = f.trigger("t", String.class);
        f.contextNode("pay", t, (text, context) -> {
                    String receipt = context.step("charge", String.class, () -> "receipt " + charged.incrementAndGet());
                    done.countDown();
                    open.await();
                    return receipt + " for " + text;
                })
                .returns(String.class);
        Flow flow = f.build();
        FlowEngine lost = Durable.engine(store);
        String id = lost.executeFromTrigger(flow, "t", "x").id();
        done.await();
        store.die();
        memory.advance(Durable.LEASE.multipliedBy(2));
        open.countDown();
        lost.close(Duration.ZERO);

        try (FlowEngine next = Durable.engine(memory)) {
            next.register(flow);
            assertThat(next.find(id).orElseThrow().await(PATIENCE).orElseThrow().output("pay", String.class))
                    .isEqualTo("receipt 1 for x");
        }
        assertThat(charged).hasValue(1);
    }

    @Test
    @DisplayName("steps of many bodies at once are all recorded")
    void many_at_once() throws Exception {
        FlowBuilder f = Flow.builder("many");
        TriggerRef<Integer> t = f.trigger("t", Integer.class);
        for (int i = 0; i < 20; i++) {
            int number = i;
            f.contextNode("n" + i, t, (any, context) -> {
                        int sum = 0;
                        for (int step = 0; step < 10; step++) {
                            sum += context.step("s" + step, Integer.class, charged::incrementAndGet);
                        }
                        return sum + number;
                    })
                    .returns(Integer.class);
        }
        try (FlowEngine engine = Durable.engine(memory)) {
            ExecutionResult end = engine.executeFromTrigger(f.build(), "t", 1).await();
            assertThat(end.failure()).isEmpty();
            assertThat(memory.load(end.executionId()).orElseThrow().steps())
                    .hasSize(200)
                    .extracting(StepRecord::key)
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    @DisplayName("S46 one whose result cannot be kept fails the node")
    void unkept() throws Exception {
        FlowBuilder f = Flow.builder("unkept");
        TriggerRef<String> t = f.trigger("t", String.class);
        f.contextNode(
                        "pay",
                        t,
                        (text, context) ->
                                context.step("s", Object.class, Object::new).toString())
                .returns(String.class);
        try (FlowEngine engine = Durable.engine(memory)) {
            ExecutionResult end = engine.executeFromTrigger(f.build(), "t", "x").await();
            assertThat(end.failure().orElseThrow()).hasMessageContaining("step 's' of node 'pay'");
            assertThat(end.failure().orElseThrow().kind()).isEqualTo(FailureKind.NODE_EXECUTION_FAILED);
        }
    }

    private Flow retrying() {
        FlowBuilder f = Flow.builder("steps");
        TriggerRef<String> t = f.trigger("t", String.class);
        f.contextNode("pay", t, (text, context) -> {
                    String receipt = context.step("charge", String.class, () -> "receipt " + charged.incrementAndGet());
                    if (attempts.incrementAndGet() < 3) {
                        throw new IllegalStateException("later");
                    }
                    return receipt + " for " + text + ", attempt " + context.attempt();
                })
                .returns(String.class)
                .retry(RetryPolicy.fixed(Duration.ofMillis(1)).maxAttempts(5));
        return f.build();
    }
}
