package dev.flowengine.crash;

import dev.flowengine.FlowEngine;
import dev.flowengine.crash.CrashCase.Started;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.ApprovalRef;
import dev.flowengine.flow.BranchRef;
import dev.flowengine.flow.CompensationPolicy;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.LoopRef;
import dev.flowengine.flow.MapRef;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.flow.SignalRef;
import dev.flowengine.flow.SubflowRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.node.ItemFailure;
import dev.flowengine.node.MapSummary;
import dev.flowengine.node.Tolerance;
import dev.flowengine.node.TypeRef;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The flows of the cases. */
final class CrashFlows {
    private static final TypeRef<List<List<Integer>>> ROWS = new TypeRef<>() {};
    private static final TypeRef<List<Integer>> NUMBERS = new TypeRef<>() {};
    private static final RetryPolicy AGAIN =
            RetryPolicy.fixed(Duration.ofMillis(1)).maxAttempts(9);

    private CrashFlows() {}

    static CrashExecution map(String name) {
        AtomicInteger calls = new AtomicInteger();
        FlowBuilder f = Flow.builder(name);
        TriggerRef<List<List<Integer>>> given = f.trigger("given", ROWS);
        NodeRef<List<Integer>> numbers = flat(f, given);
        MapRef<Integer> each = f.map("each", numbers, n -> {
                    BranchRef<Integer> size =
                            f.branch("size", n).when("big", v -> v > 2).otherwise("small");
                    NodeRef<Integer> big =
                            f.node("big", size.on("big"), v -> 100 / (v - 4)).returns(Integer.class);
                    NodeRef<Integer> shaky = f.node("shaky", size.on("small"), v -> everyOther(calls, v))
                            .returns(Integer.class)
                            .retry(AGAIN);
                    return f.merge("either", big, shaky);
                })
                .concurrency(2)
                .tolerate(Tolerance.ofFailures(1));
        f.node("told", each, each.summary(), CrashFlows::told).returns(String.class);
        return new Started(List.of(f.build()));
    }

    static CrashExecution nestedMaps(String name) {
        FlowBuilder f = Flow.builder(name);
        TriggerRef<List<List<Integer>>> given = f.trigger("given", ROWS);
        MapRef<Integer> outer = f.map("outer", given, row -> {
                    MapRef<Integer> inner = f.map(
                                    "inner",
                                    row,
                                    n -> f.node("double", n, v -> 2 * v).returns(Integer.class))
                            .concurrency(2);
                    LoopRef<Integer> looped = f.loop(
                            "loop", inner, n -> f.node("plus", n, v -> v + 1).returns(Integer.class));
                    return sum(f, looped);
                })
                .concurrency(2);
        f.node("told", outer, String::valueOf).returns(String.class);
        return new Started(List.of(f.build()));
    }

    static CrashExecution handledMap(String name) {
        FlowBuilder f = Flow.builder(name);
        TriggerRef<List<List<Integer>>> given = f.trigger("given", ROWS);
        LoopRef<String> all = f.loop("outer", given, row -> {
            MapRef<Integer> inner = f.map(
                            "inner",
                            row,
                            n -> f.node("fails at 2", n, v -> 10 / (v - 2)).returns(Integer.class))
                    .concurrency(2)
                    .fallback(List.of(-1));
            return f.node("after", inner, String::valueOf).returns(String.class);
        });
        f.node("told", all, String::valueOf).returns(String.class);
        return new Started(List.of(f.build()));
    }

    static CrashExecution loops(String name) {
        AtomicInteger calls = new AtomicInteger();
        FlowBuilder f = Flow.builder(name);
        TriggerRef<List<List<Integer>>> given = f.trigger("given", ROWS);
        NodeRef<Integer> more = f.node("more", given, all -> 100).returns(Integer.class);
        LoopRef<Integer> totals = f.loop("row", given, row -> {
            LoopRef<Integer> cells = f.loop("cell", row, cell -> {
                BranchRef<Integer> size =
                        f.branch("size", cell).when("big", n -> n > 2).otherwise("small");
                cell.breakOn(size.on("big"));
                NodeRef<Integer> big = f.node("big", size.on("big"), n -> 2 * n).returns(Integer.class);
                NodeRef<Integer> shaky = f.node("shaky", size.on("small"), n -> everyOther(calls, n))
                        .returns(Integer.class)
                        .retry(AGAIN);
                return f.merge("either", big, shaky);
            });
            return f.node("plus", sum(f, cells), more, Integer::sum).returns(Integer.class);
        });
        f.node("told", totals, String::valueOf).returns(String.class);
        return new Started(List.of(f.build()));
    }

    static CrashExecution subflows(String name) {
        AtomicInteger calls = new AtomicInteger();
        FlowBuilder c = Flow.builder(name + "-child");
        TriggerRef<Integer> number = c.trigger("number", Integer.class);
        NodeRef<Integer> twice =
                c.node("twice", number, n -> 2 * everyOther(calls, n)).returns(Integer.class);
        Flow child = c.build();
        FlowBuilder f = Flow.builder(name);
        TriggerRef<List<List<Integer>>> given = f.trigger("given", ROWS);
        NodeRef<List<Integer>> few =
                f.node("few", given, all -> List.of(1, 2, 3)).returns(NUMBERS);
        MapRef<Integer> each = f.map(
                        "each",
                        few,
                        n -> f.subflow("each child", n, child, number)
                                .returning(twice)
                                .retry(AGAIN))
                .concurrency(2);
        NodeRef<Integer> three = f.node("three", given, all -> 3).returns(Integer.class);
        SubflowRef<Integer> once =
                f.subflow("one child", three, child, number).returning(twice).retry(AGAIN);
        f.node("told", each, once, (all, six) -> six + 1 + " " + all).returns(String.class);
        return new Started(List.of(f.build(), child));
    }

