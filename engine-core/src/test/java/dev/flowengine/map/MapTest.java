package dev.flowengine.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.NodeState;
import dev.flowengine.flow.BranchRef;
import dev.flowengine.flow.FailureMode;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.LoopRef;
import dev.flowengine.flow.MapRef;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowError;
import dev.flowengine.model.FlowException;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.model.SkipReason;
import dev.flowengine.node.ItemFailure;
import dev.flowengine.node.Items;
import dev.flowengine.node.MapSummary;
import dev.flowengine.node.Tolerance;
import dev.flowengine.node.TypeRef;
import dev.flowengine.testing.Engines;
import dev.flowengine.testing.NeedsOverlap;
import dev.flowengine.testing.WithThreads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("S33 maps")
@Timeout(120)
class MapTest {
    private static final TypeRef<List<Integer>> NUMBERS = new TypeRef<>() {};
    private static final List<List<Integer>> ROWS =
            List.of(List.of(1, 2), List.of(), List.of(3), List.of(4, 5, 6), List.of(7));

    private final FlowBuilder f = Flow.builder("maps");
    private final TriggerRef<List<Integer>> numbers = f.trigger("numbers", NUMBERS);
    private final TriggerRef<List<List<Integer>>> lists = f.trigger("lists", new TypeRef<List<List<Integer>>>() {});

    @WithThreads
    @DisplayName("S33 over a list: the body runs for each element, and done has what was brought back in their order")
    void over_a_list(int threads) throws InterruptedException {
        MapRef<Integer> sums = f.map("each", numbers, each -> {
            NodeRef<Integer> twice = f.node("twice", each, n -> 2 * n);
            NodeRef<Integer> square = f.node("square", each, n -> n * n);
            return f.node("sum", twice, square, Integer::sum);
        });
        NodeRef<Integer> total =
                f.node("total", sums, all -> all.stream().mapToInt(n -> n).sum());
        List<Integer> items = IntStream.range(0, 200).boxed().toList();
        ExecutionResult result = run(threads, items);
        assertThat(result.status()).isEqualTo(ExecutionStatus.COMPLETED);
        assertThat(result.output(sums))
                .isEqualTo(items.stream().map(n -> 2 * n + n * n).toList());
        assertThat(result.output(total))
                .isEqualTo(items.stream().mapToInt(n -> 2 * n + n * n).sum());
        assertThat(result.snapshot().nodes())
                .extracting(NodeState::nodeId)
                .containsExactly("numbers", "each", "twice", "square", "sum", "total");
        assertThat(result.snapshot().nodes()).extracting(NodeState::status).containsOnly(NodeStatus.COMPLETED);
        assertThat(result.executionPath()).doesNotHaveDuplicates().startsWith("numbers", "each");
        assertThat(result.snapshot().progress().total()).isEqualTo(3);
    }

    @WithThreads
    @DisplayName("S33 no more items are in work at once than the concurrency allows")
    void window(int threads) throws InterruptedException {
        AtomicInteger inWork = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        f.map("each", numbers, each -> {
                    NodeRef<Integer> begin = f.node("begin", each, n -> {
                        most.accumulateAndGet(inWork.incrementAndGet(), Math::max);
                        return n;
                    });
                    return f.node("end", begin, n -> {
                        inWork.decrementAndGet();
                        return n;
                    });
                })
                .concurrency(3);
        run(threads, IntStream.range(0, 500).boxed().toList());
        assertThat(most.get()).isBetween(1, 3);
        assertThat(inWork).hasValue(0);
    }

    @Test
    @NeedsOverlap
    @DisplayName("S33 as many items are in work at once as the concurrency allows")
    void overlap() throws InterruptedException {
        CountDownLatch together = new CountDownLatch(4);
        MapRef<Boolean> met = f.map(
                        "each",
                        numbers,
                        each -> f.node("meet", each, n -> {
                            together.countDown();
                            return together.await(30, TimeUnit.SECONDS);
                        }))
                .concurrency(4);
        assertThat(run(8, List.of(1, 2, 3, 4)).output(met)).containsExactly(true, true, true, true);
    }

