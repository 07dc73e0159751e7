package dev.flowengine.subflow;

import static dev.flowengine.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.event.ExecutionListener;
import dev.flowengine.event.NodeWaiting;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.ExecutionSummary;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.execution.HistoryQuery;
import dev.flowengine.execution.NodeState;
import dev.flowengine.execution.NodeWait;
import dev.flowengine.flow.BranchRef;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.InputSpec;
import dev.flowengine.flow.LoopRef;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.flow.SignalRef;
import dev.flowengine.flow.SubflowRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowError;
import dev.flowengine.model.FlowException;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.model.SkipReason;
import dev.flowengine.node.Output;
import dev.flowengine.node.RunOptions;
import dev.flowengine.node.TypeRef;
import dev.flowengine.testing.Engines;
import dev.flowengine.testing.WithThreads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("S34 a node starts an execution of another flow")
@Timeout(60)
class SubflowTest {

    /** A flow that doubles a number, or fails for a negative one. */
    private static final class Doubling {
        private final Queue<String> keys = new ConcurrentLinkedQueue<>();
        private final AtomicInteger failures = new AtomicInteger(Integer.MAX_VALUE);
        private final TriggerRef<Integer> number;
        private final NodeRef<Integer> doubled;
        private final NodeRef<String> small;
        private final Flow flow;

        Doubling() {
            FlowBuilder f = Flow.builder("doubling");
            number = f.trigger("number", Integer.class);
            doubled = f.contextNode("double", number, (n, context) -> {
                        keys.add(context.idempotencyKey());
                        if (n < 0 && failures.getAndDecrement() > 0) {
                            throw new IllegalArgumentException("is negative");
                        }
                        return 2 * n;
                    })
                    .returns(Integer.class);
            BranchRef<Integer> size =
                    f.branch("size", number).when("small", n -> n < 10).otherwise("large");
            small = f.node("small", size.on("small"), n -> "small").returns(String.class);
            flow = f.build();
        }
    }

    private final Doubling doubling = new Doubling();

    private static ExecutionResult run(FlowEngine engine, Flow flow, Object data) throws InterruptedException {
        return engine.executeFromTrigger(flow, "t", data).await();
    }

    private static NodeState node(ExecutionResult result, String id) {
        return result.snapshot().node(id).orElseThrow();
    }