    static CrashExecution waits(String name) {
        FlowBuilder f = Flow.builder(name);
        TriggerRef<List<List<Integer>>> given = f.trigger("given", ROWS);
        NodeRef<Integer> rows = f.node("rows", given, List::size).returns(Integer.class);
        NodeRef<Integer> waited = f.waitFor("wait", rows, Duration.ofMillis(5));
        SignalRef<Integer, String> answer =
                f.waitForSignal("answer", waited, String.class).deadline(Duration.ofHours(1));
        ApprovalRef<String> review = f.approval("review", answer, "good", "bad");
        f.node("told", waited, review.on("good"), (n, text) -> n + " " + text).returns(String.class);
        f.node("untold", review.on("bad"), text -> text).returns(String.class);
        return new Waits(new Started(List.of(f.build())));
    }

    static CrashExecution compensation(String name) {
        FlowBuilder f = Flow.builder(name)
                .compensate(CompensationPolicy.onFailure()
                        .retry(RetryPolicy.fixed(Duration.ofMillis(1)).maxAttempts(2)));
        TriggerRef<List<List<Integer>>> given = f.trigger("given", ROWS);
        NodeRef<Integer> flight = f.node("flight", given, List::size)
                .returns(Integer.class)
                .compensate((value, context) -> List.of(value));
        NodeRef<Integer> hotel = f.node("hotel", flight, n -> n + 1)
                .returns(Integer.class)
                .compensate((value, context) -> {
                    throw new IllegalStateException("full");
                });
        f.action("pay", hotel, n -> {
            throw new IllegalArgumentException("no money");
        });
        Started started = new Started(List.of(f.build()));
        return new CrashExecution() {
            @Override
            public List<Flow> flows() {
                return started.flows();
            }

            @Override
            public FlowExecution start(FlowEngine engine) {
                return started.start(engine);
            }

            @Override
            public String outcome(ExecutionResult end) {
                return end.status() + " "
                        + end.compensations().stream()
                                .map(each -> each.nodeId() + " " + each.status() + " " + each.attempt())
                                .collect(Collectors.joining(", "));
            }
        };
    }

    static CrashExecution itemRedrive(String name) {
        return new ItemRedrive(name);
    }

    /** An execution that waits for two signals. */
    private record Waits(Started started) implements CrashExecution {
        @Override
        public List<Flow> flows() {
            return started.flows();
        }

        @Override
        public FlowExecution start(FlowEngine engine) {
            return started.start(engine);
        }

        @Override
        public void send(FlowExecution run) {
            run.signal("answer", "yes", "one");
            run.signal("review", "good", "two");
        }

        @Override
        public String outcome(ExecutionResult end) {
            return started.outcome(end);
        }
    }

    /** An execution that takes two items over from another one. */
    private static final class ItemRedrive implements CrashExecution {
        private final AtomicBoolean broken = new AtomicBoolean(true);
        private final AtomicInteger again = new AtomicInteger();
        private final Flow flow;
        private volatile String failed = "";

        ItemRedrive(String name) {
            FlowBuilder f = Flow.builder(name);
            TriggerRef<List<List<Integer>>> given = f.trigger("given", ROWS);
            NodeRef<List<Integer>> few =
                    f.node("few", given, all -> List.of(1, 2, 3, 4)).returns(NUMBERS);
            MapRef<Integer> each = f.map(
                            "each", few, n -> f.node("work", n, this::work).returns(Integer.class))
                    .concurrency(1);
            f.node("told", each, each.summary(), CrashFlows::told).returns(String.class);
            this.flow = f.build();
        }

        private Integer work(Integer n) {
            if (n == 3 && broken.get()) {
                throw new IllegalStateException("broken");
            }
            if (n < 3 && !broken.get()) {
                again.incrementAndGet();
            }
            return 10 * n;
        }

        @Override
        public List<Flow> flows() {
            return List.of(flow);
        }

        @Override
        public void prepare(Supplier<FlowEngine> engines) throws InterruptedException {
            try (FlowEngine engine = engines.get()) {
                failed = engine.executeFromTrigger(flow, "given", CrashCase.ROWS)
                        .await()
                        .executionId();
            }
            broken.set(false);
        }

        @Override
        public FlowExecution start(FlowEngine engine) {
            return engine.redrive(failed).start();
        }

        @Override
        public String outcome(ExecutionResult end) {
            return end.status() + " " + end.output("told", String.class) + ", taken over "
                    + end.snapshot().reusedItems("each")
                    + (again.get() == 0 ? "" : ", which ran again " + again.get() + " times");
        }
    }

    private static NodeRef<List<Integer>> flat(FlowBuilder f, TriggerRef<List<List<Integer>>> rows) {
        return f.node("flat", rows, all -> all.stream().flatMap(List::stream).toList())
                .returns(NUMBERS);
    }

    private static NodeRef<Integer> sum(FlowBuilder f, LoopRef<Integer> numbers) {
        return f.node("sum", numbers, all -> all.stream().mapToInt(v -> v).sum())
                .returns(Integer.class);
    }

    private static Integer everyOther(AtomicInteger calls, Integer value) {
        if (calls.incrementAndGet() % 2 == 1) {
            throw new IllegalStateException("not yet");
        }
        return value;
    }

    private static String told(List<Integer> all, MapSummary summary) {
        return all + " of " + summary.items() + ", failed "
                + summary.failures().stream().map(ItemFailure::item).toList();
    }
}