    @Test
    @DisplayName("S33 an empty list fires done at once, and the body is skipped")
    void empty() throws InterruptedException {
        MapRef<Integer> none = f.map("each", numbers, each -> {
            NodeRef<Integer> one = f.node("one", each, n -> n);
            return f.node("two", one, n -> n);
        });
        NodeRef<Integer> count = f.node("count", none, List::size);
        NodeRef<Integer> summary = f.node("items", none.summary(), MapSummary::items);
        ExecutionResult result = run(2, List.of());
        assertThat(result.status()).isEqualTo(ExecutionStatus.COMPLETED);
        assertThat(result.output(count)).isZero();
        assertThat(result.output(summary)).isZero();
        assertThat(state(result, "one").skipReason()).contains(SkipReason.BRANCH_NOT_TAKEN);
        assertThat(state(result, "two").skipReason()).contains(SkipReason.ALL_INPUTS_SKIPPED);
        assertThat(state(result, "each").firedPorts()).containsExactly("done", "summary");
    }

    @WithThreads
    @DisplayName("R25 what follows a map, and a join in its body, never completes before the items it joins exist")
    void joins_wait(int threads) throws InterruptedException {
        AtomicInteger ended = new AtomicInteger();
        MapRef<Integer> all = f.map("each", numbers, each -> {
            BranchRef<Integer> parity =
                    f.branch("parity", each).when("even", n -> n % 2 == 0).otherwise("odd");
            NodeRef<Integer> half = f.node("half", parity.on("even"), n -> n / 2);
            NodeRef<Integer> triple = f.node("triple", parity.on("odd"), n -> 3 * n);
            NodeRef<Integer> beside = f.node("beside", each, n -> n);
            return f.node("joined", f.merge("either", half, triple), beside, (way, n) -> {
                ended.incrementAndGet();
                return way - n;
            });
        });
        NodeRef<Integer> seen = f.node("seen", all, values -> ended.get());
        List<Integer> items = IntStream.range(0, 300).boxed().toList();
        ExecutionResult result = run(threads, items);
        assertThat(result.output(seen)).isEqualTo(300);
        assertThat(result.output(all))
                .isEqualTo(
                        items.stream().map(n -> n % 2 == 0 ? n / 2 - n : 2 * n).toList());
    }

    @WithThreads
    @DisplayName("S33 a map in a map, and a loop in a map: each item has its own")
    void nested(int threads) throws InterruptedException {
        Map<String, Integer> keys = new ConcurrentHashMap<>();
        MapRef<Integer> sums = f.map("rows", lists, row -> {
                    MapRef<Integer> cells = f.map(
                                    "cells",
                                    row,
                                    cell -> f.contextNode("double", cell, (n, context) -> {
                                        keys.put(context.idempotencyKey().replaceAll("^[^/]*/", ""), n);
                                        return 2 * n;
                                    }))
                            .concurrency(2);
                    LoopRef<Integer> again = f.loop("again", cells, n -> f.node("plus", n, v -> v + 1));
                    return f.node(
                            "sum", again, all -> all.stream().mapToInt(n -> n).sum());
                })
                .concurrency(3);
        Flow flow = f.build();
        try (FlowEngine engine = Engines.withThreads(threads)) {
            ExecutionResult result =
                    engine.executeFromTrigger(flow, lists, ROWS).await();
            assertThat(result.output(sums)).containsExactly(8, 0, 7, 33, 15);
            assertThat(keys)
                    .containsExactlyInAnyOrderEntriesOf(Map.of(
                            "double/1.1",
                            1,
                            "double/1.2",
                            2,
                            "double/3.1",
                            3,
                            "double/4.1",
                            4,
                            "double/4.2",
                            5,
                            "double/4.3",
                            6,
                            "double/5.1",
                            7));
            assertThat(result.snapshot().nodes()).extracting(NodeState::status).allMatch(NodeStatus::isSettled);
        }
    }

    @WithThreads
    @DisplayName("S32 S33 a map in a loop begins anew in each iteration")
    void in_a_loop(int threads) throws InterruptedException {
        LoopRef<List<Integer>> looped = f.loop(
                "loop",
                lists,
                row -> f.map("inner", row, cell -> f.node("ten", cell, n -> 10 * n))
                        .concurrency(2));
        Flow flow = f.build();
        try (FlowEngine engine = Engines.withThreads(threads)) {
            ExecutionResult result =
                    engine.executeFromTrigger(flow, lists, ROWS).await();
            assertThat(result.output(looped))
                    .containsExactly(List.of(10, 20), List.of(), List.of(30), List.of(40, 50, 60), List.of(70));
            assertThat(state(result, "ten").iteration()).hasToString("5.1");
        }
    }

