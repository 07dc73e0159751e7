package dev.flowengine.loop;

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
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowError;
import dev.flowengine.model.FlowException;
import dev.flowengine.model.Iteration;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.model.SkipReason;
import dev.flowengine.node.TypeRef;
import dev.flowengine.testing.Engines;
import dev.flowengine.testing.WithThreads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("S31 S32 loops")
@Timeout(120)
class LoopTest {
    private static final TypeRef<List<Integer>> NUMBERS = new TypeRef<>() {};

    private final FlowBuilder f = Flow.builder("loops");
    private final TriggerRef<List<Integer>> numbers = f.trigger("numbers", NUMBERS);

    @WithThreads
    @DisplayName(
            "S32 over a list: the body runs for each element in turn, and done has what was brought back, in that order")
    void over_a_list(int threads) throws InterruptedException {
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        LoopRef<Integer> sums = f.loop("each", numbers, each -> {
            NodeRef<Integer> twice = f.node("twice", each, n -> {
                order.add("twice " + n);
                return 2 * n;
            });
            NodeRef<Integer> square = f.node("square", each, n -> n * n);
            return f.node("sum", twice, square, (a, b) -> {
                order.add("sum " + (a + b));
                return a + b;
            });
        });
        NodeRef<Integer> total =
                f.node("total", sums, all -> all.stream().mapToInt(n -> n).sum());
        ExecutionResult result = run(threads, List.of(1, 2, 3));
        assertThat(result.status()).isEqualTo(ExecutionStatus.COMPLETED);
        assertThat(result.output(sums)).containsExactly(3, 8, 15);
        assertThat(result.output(total)).isEqualTo(26);
        assertThat(order).containsExactly("twice 1", "sum 3", "twice 2", "sum 8", "twice 3", "sum 15");
        assertThat(result.executionPath().stream().distinct().count())
                .isEqualTo(result.executionPath().size());
        assertThat(state(result, "sum").iteration()).isEqualTo(new Iteration(List.of(3)));
        assertThat(state(result, "total").iteration()).isEqualTo(Iteration.NONE);
        assertThat(result.snapshot().progress().settled()).isEqualTo(3);
        assertThat(result.snapshot().progress().total()).isEqualTo(3);
    }

    @Test
    @DisplayName("S32 in batches: the last one has what is left")
    void in_batches() throws InterruptedException {
        LoopRef<Integer> sizes =
                f.loopInBatches("batches", numbers, 3, batch -> f.node("size", batch, each -> each.size()));
        assertThat(run(2, List.of(1, 2, 3, 4, 5, 6, 7)).output(sizes)).containsExactly(3, 3, 1);
    }

    @Test
    @DisplayName("S32 a number of times")
    void a_number_of_times() throws InterruptedException {
        LoopRef<String> lines = f.loopTimes(
                "times", numbers, 3, pass -> f.node("line", pass, numbers, (n, given) -> n + " of " + given));
        assertThat(run(2, List.of(7)).output(lines)).containsExactly("1 of [7]", "2 of [7]", "3 of [7]");
    }

    @Test
    @DisplayName("S32 while a condition holds: each iteration is about what the one before brought back")
    void while_a_condition_holds() throws InterruptedException {
        NodeRef<Integer> first = f.node("first", numbers, all -> all.get(0));
        LoopRef<Integer> doubled = f.loopWhile("until", first, n -> n < 100, n -> f.node("double", n, v -> 2 * v));
        assertThat(run(2, List.of(30)).output(doubled)).containsExactly(60, 120);
    }

