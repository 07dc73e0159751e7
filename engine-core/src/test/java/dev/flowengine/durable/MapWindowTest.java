package dev.flowengine.durable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.node.Tolerance;
import dev.flowengine.node.TypeRef;
import dev.flowengine.persistence.tck.FaultyExecutionStore;
import dev.flowengine.persistence.tck.InMemoryExecutionStore;
import dev.flowengine.testing.NeedsOverlap;
import dev.flowengine.testing.VirtualTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("R30 only what is alive counts for the concurrency of a map")
@Timeout(60)
class MapWindowTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final TypeRef<List<Integer>> NUMBERS = new TypeRef<>() {};

    private final InMemoryExecutionStore memory = new InMemoryExecutionStore();
    private final FaultyExecutionStore store = FaultyExecutionStore.of(memory);
    private final CountDownLatch release = new CountDownLatch(1);
    private final AtomicBoolean hangs = new AtomicBoolean(true);
    private final AtomicInteger hanging = new AtomicInteger();
    private final AtomicInteger now = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();

    @AfterEach
    void let_go() {
        release.countDown();
    }

    @Test
    @DisplayName("R30 with concurrency 1 the item of an engine that died in the middle of it does not hold up the next")
    void one_item_of_an_engine_that_died() throws Exception {
        takenOver(1);
    }

    @Test
    @NeedsOverlap
    @DisplayName(
            "R30 with concurrency 2 there are two items in work again once an engine has died in the middle of two")
    void two_items_of_an_engine_that_died() throws Exception {
        takenOver(2);
    }

    @Test
    @DisplayName("R30 R14 with concurrency 1 a body that was given up and still hangs does not hold up the next item")
    void a_body_that_was_given_up() throws Exception {
        givenUp(1, null, 7, List.of(20, 30, 40, 50, 60, 70));
    }

    @Test
    @DisplayName("R30 R14 with concurrency 1 it does not hold up the next attempt for its own item either")
    void a_body_that_was_given_up_is_tried_again() throws Exception {
        givenUp(1, RetryPolicy.fixed(Duration.ZERO).maxAttempts(2), 4, List.of(10, 20, 30, 40));
    }

    @Test
    @NeedsOverlap
    @DisplayName(
            "R30 R14 with concurrency 2 there are two items in work beside a body that was given up and still hangs")
    void two_items_beside_a_body_that_was_given_up() throws Exception {
        givenUp(2, null, 7, List.of(20, 30, 40, 50, 60, 70));
    }

    /** The bodies of the engine that died go on hanging, as if its process had lost nothing but its store. */
    private void takenOver(int window) throws Exception {
        Flow flow = flow(window, window, null);
        try (FlowEngine lost = Durable.engine(store)) {
            FlowExecution run = lost.executeFromTrigger(flow, "numbers", numbers(6));
            await().atMost(PATIENCE).until(() -> hanging.get() == window);
            store.die();
            hangs.set(false);
            memory.advance(Durable.LEASE.multipliedBy(2));
            try (FlowEngine next = Durable.engine(memory)) {
                next.register(flow);
                ExecutionResult end =
                        next.find(run.id()).orElseThrow().await(PATIENCE).orElseThrow();
                assertThat(end.status()).isEqualTo(ExecutionStatus.COMPLETED);
                assertThat(end.outputs("each").asMap()).containsEntry("done", List.of(10, 20, 30, 40, 50, 60));
            }
            assertThat(hanging).as("bodies of the engine that died").hasValue(window);
            assertThat(most).as("items in work at once").hasValue(window);
            release.countDown();
            // Its store does not come back.
            lost.close(Duration.ZERO);
        }
    }

    private void givenUp(int window, @Nullable RetryPolicy retry, int items, List<Integer> results) throws Exception {
        VirtualTime time = new VirtualTime();
        Flow flow = flow(window, 1, retry);
        try (FlowEngine engine = time.in(Durable.builder(memory)).build()) {
            FlowExecution run = engine.executeFromTrigger(flow, "numbers", numbers(items));
            await().atMost(PATIENCE).until(() -> hanging.get() == 1);
            hangs.set(false);
            time.advance(LIMIT);
            ExecutionResult end = run.await(PATIENCE).orElseThrow();
            assertThat(end.status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(end.outputs("each").asMap()).containsEntry("done", results);
            assertThat(hanging).as("bodies that hang").hasValue(1);
            assertThat(most).as("items in work at once").hasValue(window);
            release.countDown();
        }
    }

    /** Every item but those that hang goes on only together with as many others as may be in work. */
    private Flow flow(int window, int hangingItems, @Nullable RetryPolicy retry) {
        CyclicBarrier together = new CyclicBarrier(window);
        FlowBuilder f = Flow.builder("window");
        TriggerRef<List<Integer>> numbers = f.trigger("numbers", NUMBERS);
        f.map("each", numbers, item -> {
                    NodeRef<Integer> first = f.node("first", item, n -> {
                                if (n <= hangingItems && hangs.get()) {
                                    hang();
                                }
                                return n;
                            })
                            .returns(Integer.class)
                            .timeout(LIMIT);
                    if (retry != null) {
                        first.retry(retry);
                    }
                    return f.node("second", first, n -> {
                                most.accumulateAndGet(now.incrementAndGet(), Math::max);
                                together.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                                now.decrementAndGet();
                                return 10 * n;
                            })
                            .returns(Integer.class);
                })
                .concurrency(window)
                .tolerate(Tolerance.ofFailures(1));
        return f.build();
    }

    /** Ignores its interrupts. */
    private void hang() {
        hanging.incrementAndGet();
        boolean open = false;
        while (!open) {
            try {
                release.await();
                open = true;
            } catch (InterruptedException ignored) {
                // That is the point: a body that does not listen.
            }
        }
    }

    private static List<Integer> numbers(int count) {
        return IntStream.rangeClosed(1, count).boxed().toList();
    }
}