    @Test
    @DisplayName("S33 the first failure fails the map, once the items in work have settled; nothing new starts")
    void fails() throws InterruptedException {
        Set<Integer> begun = ConcurrentHashMap.newKeySet();
        MapRef<Integer> all = f.map("each", numbers, each -> {
                    NodeRef<Integer> first = f.node("first", each, n -> {
                        begun.add(n);
                        return 6 / (n - 2);
                    });
                    return f.node("second", first, n -> n);
                })
                .concurrency(1);
        f.action("after", all, values -> {});
        ExecutionResult result = run(2, List.of(1, 2, 3));
        assertThat(result.status()).isEqualTo(ExecutionStatus.FAILED);
        assertThat(begun).containsExactlyInAnyOrder(1, 2);
        FlowError failure = state(result, "each").failure().orElseThrow();
        assertThat(failure.message()).contains("item 2").contains("'first'").contains("by zero");
        assertThat(state(result, "after").skipReason()).contains(SkipReason.UPSTREAM_FAILED);
        assertThat(result.failure().orElseThrow().affectedNodes()).contains("each");
    }

    @WithThreads
    @DisplayName("S33 tolerated failures leave their items out, and the summary names them")
    void tolerates(int threads) throws InterruptedException {
        f.failureMode(FailureMode.FAIL_FAST);
        MapRef<Integer> all = f.map("each", numbers, each -> f.node("bad", each, n -> 60 / (n % 3)))
                .tolerate(Tolerance.ofFailures(2));
        NodeRef<MapSummary> summary = f.node("summary of", all.summary(), known -> known);
        ExecutionResult result = run(threads, List.of(1, 2, 3, 4, 5, 6));
        assertThat(result.status()).isEqualTo(ExecutionStatus.COMPLETED);
        assertThat(result.output(all)).containsExactly(60, 30, 60, 30);
        MapSummary told = result.output(summary);
        assertThat(told.items()).isEqualTo(6);
        assertThat(told.failed()).isEqualTo(2);
        assertThat(told.failures()).extracting(ItemFailure::item).containsExactly(3, 6);
        assertThat(told.failures()).allMatch(failed -> failed.nodeId().equals("bad"));
    }

    @Test
    @DisplayName("S33 more failures than are tolerated fail the map: of a list as soon as that is certain")
    void tolerates_so_much() throws InterruptedException {
        AtomicInteger begun = new AtomicInteger();
        f.map(
                        "count",
                        numbers,
                        each -> f.node("bad", each, n -> {
                            begun.incrementAndGet();
                            return n / Math.min(0, n);
                        }))
                .tolerate(Tolerance.ofFailures(2))
                .concurrency(1);
        f.map("share", numbers, each -> f.node("worse", each, n -> n / Math.min(0, n)))
                .tolerate(Tolerance.ofPercent(50));
        ExecutionResult result = run(2, List.of(1, 2, 3, 4, 5, 6));
        assertThat(begun).hasValue(3);
        assertThat(state(result, "count").failure().orElseThrow().message()).contains("3 items have failed");
        assertThat(state(result, "share").status()).isEqualTo(NodeStatus.FAILED);
    }

    @Test
    @DisplayName("S33 a share of a stream's items is judged at its end")
    void share_of_a_stream() throws InterruptedException {
        NodeRef<List<Integer>> list = f.node("list", numbers, all -> all);
        MapRef<Integer> half = f.<List<Integer>, Integer, Integer>mapOver(
                        "half", list, all -> Items.of(all.stream()), each -> f.node("odd", each, n -> 1 / (n % 2)))
                .tolerate(Tolerance.ofPercent(50))
                .concurrency(1);
        f.<List<Integer>, Integer, Integer>mapOver(
                        "less", list, all -> Items.of(all.stream()), each -> f.node("not odd", each, n -> 1 / (n % 2)))
                .tolerate(Tolerance.ofPercent(49))
                .concurrency(1);
        ExecutionResult result = run(2, List.of(2, 4, 1, 3));
        assertThat(result.output(half)).containsExactly(1, 1);
        assertThat(state(result, "less").status()).isEqualTo(NodeStatus.FAILED);
    }

    @Test
    @DisplayName("S21 S33 onError of the map applies to a failure of its items")
    void handled_by_the_map() throws InterruptedException {
        MapRef<Integer> recovered = f.map("recovered", numbers, each -> f.node("bad", each, n -> 6 / (n - 2)))
                .recover(error -> List.of(-1));
        MapRef<Integer> told = f.map("told", numbers, each -> f.node("worse", each, n -> 6 / (n - 2)));
        NodeRef<Object> input = f.node("input", told.error(), error -> String.valueOf(error.input()));
        ExecutionResult result = run(2, List.of(1, 2, 3));
        assertThat(result.status()).isEqualTo(ExecutionStatus.COMPLETED);
        assertThat(result.output(recovered)).containsExactly(-1);
        assertThat(result.output(input)).isEqualTo("[1, 2, 3]");
    }