    @WithThreads
    @DisplayName(
            "S32 nested loops: the inner one runs anew in each iteration of the outer one, with its own iterations")
    void nested(int threads) throws InterruptedException {
        TriggerRef<List<List<Integer>>> lists = f.trigger("lists", new TypeRef<List<List<Integer>>>() {});
        Map<String, Integer> keys = new ConcurrentHashMap<>();
        LoopRef<Integer> sums = f.loop("rows", lists, row -> {
            LoopRef<Integer> cells = f.loop(
                    "cells",
                    row,
                    cell -> f.contextNode("double", cell, (n, context) -> {
                        keys.put(context.idempotencyKey().replaceAll("^[^/]*/", ""), n);
                        return 2 * n;
                    }));
            return f.node("sum", cells, all -> all.stream().mapToInt(n -> n).sum());
        });
        Flow flow = f.build();
        try (FlowEngine engine = Engines.withThreads(threads)) {
            ExecutionResult result = engine.executeFromTrigger(
                            flow, lists, List.of(List.of(1, 2), List.of(), List.of(3)))
                    .await();
            assertThat(result.output(sums)).containsExactly(6, 0, 6);
            assertThat(keys)
                    .containsExactlyInAnyOrderEntriesOf(Map.of("double/1.1", 1, "double/1.2", 2, "double/3.1", 3));
            assertThat(state(result, "double").iteration()).hasToString("3.1");
            assertThat(state(result, "cells").iteration()).hasToString("3");
        }
    }

    @Test
    @DisplayName("S32 an empty list fires done at once, and the body is skipped")
    void empty() throws InterruptedException {
        LoopRef<Integer> none = f.loop("each", numbers, each -> {
            NodeRef<Integer> one = f.node("one", each, n -> n);
            return f.node("two", one, n -> n);
        });
        NodeRef<Integer> count = f.node("count", none, all -> all.size());
        ExecutionResult result = run(2, List.of());
        assertThat(result.status()).isEqualTo(ExecutionStatus.COMPLETED);
        assertThat(result.output(count)).isZero();
        assertThat(state(result, "one").skipReason()).contains(SkipReason.BRANCH_NOT_TAKEN);
        assertThat(state(result, "two").skipReason()).contains(SkipReason.ALL_INPUTS_SKIPPED);
        assertThat(state(result, "each").firedPorts()).containsExactly("done");
    }

    @Test
    @DisplayName("S32 done fires exactly once: what follows the loop runs once, after the last iteration")
    void done_fires_once() throws InterruptedException {
        AtomicInteger bodies = new AtomicInteger();
        AtomicInteger after = new AtomicInteger();
        LoopRef<Integer> all = f.loop("each", numbers, each -> f.node("work", each, n -> bodies.incrementAndGet()));
        f.action(
                "after",
                all,
                values -> assertThat(after.addAndGet(values.size())).isEqualTo(bodies.get()));
        ExecutionResult result = run(2, IntStream.range(0, 1_000).boxed().toList());
        assertThat(result.status()).isEqualTo(ExecutionStatus.COMPLETED);
        assertThat(after).hasValue(1_000);
    }

    @Test
    @DisplayName(
            "S32 an iteration that brings nothing back adds nothing, and a body without a result ends with an empty list")
    void bodies_that_return_nothing() throws InterruptedException {
        LoopRef<Integer> even = f.loop("each", numbers, each -> {
            BranchRef<Integer> parity = f.branch("parity", each).when("even", n -> n % 2 == 0);
            return f.node("half", parity.on("even"), n -> n / 2);
        });
        List<Integer> seen = Collections.synchronizedList(new ArrayList<>());
        LoopRef<Void> told = f.loop("tell", numbers, each -> {
            f.action("note", each, seen::add);
            return null;
        });
        ExecutionResult result = run(2, List.of(2, 3, 4, 5));
        assertThat(result.output(even)).containsExactly(1, 2);
        assertThat(result.output(told)).isEmpty();
        assertThat(seen).containsExactly(2, 3, 4, 5);
        assertThat(state(result, "half").status()).isEqualTo(NodeStatus.SKIPPED);
    }

