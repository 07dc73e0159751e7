package dev.flowengine.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.execution.HistoryQuery;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.RunOptions;
import dev.flowengine.testing.Engines;
import dev.flowengine.testing.Threads;
import dev.flowengine.testing.WithThreads;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("R36 a start that is repeated with its key starts nothing more")
@Timeout(60)
class RunKeyTest {
    private static final RunOptions KEY = RunOptions.builder().key("order-42").build();

    private final AtomicInteger bodies = new AtomicInteger();
    private final CountDownLatch open = new CountDownLatch(1);

    @Test
    @DisplayName("the same key and input give the execution that goes on, and later the one that has ended")
    void same_input() throws Exception {
        try (FlowEngine engine = Engines.create()) {
            Flow flow = flow("orders");
            FlowExecution first = engine.executeFromTrigger(flow, "t", List.of(1, 2), KEY);

            FlowExecution second = engine.executeFromTrigger(flow, "t", List.of(1, 2), KEY);
            assertThat(second.id()).isEqualTo(first.id());
            open.countDown();
            assertThat(first.await().status()).isEqualTo(ExecutionStatus.COMPLETED);

            FlowExecution third = engine.executeFromTrigger(flow, "t", List.of(1, 2), KEY);
            assertThat(third.id()).isEqualTo(first.id());
            assertThat(third.await().output("n", String.class)).isEqualTo("[1, 2]");
        }
        assertThat(bodies).hasValue(1);
    }

    @Test
    @DisplayName("how long it may take, and on whose behalf it runs, is no input")
    void limits_are_no_input() {
        open.countDown();
        try (FlowEngine engine = Engines.create()) {
            Flow flow = flow("orders");
            String first = engine.executeFromTrigger(flow, "t", List.of(1), KEY).id();
            RunOptions limited = KEY.toBuilder()
                    .deadline(Instant.now().plusSeconds(60))
                    .timeout(Duration.ofMinutes(5))
                    .userId("ann")
                    .build();

            assertThat(engine.executeFromTrigger(flow, "t", List.of(1), limited).id())
                    .isEqualTo(first);
        }
    }

    @Test
    @DisplayName("the same key with another input is refused, and says what to do")
    void other_input() {
        open.countDown();
        try (FlowEngine engine = Engines.create()) {
            Flow flow = flow("orders");
            String first = engine.executeFromTrigger(flow, "t", List.of(1), KEY).id();

            RunOptions pinned = KEY.toBuilder().pin("n", "main", "given").build();
            assertThatExceptionOfType(FlowException.class)
                    .isThrownBy(() -> engine.executeFromTrigger(flow, "t", List.of(2), KEY))
                    .satisfies(conflict -> {
                        assertThat(conflict.kind()).isEqualTo(FailureKind.KEY_CONFLICT);
                        assertThat(conflict).hasMessageContaining("'orders'").hasMessageContaining(first);
                        assertThat(conflict.suggestedResolution()).isNotEmpty();
                    });
            for (RunOptions other : List.of(
                    pinned,
                    KEY.toBuilder().upTo("t").build(),
                    KEY.toBuilder().outputsFrom(first).build())) {
                assertThatExceptionOfType(FlowException.class)
                        .isThrownBy(() -> engine.executeFromTrigger(flow, "t", List.of(1), other))
                        .satisfies(conflict -> assertThat(conflict.kind()).isEqualTo(FailureKind.KEY_CONFLICT));
            }
            assertThat(engine.history(HistoryQuery.all()).executions()).hasSize(1);
        }
    }

    @Test
    @DisplayName("keys of two flows have nothing to do with each other")
    void per_flow() {
        open.countDown();
        try (FlowEngine engine = Engines.create()) {
            String one =
                    engine.executeFromTrigger(flow("one"), "t", List.of(1), KEY).id();
            String two =
                    engine.executeFromTrigger(flow("two"), "t", List.of(2), KEY).id();
            assertThat(two).isNotEqualTo(one);
        }
    }

    @WithThreads
    @DisplayName("of starts at the same time one starts the execution, and all are given it")
    void at_once(int threads) throws Exception {
        open.countDown();
        try (FlowEngine engine = Engines.withThreads(threads)) {
            Flow flow = flow("orders");
            for (int round = 0; round < 100; round++) {
                bodies.set(0);
                RunOptions options = RunOptions.builder().key("k" + round).build();
                Queue<FlowExecution> given = new ConcurrentLinkedQueue<>();
                Threads.together(4, any -> given.add(engine.executeFromTrigger(flow, "t", List.of(7), options)));

                assertThat(given)
                        .hasSize(4)
                        .extracting(FlowExecution::id)
                        .containsOnly(given.element().id());
                given.element().await();
                assertThat(bodies).hasValue(1);
            }
        }
    }

    @Test
    @DisplayName("a key can be used again once its execution is not kept any more")
    void until_it_is_forgotten() throws Exception {
        open.countDown();
        try (FlowEngine engine =
                Engines.builder().archive(1, Duration.ofHours(1)).build()) {
            Flow flow = flow("orders");
            FlowExecution first = engine.executeFromTrigger(flow, "t", List.of(1), KEY);
            first.await();
            engine.executeFromTrigger(flow, "t", List.of(9)).await();

            FlowExecution again = engine.executeFromTrigger(flow, "t", List.of(2), KEY);
            assertThat(again.id()).isNotEqualTo(first.id());
            assertThat(again.await().output("n", String.class)).isEqualTo("[2]");
        }
    }

    @Test
    @DisplayName("a start that is refused takes no key")
    void refused() throws Exception {
        open.countDown();
        try (FlowEngine engine = Engines.create()) {
            Flow flow = flow("orders");
            assertThatExceptionOfType(FlowException.class)
                    .isThrownBy(() -> engine.executeFromTrigger(flow, "t", "no list", KEY));

            assertThat(engine.executeFromTrigger(flow, "t", List.of(1), KEY)
                            .await()
                            .status())
                    .isEqualTo(ExecutionStatus.COMPLETED);
        }
    }

    @Test
    @DisplayName("S29 a redrive is an execution of its own, and leaves the key where it is")
    void redrive() throws Exception {
        open.countDown();
        try (FlowEngine engine = Engines.create()) {
            Flow flow = flow("orders");
            FlowExecution first = engine.executeFromTrigger(flow, "t", List.of(1), KEY);
            first.await();
            FlowExecution redriven = engine.redrive(first.id()).from("n").start();
            redriven.await();

            assertThat(redriven.id()).isNotEqualTo(first.id());
            assertThat(engine.executeFromTrigger(flow, "t", List.of(1), KEY).id())
                    .isEqualTo(first.id());
        }
    }

    @SuppressWarnings("rawtypes")
    private Flow flow(String id) {
        FlowBuilder f = Flow.builder(id);
        TriggerRef<List> t = f.trigger("t", List.class);
        NodeRef<String> n = f.node("n", t, any -> {
            bodies.incrementAndGet();
            open.await();
            return any.toString();
        });
        assertThat(n).isNotNull();
        return f.build();
    }
}
