package dev.flowengine.durable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.PortValues;
import dev.flowengine.node.RunOptions;
import dev.flowengine.persistence.PurgeRequest;
import dev.flowengine.persistence.RunQuery;
import dev.flowengine.persistence.tck.FaultyExecutionStore;
import dev.flowengine.persistence.tck.InMemoryExecutionStore;
import dev.flowengine.testing.Threads;
import dev.flowengine.testing.WithThreads;
import java.time.Duration;
import java.time.Instant;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("R36 a start that is repeated with its key, on whichever engine, starts nothing more")
@Timeout(60)
class RunKeyInStoreTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final RunOptions KEY = RunOptions.builder().key("order-42").build();

    private final InMemoryExecutionStore memory = new InMemoryExecutionStore();
    private final AtomicInteger bodies = new AtomicInteger();
    private final CountDownLatch open = new CountDownLatch(1);

    @Test
    @DisplayName("the same key and input give the execution that goes on elsewhere, and its end")
    void on_another_engine() throws Exception {
        try (FlowEngine one = Durable.engine(memory);
                FlowEngine two = Durable.engine(memory)) {
            FlowExecution first = one.executeFromTrigger(flow("1"), "t", "x", KEY);

            FlowExecution seen = two.executeFromTrigger(flow("1"), "t", "x", KEY);
            assertThat(seen.id()).isEqualTo(first.id());
            open.countDown();
            assertThat(seen.await(PATIENCE).orElseThrow().output("n", String.class))
                    .isEqualTo("x1");
        }
        try (FlowEngine three = Durable.engine(memory)) {
            FlowExecution ended = three.executeFromTrigger(flow("1"), "t", "x", KEY);
            assertThat(ended.status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(ended.await().output("n", String.class)).isEqualTo("x1");
        }
        assertThat(bodies).hasValue(1);
    }

    @Test
    @DisplayName("another input is refused, and leaves nothing behind")
    void other_input() throws Exception {
        open.countDown();
        try (FlowEngine one = Durable.engine(memory);
                FlowEngine two = Durable.engine(memory)) {
            FlowExecution first = one.executeFromTrigger(flow("1"), "t", "x", KEY);

            for (FlowEngine engine : new FlowEngine[] {one, two}) {
                assertThatExceptionOfType(FlowException.class)
                        .isThrownBy(() -> engine.executeFromTrigger(flow("1"), "t", "y", KEY))
                        .satisfies(conflict -> {
                            assertThat(conflict.kind()).isEqualTo(FailureKind.KEY_CONFLICT);
                            assertThat(conflict)
                                    .hasMessageContaining("'order-42'")
                                    .hasMessageContaining(first.id());
                            assertThat(conflict.suggestedResolution()).isNotEmpty();
                        });
            }
            first.await();
            assertThat(two.health().executions()).isZero();
        }
        assertThat(memory.query(RunQuery.all(10)).runs()).hasSize(1);
        assertThat(bodies).hasValue(1);
    }

    @Test
    @DisplayName("the input is the same whatever limits it, in whatever order pins are given, and in every version")
    void what_is_no_input() {
        open.countDown();
        try (FlowEngine engine = Durable.engine(memory)) {
            RunOptions pins =
                    KEY.toBuilder().pin("n", "main", "a").pin("m", "main", "b").build();
            String first = engine.executeFromTrigger(flow("1"), "t", "x", pins).id();

            RunOptions again = KEY.toBuilder()
                    .pin("m", "main", "b")
                    .pin("n", "main", "a")
                    .deadline(Instant.now().plusSeconds(60))
                    .timeout(Duration.ofMinutes(5))
                    .userId("ann")
                    .build();
            assertThat(engine.executeFromTrigger(flow("2"), "t", "x", again).id())
                    .isEqualTo(first);
            RunOptions other =
                    again.toBuilder().pin("n", PortValues.of("main", "c")).build();
            assertThatExceptionOfType(FlowException.class)
                    .isThrownBy(() -> engine.executeFromTrigger(flow("2"), "t", "x", other))
                    .satisfies(conflict -> assertThat(conflict.kind()).isEqualTo(FailureKind.KEY_CONFLICT));
        }
    }

    @WithThreads
    @DisplayName("of starts at the same time on two engines one starts the execution, and all are given it")
    void at_once(int threads) throws Exception {
        open.countDown();
        Flow flow = flow("1");
        try (FlowEngine one = Durable.builder(memory, threads).build();
                FlowEngine two = Durable.builder(memory, threads).build()) {
            for (int round = 0; round < 20; round++) {
                bodies.set(0);
                RunOptions options = RunOptions.builder().key("k" + round).build();
                Queue<FlowExecution> given = new ConcurrentLinkedQueue<>();
                Threads.together(
                        4,
                        number -> given.add((number % 2 == 0 ? one : two).executeFromTrigger(flow, "t", "x", options)));

                assertThat(given)
                        .hasSize(4)
                        .extracting(FlowExecution::id)
                        .containsOnly(given.element().id());
                for (FlowExecution each : given) {
                    assertThat(each.await(PATIENCE).orElseThrow().status()).isEqualTo(ExecutionStatus.COMPLETED);
                }
                assertThat(bodies).hasValue(1);
            }
        }
        assertThat(memory.query(RunQuery.all(100)).runs()).hasSize(20);
    }

    @Test
    @DisplayName("S41 a start whose answer was lost is its own execution, not another one with its key")
    void answer_lost() throws Exception {
        open.countDown();
        FaultyExecutionStore store = FaultyExecutionStore.of(memory);
        store.failAfter(1);
        try (FlowEngine engine = Durable.engine(store)) {
            FlowExecution run = engine.executeFromTrigger(flow("1"), "t", "x", KEY);
            assertThat(run.await(PATIENCE).orElseThrow().status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
        assertThat(memory.query(RunQuery.all(10)).runs()).hasSize(1);
    }

    @Test
    @DisplayName("a key can be used again once its execution was removed")
    void until_it_is_removed() throws Exception {
        open.countDown();
        try (FlowEngine engine = Durable.engine(memory)) {
            engine.executeFromTrigger(flow("1"), "t", "x", KEY).await();
        }
        memory.purge(PurgeRequest.keeping(ExecutionStatus.COMPLETED, 0, 10));
        try (FlowEngine engine = Durable.engine(memory)) {
            assertThat(engine.executeFromTrigger(flow("1"), "t", "y", KEY)
                            .await()
                            .output("n", String.class))
                    .isEqualTo("y2");
        }
    }

    private Flow flow(String version) {
        FlowBuilder f = Flow.builder("orders").version(version);
        TriggerRef<String> t = f.trigger("t", String.class);
        f.node("n", t, text -> {
                    int number = bodies.incrementAndGet();
                    open.await();
                    return text + number;
                })
                .returns(String.class);
        f.node("m", t, text -> text).returns(String.class);
        return f.build();
    }
}