    @WithThreads
    @DisplayName("S11 S32 branches that meet again, twice, in a body: each iteration takes its own way")
    void nested_merges(int threads) throws InterruptedException {
        LoopRef<String> words = f.loop("each", numbers, each -> {
            BranchRef<Integer> sign =
                    f.branch("sign", each).when("minus", n -> n < 0).otherwise("plus");
            NodeRef<String> minus = f.node("minus", sign.on("minus"), n -> "minus " + -n);
            BranchRef<Integer> size =
                    f.branch("size", sign.on("plus")).when("big", n -> n > 9).otherwise("small");
            NodeRef<String> big = f.node("big", size.on("big"), n -> "big " + n);
            NodeRef<String> small = f.node("small", size.on("small"), n -> "small " + n);
            return f.merge("word", f.merge("positive", big, small), minus);
        });
        assertThat(run(threads, List.of(-3, 12, 5, -1)).output(words))
                .containsExactly("minus 3", "big 12", "small 5", "minus 1");
    }

    @Test
    @DisplayName("S31 what feeds a body from outside is waited for, and keeps its value in all iterations")
    void fed_from_outside() throws InterruptedException {
        NodeRef<Integer> factor = f.node("factor", numbers, all -> all.size());
        LoopRef<Integer> products =
                f.loop("each", numbers, each -> f.node("product", each, factor, (n, times) -> n * times));
        ExecutionResult result = run(8, List.of(1, 2, 3));
        assertThat(result.output(products)).containsExactly(3, 6, 9);
        assertThat(result.executionPath().indexOf("factor"))
                .isLessThan(result.executionPath().indexOf("each"));
    }

    @Test
    @DisplayName("S32 break ends the loop after the iteration, whose result counts")
    void broken() throws InterruptedException {
        LoopRef<Integer> found = f.loop("each", numbers, each -> {
            BranchRef<Integer> wanted =
                    f.branch("wanted", each).when("found", n -> n > 2).otherwise("not");
            each.breakOn(wanted.on("found"));
            return f.node("value", each, n -> n);
        });
        assertThat(run(2, List.of(1, 3, 5)).output(found)).containsExactly(1, 3);
    }

    @Test
    @DisplayName(
            "S32 R26 a loop that would go on after maxIterations fails with LIMIT_EXCEEDED before its body runs again")
    void too_many_iterations() throws InterruptedException {
        AtomicInteger bodies = new AtomicInteger();
        NodeRef<Integer> zero = f.node("zero", numbers, all -> 0);
        f.loopWhile("endless", zero, n -> true, n -> f.node("next", n, v -> bodies.incrementAndGet()))
                .maxIterations(5);
        ExecutionResult result = run(2, List.of());
        assertThat(result.status()).isEqualTo(ExecutionStatus.FAILED);
        assertThat(state(result, "endless").failure().orElseThrow().kind()).isEqualTo(FailureKind.LIMIT_EXCEEDED);
        assertThat(bodies).hasValue(5);
    }

    @Test
    @DisplayName(
            "S32 an unhandled failure ends the loop after the iteration: the rest of the body runs, what follows does not")
    void failing_body() throws InterruptedException {
        List<Integer> beside = Collections.synchronizedList(new ArrayList<>());
        LoopRef<Integer> all = f.loop("each", numbers, each -> {
            f.action("beside", each, beside::add);
            NodeRef<Integer> bad = f.node("bad", each, n -> 6 / (n - 2));
            return f.node("behind", bad, n -> n);
        });
        f.action("after", all, values -> {});
        ExecutionResult result = run(2, List.of(1, 2, 3));
        assertThat(result.status()).isEqualTo(ExecutionStatus.FAILED);
        assertThat(beside).containsExactly(1, 2);
        FlowError failure = state(result, "each").failure().orElseThrow();
        assertThat(failure.message()).contains("iteration 2").contains("'bad'").contains("by zero");
        assertThat(state(result, "bad").status()).isEqualTo(NodeStatus.FAILED);
        assertThat(state(result, "behind").skipReason()).contains(SkipReason.UPSTREAM_FAILED);
        assertThat(state(result, "after").skipReason()).contains(SkipReason.UPSTREAM_FAILED);
        assertThat(result.failure().orElseThrow().affectedNodes()).contains("each");
    }