    @Test
    @DisplayName("S20 S33 a node of the body is retried for its item alone")
    void retries_of_an_item() throws InterruptedException {
        Map<String, List<Integer>> attempts = new ConcurrentHashMap<>();
        MapRef<Integer> all = f.map(
                "each",
                numbers,
                each -> f.contextNode("shaky", each, (n, context) -> {
                            attempts.computeIfAbsent(
                                            context.idempotencyKey(),
                                            key -> Collections.synchronizedList(new ArrayList<>()))
                                    .add(context.attempt());
                            if (context.attempt() <= n) {
                                throw new IllegalStateException("not yet");
                            }
                            return n;
                        })
                        .retry(RetryPolicy.fixed(Duration.ofMillis(1)).maxAttempts(4)));
        ExecutionResult result = run(2, List.of(2, 0, 1));
        assertThat(result.output(all)).containsExactly(2, 0, 1);
        assertThat(attempts.values()).containsExactlyInAnyOrder(List.of(1, 2, 3), List.of(1), List.of(1, 2));
    }

    @Test
    @DisplayName("S33 a body that returns nothing holds nothing: done has an empty list, and the summary counts")
    void without_results() throws InterruptedException {
        AtomicInteger sum = new AtomicInteger();
        MapRef<Void> all = f.map("each", numbers, each -> {
            f.action("add", each, sum::addAndGet);
            return null;
        });
        NodeRef<Integer> items = f.node("items", all.summary(), MapSummary::items);
        ExecutionResult result = run(2, IntStream.rangeClosed(1, 100).boxed().toList());
        assertThat(result.output(all)).isEmpty();
        assertThat(result.output(items)).isEqualTo(100);
        assertThat(sum).hasValue(5050);
    }

    @Test
    @DisplayName("S31 S33 what feeds a body from outside is waited for, and keeps its value for all items")
    void fed_from_outside() throws InterruptedException {
        NodeRef<Integer> factor = f.node("factor", numbers, List::size);
        MapRef<Integer> products =
                f.map("each", numbers, each -> f.node("product", each, factor, (n, times) -> n * times));
        assertThat(run(8, List.of(1, 2, 3)).output(products)).containsExactly(3, 6, 9);
    }

    @Test
    @DisplayName("maps within maps that would take too much room are refused, naming them")
    void too_wide() {
        f.map(
                        "outer",
                        numbers,
                        n -> f.map("inner", f.node("items", n, v -> List.of(v)), each -> f.node("work", each, v -> v))
                                .concurrency(2_000))
                .concurrency(2_000);
        Flow flow = f.build();
        try (FlowEngine engine = Engines.create()) {
            assertThatThrownBy(() -> engine.executeFromTrigger(flow, "numbers", List.of(1)))
                    .isInstanceOfSatisfying(FlowException.class, refused -> {
                        assertThat(refused.kind()).isEqualTo(FailureKind.LIMIT_EXCEEDED);
                        assertThat(refused.affectedNodes()).containsExactly("outer", "inner");
                    });
        }
    }

    @Test
    @DisplayName("a concurrency of nothing is refused")
    void no_concurrency() {
        MapRef<Integer> map = f.map("each", numbers, each -> f.node("work", each, n -> n));
        assertThatThrownBy(() -> map.concurrency(0)).hasMessageContaining("1 to 10000");
    }

    @Test
    @DisplayName("types of items and results are inferred")
    void types() {
        MapRef<Integer> all = f.map("each", numbers, each -> {
            assertThat(each.type()).contains(TypeRef.of(Integer.class));
            return f.node("twice", each, n -> 2 * n).returns(Integer.class);
        });
        assertThat(all.type()).contains(NUMBERS);
        assertThat(all.summary().type()).contains(TypeRef.of(MapSummary.class));
    }

    private ExecutionResult run(int threads, @Nullable Object data) throws InterruptedException {
        Flow flow = f.build();
        try (FlowEngine engine = Engines.withThreads(threads)) {
            return engine.executeFromTrigger(flow, "numbers", data).await();
        }
    }

    private static NodeState state(ExecutionResult result, String node) {
        return result.snapshot().node(node).orElseThrow();
    }
}
