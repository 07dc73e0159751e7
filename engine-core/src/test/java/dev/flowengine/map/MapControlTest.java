package dev.flowengine.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flowengine.FlowEngine;
import dev.flowengine.event.ExecutionEvent;
import dev.flowengine.event.ExecutionFinished;
import dev.flowengine.event.ExecutionListener;
import dev.flowengine.event.NodeCompleted;
import dev.flowengine.event.NodeEvent;
import dev.flowengine.event.NodeStarted;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.execution.ItemCounts;
import dev.flowengine.flow.FailureMode;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.MapRef;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.flow.ThrowingFunction;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.node.Items;
import dev.flowengine.node.LoopItem;
import dev.flowengine.node.TypeRef;
import dev.flowengine.testing.Engines;
import dev.flowengine.testing.NeedsOverlap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("S33 what is done to a map while it runs, and what is seen of it")
@Timeout(120)
class MapControlTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final FlowBuilder f = Flow.builder("maps");
    private final TriggerRef<List<Integer>> numbers = f.trigger("numbers", new TypeRef<List<Integer>>() {});
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch open = new CountDownLatch(1);
    private final AtomicInteger closed = new AtomicInteger();
    private final AtomicInteger opened = new AtomicInteger();
    private final Set<Integer> begun = ConcurrentHashMap.newKeySet();

    @Test
    @DisplayName("S25 a pause holds the next items, and a resume goes on with them")
    void pause() throws InterruptedException {
        MapRef<Integer> all = streamed("gate", 1, this::gate);
        Flow flow = f.build();
        try (FlowEngine engine = Engines.create()) {
            FlowExecution run = engine.executeFromTrigger(flow, numbers, List.of(1, 2, 3));
            entered.await();
            run.pause();
            await().atMost(PATIENCE).until(run::status, ExecutionStatus.PAUSING::equals);
            open.countDown();
            await().atMost(PATIENCE).until(run::status, ExecutionStatus.PAUSED::equals);
            assertThat(begun).containsExactly(1);
            assertThat(run.snapshot().node("each").orElseThrow().status()).isEqualTo(NodeStatus.RUNNING);
            run.resume();
            assertThat(run.await().output(all)).containsExactly(1, 2, 3);
        }
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(closed).hasValue(1));
    }

    @Test
    @DisplayName("S26 a cancel stops the items in work, begins no other, and the stream is closed")
    void cancel() throws InterruptedException {
        streamed("gate", 2, this::gate);
        Flow flow = f.build();
        try (FlowEngine engine = Engines.create()) {
            FlowExecution run = engine.executeFromTrigger(
                    flow, numbers, IntStream.range(0, 50).boxed().toList());
            entered.await();
            run.cancel("enough");
            open.countDown();
            ExecutionResult end = run.await();
            assertThat(end.status()).isEqualTo(ExecutionStatus.CANCELLED);
            assertThat(end.snapshot().nodes()).allMatch(node -> node.status().isSettled());
            assertThat(end.snapshot().node("each").orElseThrow().status()).isEqualTo(NodeStatus.CANCELLED);
            assertThat(begun.size()).isLessThan(50);
        }
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(closed).hasValue(opened.get()));
    }

    @Test
    @DisplayName("S33 the stream is closed when the map has completed, and when it has failed")
    void closes() throws InterruptedException {
        streamed("work", 2, n -> 6 / (n - 4));
        Flow flow = f.build();
        try (FlowEngine engine = Engines.create()) {
            assertThat(engine.executeFromTrigger(flow, numbers, List.of(1, 2))
                            .await()
                            .status())
                    .isEqualTo(ExecutionStatus.COMPLETED);
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(closed).hasValue(1));
            assertThat(engine.executeFromTrigger(flow, numbers, List.of(1, 4, 2))
                            .await()
                            .status())
                    .isEqualTo(ExecutionStatus.FAILED);
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(closed).hasValue(2));
        }
    }

    @Test
    @DisplayName("S20 S33 a source that fails is opened again for the next attempt, past the items that have begun")
    void source_fails() throws InterruptedException {
        AtomicBoolean fails = new AtomicBoolean(true);
        MapRef<Integer> all = f.<List<Integer>, Integer, Integer>mapOver(
                "each",
                numbers,
                given -> source(given.stream().peek(n -> {
                    if (n == 3 && fails.compareAndSet(true, false)) {
                        throw new IllegalStateException("lost");
                    }
                })),
                each -> f.node("work", each, n -> {
                    begun.add(n);
                    return n;
                }));
        f.retry(RetryPolicy.fixed(Duration.ofMillis(1)).maxAttempts(3));
        Flow flow = f.build();
        try (FlowEngine engine = Engines.create()) {
            ExecutionResult end = engine.executeFromTrigger(flow, numbers, List.of(1, 2, 3, 4))
                    .await();
            assertThat(end.output(all)).containsExactly(1, 2, 3, 4);
        }
        assertThat(opened).hasValue(2);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(closed).hasValue(2));
    }

    @Test
    @DisplayName("S33 a source that fails for good fails the map, after the items in work have settled")
    void source_fails_for_good() throws InterruptedException {
        AtomicInteger ended = new AtomicInteger();
        f.<List<Integer>, Integer, Integer>mapOver(
                "each",
                numbers,
                given -> source(given.stream().peek(n -> {
                    if (n == 3) {
                        throw new IllegalStateException("lost");
                    }
                })),
                each -> f.node("behind", f.node("work", each, n -> n), n -> ended.incrementAndGet()));
        Flow flow = f.build();
        try (FlowEngine engine = Engines.create()) {
            ExecutionResult end = engine.executeFromTrigger(flow, numbers, List.of(1, 2, 3, 4))
                    .await();
            assertThat(end.snapshot()
                            .node("each")
                            .orElseThrow()
                            .failure()
                            .orElseThrow()
                            .message())
                    .contains("lost");
            assertThat(ended).hasValue(2);
        }
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(closed).hasValue(1));
    }

    @Test
    @DisplayName("S27 the node timeout of a map ends its items, and its onError applies")
    void node_timeout() throws InterruptedException {
        MapRef<Integer> all = streamed("gate", 2, this::gate)
                .nodeTimeout(Duration.ofMillis(50))
                .recover(error -> List.of(error.kind() == FailureKind.NODE_TIMEOUT ? -1 : -2));
        NodeRef<Integer> after = f.node("after", all, List::size);
        Flow flow = f.build();
        try (FlowEngine engine = Engines.create()) {
            ExecutionResult end =
                    engine.executeFromTrigger(flow, numbers, List.of(1, 2, 3)).await();
            open.countDown();
            assertThat(end.output(all)).containsExactly(-1);
            assertThat(end.output(after)).isEqualTo(1);
            assertThat(end.snapshot().nodes()).allMatch(node -> node.status().isSettled());
        }
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(closed).hasValue(opened.get()));
    }

    @Test
    @DisplayName("S22 FAIL_FAST: a failure of an item ends the execution, unless the map handles it")
    void fail_fast() throws InterruptedException {
        f.failureMode(FailureMode.FAIL_FAST);
        MapRef<Integer> handled = f.map("handled", numbers, each -> f.node("bad", each, n -> 1 / n))
                .fallback(List.of());
        NodeRef<Integer> size = f.node("size", handled, List::size);
        f.map("unhandled", numbers, each -> f.node("worse", each, n -> 1 / n)).after(size);
        Flow flow = f.build();
        try (FlowEngine engine = Engines.create()) {
            ExecutionResult end =
                    engine.executeFromTrigger(flow, numbers, List.of(1, 0, 2)).await();
            assertThat(end.status()).isEqualTo(ExecutionStatus.FAILED);
            assertThat(end.output(size)).isZero();
            assertThat(end.snapshot().node("unhandled").orElseThrow().status()).isEqualTo(NodeStatus.CANCELLED);
        }
    }

    @Test
    @NeedsOverlap
    @DisplayName("S37 S39 snapshots and explanations count the items of a map that runs; progress takes it as one node")
    void counts() throws InterruptedException {
        f.map("each", numbers, each -> f.node("gate", each, n -> n == 1 ? n : gate(n)))
                .concurrency(2);
        Flow flow = f.build();
        try (FlowEngine engine = Engines.builder(8).build()) {
            FlowExecution run = engine.executeFromTrigger(flow, numbers, List.of(1, 2, 3, 4));
            await().atMost(PATIENCE).until(() -> begun.containsAll(List.of(2, 3)));
            ItemCounts counts = run.snapshot().items("each").orElseThrow();
            assertThat(counts).isEqualTo(new ItemCounts(OptionalInt.of(4), 1, 0, 2, 0));
            assertThat(run.explain("each")).contains("1 of 4 items done, 2 running");
            assertThat(run.progress().total()).isEqualTo(2);
            assertThat(run.snapshot().states("gate"))
                    .extracting(state -> state.iteration().toString())
                    .containsExactlyInAnyOrder("2", "3");
            open.countDown();
            assertThat(run.await().snapshot().items("each")).contains(new ItemCounts(OptionalInt.of(4), 4, 0, 0, 0));
            assertThat(run.snapshot().items("gate")).isEmpty();
        }
    }

    @Test
    @DisplayName("S36 events of a body tell the item; the map starts and completes once")
    void events() throws InterruptedException {
        List<NodeEvent> events = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch told = new CountDownLatch(1);
        f.map("each", numbers, each -> f.node("work", each, n -> n)).concurrency(2);
        Flow flow = f.build();
        ExecutionListener listener = new ExecutionListener() {
            @Override
            public void onEvent(ExecutionEvent event) {
                if (event instanceof NodeEvent node) {
                    events.add(node);
                } else if (event instanceof ExecutionFinished) {
                    told.countDown();
                }
            }
        };
        try (FlowEngine engine = Engines.builder().listener(listener).build()) {
            engine.executeFromTrigger(flow, numbers, List.of(1, 2, 3));
            assertThat(told.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }
        assertThat(told(events, NodeStarted.class, "work")).containsExactlyInAnyOrder("1", "2", "3");
        assertThat(told(events, NodeCompleted.class, "work")).containsExactlyInAnyOrder("1", "2", "3");
        assertThat(told(events, NodeStarted.class, "each")).containsExactly("");
        assertThat(told(events, NodeCompleted.class, "each")).containsExactly("");
    }

    @Test
    @DisplayName("S29 a redrive runs a failed map again, and takes over one that has completed")
    void redrive() throws InterruptedException {
        AtomicInteger bodies = new AtomicInteger();
        AtomicBoolean broken = new AtomicBoolean(true);
        MapRef<Integer> good = f.map(
                "good",
                numbers,
                each -> f.node("count", each, n -> {
                    bodies.incrementAndGet();
                    return n;
                }));
        MapRef<Integer> bad = f.map(
                "bad",
                good,
                each -> f.node("shaky", each, n -> {
                    if (n == 6 && broken.get()) {
                        throw new IllegalStateException("broken");
                    }
                    return n;
                }));
        Flow flow = f.build();
        try (FlowEngine engine = Engines.create()) {
            ExecutionResult first =
                    engine.executeFromTrigger(flow, numbers, List.of(5, 6)).await();
            assertThat(first.status()).isEqualTo(ExecutionStatus.FAILED);
            broken.set(false);
            assertThat(engine.redrive(first.executionId()).plan().rerun()).containsExactlyInAnyOrder("bad", "shaky");
            ExecutionResult again = engine.redrive(first.executionId()).start().await();
            assertThat(again.output(bad)).containsExactly(5, 6);
            assertThat(bodies).hasValue(2);
        }
    }

    @Test
    @DisplayName("interceptors stand around the question for each item, and may answer it")
    void interceptors() throws InterruptedException {
        MapRef<Integer> all = f.map("each", numbers, each -> f.node("work", each, n -> n));
        Flow flow = f.build();
        try (FlowEngine engine = Engines.builder()
                .interceptor((context, invocation) -> {
                    Object made = invocation.proceed();
                    return made instanceof LoopItem item && item.isPresent() && item.value() instanceof Integer n
                            ? LoopItem.of(10 * n)
                            : made;
                })
                .build()) {
            assertThat(engine.executeFromTrigger(flow, numbers, List.of(1, 2))
                            .await()
                            .output(all))
                    .containsExactly(10, 20);
        }
    }

    private MapRef<Integer> streamed(String node, int concurrency, ThrowingFunction<Integer, Integer> work) {
        return f.<List<Integer>, Integer, Integer>mapOver(
                        "each",
                        numbers,
                        given -> source(given.stream()),
                        each -> f.node(node, each, n -> {
                            begun.add(n);
                            return work.apply(n);
                        }))
                .concurrency(concurrency);
    }

    private Items<Integer> source(Stream<Integer> stream) {
        opened.incrementAndGet();
        return Items.of(stream.onClose(closed::incrementAndGet));
    }

    private Integer gate(Integer value) throws InterruptedException {
        begun.add(value);
        entered.countDown();
        open.await();
        return value;
    }

    private static List<String> told(List<NodeEvent> events, Class<? extends NodeEvent> kind, String node) {
        return events.stream()
                .filter(kind::isInstance)
                .filter(event -> event.nodeId().equals(node))
                .map(event -> event.iteration().toString())
                .toList();
    }
}