    @Test
    @DisplayName("S21 S32 onError of the loop applies to a failure of its body")
    void handled_by_the_loop() throws InterruptedException {
        LoopRef<Integer> recovered = f.loop("recovered", numbers, each -> f.node("bad", each, n -> 6 / (n - 2)))
                .recover(error -> List.of(-1));
        LoopRef<Integer> told = f.loop("told", numbers, each -> f.node("worse", each, n -> 6 / (n - 2)));
        NodeRef<Object> input = f.node("input", told.error(), error -> String.valueOf(error.input()));
        ExecutionResult result = run(2, List.of(1, 2, 3));
        assertThat(result.status()).isEqualTo(ExecutionStatus.COMPLETED);
        assertThat(result.output(recovered)).containsExactly(-1);
        assertThat(result.output(input)).isEqualTo("[1, 2, 3]");
    }

    @Test
    @DisplayName("S20 S32 attempts are counted anew in each iteration, and the keys of one are the same")
    void retries_in_a_body() throws InterruptedException {
        Map<String, List<Integer>> attempts = new ConcurrentHashMap<>();
        LoopRef<Integer> all = f.loop(
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
        assertThat(state(result, "shaky").attempt()).isEqualTo(2);
    }

    @Test
    @DisplayName("S22 FAIL_FAST: a failure in a body ends the execution, unless the loop handles it")
    void fail_fast() throws InterruptedException {
        f.failureMode(FailureMode.FAIL_FAST);
        LoopRef<Integer> handled = f.loop("handled", numbers, each -> f.node("bad", each, n -> 1 / n))
                .fallback(List.of());
        NodeRef<Integer> size = f.node("size", handled, List::size);
        f.loop("unhandled", numbers, each -> f.node("worse", each, n -> 1 / n)).after(size);
        ExecutionResult result = run(2, List.of(1, 0, 2));
        assertThat(result.status()).isEqualTo(ExecutionStatus.FAILED);
        assertThat(result.output(size)).isZero();
        assertThat(state(result, "worse").status()).isEqualTo(NodeStatus.FAILED);
        assertThat(state(result, "unhandled").status()).isEqualTo(NodeStatus.CANCELLED);
    }

    @Test
    @DisplayName(
            "S2 S3 a node inside a loop cannot be given an input to begin with; the loop can, and a node of a body can run alone")
    void starts() throws InterruptedException {
        List<NodeRef<Integer>> body = new ArrayList<>();
        LoopRef<Integer> all = f.loop("each", numbers, each -> {
            body.add(f.node("twice", each, n -> 2 * n));
            return body.get(0);
        });
        f.node("count", all, List::size);
        Flow flow = f.build();
        try (FlowEngine engine = Engines.create()) {
            assertThatThrownBy(() -> engine.executeFromNode(flow, body.get(0), 3))
                    .isInstanceOf(FlowException.class)
                    .hasMessageContaining("body of loop 'each'")
                    .satisfies(refused -> assertThat(((FlowException) refused).affectedNodes())
                            .containsExactly("twice", "each"));
            assertThatThrownBy(() -> engine.executeNode(flow, all, List.of(1)))
                    .hasMessageContaining("without its body");
            ExecutionResult fromLoop =
                    engine.executeFromNode(flow, all, List.of(4, 5)).await();
            assertThat(fromLoop.output("count", Integer.class)).isEqualTo(2);
            assertThat(engine.executeNode(flow, body.get(0), 3).await().output("twice", Integer.class))
                    .isEqualTo(6);
        }
    }

    @Test
    @DisplayName("the body has to bring back something of its own")
    void foreign_result() {
        NodeRef<Integer> outside = f.node("outside", numbers, all -> 1);
        assertThatThrownBy(() -> f.loop("each", numbers, each -> outside))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'outside'")
                .hasMessageContaining("outside of it");
    }

    @Test
    @DisplayName("types of items and results are inferred")
    void types() {
        LoopRef<Integer> all = f.loop("each", numbers, each -> {
            assertThat(each.type()).contains(TypeRef.of(Integer.class));
            return f.node("twice", each, n -> 2 * n).returns(Integer.class);
        });
        assertThat(all.type()).contains(NUMBERS);
        assertThat(f.loop("none", numbers, each -> null).type()).isPresent();
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