    @WithThreads
    @DisplayName("waits for it, and puts out what it returns")
    void returns(int threads) throws Exception {
        FlowBuilder f = Flow.builder("parent");
        TriggerRef<Integer> t = f.trigger("t", Integer.class);
        SubflowRef<Integer> twice =
                f.subflow("twice", t, doubling.flow, doubling.number).returning(doubling.doubled);
        NodeRef<String> text = f.node("text", twice, n -> "is " + n).returns(String.class);
        Flow flow = f.build();
        try (FlowEngine engine = Engines.withThreads(threads)) {
            FlowExecution run = engine.executeFromTrigger(
                    flow, t, 21, RunOptions.builder().userId("ann").build());
            ExecutionResult end = run.await();

            assertThat(end.status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(end.output(text)).isEqualTo("is 42");
            assertThat(end.output(twice)).isEqualTo(42);
            assertThat(end.snapshot().parentExecutionId()).isEmpty();
            String child = node(end, "twice").childExecutionId().orElseThrow();
            ExecutionResult ofChild = engine.find(child).orElseThrow().await();
            assertThat(ofChild.output(doubling.doubled)).isEqualTo(42);
            assertThat(ofChild.snapshot().parentExecutionId()).contains(run.id());
            assertThat(doubling.keys).containsExactly(child + "/double");
            assertThat(engine.history(HistoryQuery.all().childrenOf(run.id())).executions())
                    .singleElement()
                    .satisfies(shown -> {
                        assertThat(shown.executionId()).isEqualTo(child);
                        assertThat(shown.flowId()).isEqualTo("doubling");
                        assertThat(shown.userId()).contains("ann");
                        assertThat(shown.parentExecutionId()).contains(run.id());
                    });
        }
    }

    /** A parent that returns the first of two nodes of its child, which lets go of outputs nobody needs any more. */
    private static Flow releasing(boolean kept) {
        FlowBuilder c = Flow.builder("frugal").releaseOutputs();
        TriggerRef<Integer> begin = c.trigger("begin", Integer.class);
        NodeRef<Integer> more = c.node("more", begin, n -> n + 1).returns(Integer.class);
        if (kept) {
            more.keep();
        }
        c.node("most", more, n -> n + 1).returns(Integer.class);
        Flow child = c.build();
        FlowBuilder f = Flow.builder("parent");
        TriggerRef<Integer> t = f.trigger("t", Integer.class);
        f.subflow("child", t, child, begin).returning(more);
        return f.build();
    }

    @Test
    @DisplayName("fails if what is to be returned was let go of, which says which output that is, and what to do")
    void released() throws Exception {
        try (FlowEngine engine = Engines.create()) {
            FlowError failure =
                    node(run(engine, releasing(false), 1), "child").failure().orElseThrow();
            assertThat(failure.kind()).isEqualTo(FailureKind.NOT_FOUND);
            assertThat(failure.message()).contains("'frugal'", "'more'", "releaseOutputs()");
            assertThat(failure.suggestedResolution()).contains("keep()");
            assertThat(run(engine, releasing(true), 1).output("child", Integer.class))
                    .isEqualTo(2);
        }
    }

    @Test
    @DisplayName("puts out its execution id where nothing is returned")
    void id() throws Exception {
        FlowBuilder f = Flow.builder("parent");
        TriggerRef<Integer> t = f.trigger("t", Integer.class);
        SubflowRef<String> child = f.subflow("child", t, doubling.flow, doubling.number);
        Flow flow = f.build();
        try (FlowEngine engine = Engines.create()) {
            ExecutionResult end = run(engine, flow, 1);
            assertThat(end.output(child))
                    .isEqualTo(node(end, "child").childExecutionId().orElseThrow());
            assertThat(engine.find(end.output(child)).orElseThrow().status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
    }

    @Test
    @DisplayName("S10 fires nothing if what is returned did not fire")
    void not_fired() throws Exception {
        FlowBuilder f = Flow.builder("parent");
        TriggerRef<Integer> t = f.trigger("t", Integer.class);
        SubflowRef<String> size =
                f.subflow("size", t, doubling.flow, doubling.number).returning(doubling.small);
        f.node("after", size, s -> s).returns(String.class);
        Flow flow = f.build();
        try (FlowEngine engine = Engines.create()) {
            assertThat(run(engine, flow, 3).output("after", String.class)).isEqualTo("small");
            ExecutionResult end = run(engine, flow, 30);
            assertThat(end.status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(node(end, "size").firedPorts()).isEmpty();
            assertThat(node(end, "after").skipReason()).contains(SkipReason.BRANCH_NOT_TAKEN);
        }
    }

    @Test
    @DisplayName(
            "S21 one that does not complete fails the node, which says which and how, and handles that as any failure")
    void fails() throws Exception {
        FlowBuilder f = Flow.builder("parent");
        TriggerRef<Integer> t = f.trigger("t", Integer.class);
        f.subflow("plain", t, doubling.flow, doubling.number).returning(doubling.doubled);
        SubflowRef<Integer> recovered = f.subflow("recovered", t, doubling.flow, doubling.number)
                .returning(doubling.doubled)
                .recover(error -> -1);
        Output<FlowError> error =
                f.subflow("handled", t, doubling.flow, doubling.number).error();
        f.node("text", error, e -> e.kind() + " " + e.input()).returns(String.class);
        Flow flow = f.build();
        try (FlowEngine engine = Engines.create()) {
            ExecutionResult end = run(engine, flow, -5);
            // A branch of the child has completed.
            String child = node(end, "plain").childExecutionId().orElseThrow();
            assertThat(engine.find(child).orElseThrow().status()).isEqualTo(ExecutionStatus.PARTIAL);
            assertThat(node(end, "plain").status()).isEqualTo(NodeStatus.FAILED);
            FlowError failure = node(end, "plain").failure().orElseThrow();
            assertThat(failure.kind()).isEqualTo(FailureKind.NODE_EXECUTION_FAILED);
            assertThat(failure.type()).isEqualTo(FlowException.class.getName());
            assertThat(failure.message()).contains("flow 'doubling'", child, "PARTIAL", "node 'double'", "is negative");
            assertThat(failure.suggestedResolution()).contains(child);
            assertThat(end.output(recovered)).isEqualTo(-1);
            assertThat(end.output("text", String.class)).isEqualTo("NODE_EXECUTION_FAILED -5");
            assertThat(end.failure().orElseThrow().affectedNodes()).containsExactly("plain");
        }
    }

    @WithThreads
    @DisplayName("S20 another one is started after one that failed, under the same idempotency keys")
    void retries(int threads) throws Exception {
        doubling.failures.set(2);
        FlowBuilder f = Flow.builder("parent");
        TriggerRef<Integer> t = f.trigger("t", Integer.class);
        SubflowRef<Integer> twice = f.subflow("twice", t, doubling.flow, doubling.number)
                .returning(doubling.doubled)
                .retry(RetryPolicy.fixed(Duration.ofMillis(1)).maxAttempts(3));
        Flow flow = f.build();
        try (FlowEngine engine = Engines.withThreads(threads)) {
            ExecutionResult end = run(engine, flow, -5);
            assertThat(end.status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(end.output(twice)).isEqualTo(-10);
            assertThat(node(end, "twice").attempt()).isEqualTo(3);
            assertThat(node(end, "twice").failure()).isEmpty();
            List<ExecutionSummary> children = engine.history(HistoryQuery.all().childrenOf(end.executionId()))
                    .executions();
            assertThat(children)
                    .extracting(ExecutionSummary::status)
                    .containsExactlyInAnyOrder(
                            ExecutionStatus.COMPLETED, ExecutionStatus.PARTIAL, ExecutionStatus.PARTIAL);
            assertThat(children).extracting(ExecutionSummary::executionId).doesNotHaveDuplicates();
            assertThat(doubling.keys).hasSize(3);
            assertThat(doubling.keys.stream().distinct()).hasSize(1);
            assertThat(node(end, "twice").childExecutionId())
                    .isEqualTo(children.stream()
                            .filter(child -> child.status() == ExecutionStatus.COMPLETED)
                            .map(ExecutionSummary::executionId)
                            .findFirst());
        }
    }

    @Test
    @DisplayName("holds no thread meanwhile: the execution is WAITING, and says for which one")
    void waits() throws Exception {
        FlowBuilder c = Flow.builder("asking");
        TriggerRef<String> asked = c.trigger("asked", String.class);
        SignalRef<String, String> answer = c.waitForSignal("answer", asked, String.class);
        Flow asking = c.build();
        FlowBuilder f = Flow.builder("parent");
        TriggerRef<String> t = f.trigger("t", String.class);
        SubflowRef<String> ask = f.subflow("ask", t, asking, asked).returning(answer);
        Flow flow = f.build();
        Queue<NodeWaiting> waits = new ConcurrentLinkedQueue<>();
        ExecutionListener listener = new ExecutionListener() {
            @Override
            public void onNodeWaiting(NodeWaiting event) {
                waits.add(event);
            }
        };
        try (FlowEngine engine = Engines.builder().listener(listener).build()) {
            FlowExecution run = engine.executeFromTrigger(flow, t, "why?");
            await().until(() -> run.status() == ExecutionStatus.WAITING);
            NodeState state = run.snapshot().node("ask").orElseThrow();
            String child = state.childExecutionId().orElseThrow();
            assertThat(state.waitsFor()).contains(new NodeWait(Optional.empty(), Optional.empty(), Optional.of(child)));
            assertThat(run.explain("ask"))
                    .isEqualTo("Node 'ask' is WAITING: it waits for execution '" + child
                            + "', and holds no thread meanwhile.");
            await().until(() -> engine.find(child).isPresent());
            engine.signal(child, "answer", "because");
            assertThat(run.await().output(ask)).isEqualTo("because");
            await().until(() -> waits.size() == 2);
            assertThat(waits)
                    .filteredOn(event -> event.executionId().equals(run.id()))
                    .singleElement()
                    .satisfies(event -> assertThat(event.childExecutionId()).contains(child));
        }
    }

    @WithThreads
    @DisplayName("R25 a thousand of them on any number of threads")
    void many(int threads) throws Exception {
        FlowBuilder f = Flow.builder("parent");
        TriggerRef<Integer> t = f.trigger("t", Integer.class);
        List<SubflowRef<Integer>> all = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            NodeRef<Integer> n = number(f, t, i);
            all.add(f.subflow("child-" + i, n, doubling.flow, doubling.number).returning(doubling.doubled));
        }
        NodeRef<Integer> sum = f.node(
                        "sum",
                        InputSpec.of(all.toArray(Output<?>[]::new)),
                        inputs -> all.stream().mapToInt(inputs::get).sum())
                .returns(Integer.class);
        Flow flow = f.build();
        try (FlowEngine engine = Engines.withThreads(threads)) {
            ExecutionResult end = run(engine, flow, 1);
            assertThat(end.status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(end.output(sum)).isEqualTo(2 * (1_000 + 499_500));
            assertThat(doubling.keys).doesNotHaveDuplicates().hasSize(1_000);
        }
    }

    private static NodeRef<Integer> number(FlowBuilder f, TriggerRef<Integer> t, int plus) {
        return f.node("number-" + plus, t, n -> n + plus).returns(Integer.class).cpuBound();
    }

    @WithThreads
    @DisplayName("S32 one for each iteration of a loop")
    void in_a_loop(int threads) throws Exception {
        FlowBuilder f = Flow.builder("parent");
        TriggerRef<List<Integer>> t = f.trigger("t", new TypeRef<List<Integer>>() {});
        LoopRef<Integer> doubled = f.loop(
                "each",
                t,
                each -> f.subflow("twice", each, doubling.flow, doubling.number).returning(doubling.doubled));
        Flow flow = f.build();
        try (FlowEngine engine = Engines.withThreads(threads)) {
            ExecutionResult end = run(engine, flow, List.of(1, 2, 3, 4));
            assertThat(end.output(doubled)).containsExactly(2, 4, 6, 8);
            assertThat(engine.history(HistoryQuery.all().childrenOf(end.executionId()))
                            .executions())
                    .hasSize(4);
            assertThat(doubling.keys).doesNotHaveDuplicates().hasSize(4);
        }
    }

    /** Counts down to nothing by starting itself. */
    private static Flow factorial() {
        FlowBuilder f = Flow.builder("factorial");
        TriggerRef<Integer> t = f.trigger("t", Integer.class);
        BranchRef<Integer> end = f.branch("end", t).when("last", n -> n <= 1).otherwise("more");
        NodeRef<Integer> one = f.node("one", end.on("last"), n -> 1).returns(Integer.class);
        NodeRef<Integer> less = f.node("less", end.on("more"), n -> n - 1).returns(Integer.class);
        SubflowRef<Integer> again = f.subflow("again", less, t).returning("result", Integer.class);
        NodeRef<Integer> product =
                f.node("product", again, t, (before, n) -> n * before).returns(Integer.class);
        f.merge("result", one, product);
        return f.build();
    }

    @WithThreads
    @DisplayName("a flow may start itself, as deep as the engine allows")
    void recursion(int threads) throws Exception {
        try (FlowEngine engine = Engines.withThreads(threads)) {
            assertThat(run(engine, factorial(), 10).output("result", Integer.class))
                    .isEqualTo(3_628_800);
            assertThat(run(engine, factorial(), 17).status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(run(engine, factorial(), 18).status()).isEqualTo(ExecutionStatus.FAILED);
        }
        try (FlowEngine engine = Engines.builder(threads).subflowDepth(2).build()) {
            ExecutionResult end = run(engine, factorial(), 4);
            assertThat(end.status()).isEqualTo(ExecutionStatus.FAILED);
            assertThat(end.failure().orElseThrow().kind()).isEqualTo(FailureKind.LIMIT_EXCEEDED);
            assertThat(end.failure().orElseThrow())
                    .hasMessageContaining("factorial → factorial → factorial → factorial");
            assertThat(run(engine, factorial(), 3).output("result", Integer.class))
                    .isEqualTo(6);
        }
    }

    @Test
    @DisplayName("one that is not waited for begins, and the node completes with its id")
    void detached() throws Exception {
        FlowBuilder c = Flow.builder("long");
        TriggerRef<String> begin = c.trigger("begin", String.class);
        c.waitForSignal("end", begin, String.class);
        Flow lasting = c.build();
        FlowBuilder f = Flow.builder("parent");
        TriggerRef<String> t = f.trigger("t", String.class);
        SubflowRef<String> child = f.subflow("child", t, lasting, begin).detached();
        f.waitForSignal("stay", child, String.class);
        Flow flow = f.build();
        try (FlowEngine engine = Engines.create()) {
            FlowExecution run = engine.executeFromTrigger(flow, t, "go");
            await().until(() -> run.snapshot().node("stay").orElseThrow().status() == NodeStatus.WAITING);
            FlowExecution lives = engine.find(run.snapshot()
                            .node("child")
                            .orElseThrow()
                            .childExecutionId()
                            .orElseThrow())
                    .orElseThrow();
            await().until(() -> lives.status() == ExecutionStatus.WAITING);
            run.cancel("to show that it lives on");
            assertThat(run.await().output(child)).isEqualTo(lives.id());
            assertThat(lives.snapshot().parentExecutionId()).contains(run.id());
            lives.signal("end", "now");
            assertThat(lives.await().status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
    }
}
