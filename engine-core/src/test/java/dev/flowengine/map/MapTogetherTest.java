package dev.flowengine.map;

import static dev.flowengine.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.execution.NodeState;
import dev.flowengine.execution.Redrive;
import dev.flowengine.flow.CompensationPolicy;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.InvalidFlowException;
import dev.flowengine.flow.MapRef;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.SignalRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.PortValues;
import dev.flowengine.node.RunOptions;
import dev.flowengine.node.TypeRef;
import dev.flowengine.plan.ExecutionPlan;
import dev.flowengine.plan.Rerun;
import dev.flowengine.plan.Start;
import dev.flowengine.testing.Engines;
import dev.flowengine.testing.WithThreads;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("S33 maps together with what else flows can do")
@Timeout(60)
class MapTogetherTest {
    private static final TypeRef<List<Integer>> NUMBERS = new TypeRef<>() {};

    private final List<Integer> divided = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger prepared = new AtomicInteger();
    private volatile int forbidden = Integer.MIN_VALUE;
    private volatile boolean reportFails;

    /** Prepares numbers, adds an offset to each and divides 12 by what that comes to, and tells the results. */
    private Flow dividing(int concurrency, boolean releases) {
        FlowBuilder f = Flow.builder("dividing").version(Integer.toString(concurrency));
        if (releases) {
            f.releaseOutputs();
        }
        TriggerRef<List<Integer>> numbers = f.trigger("numbers", NUMBERS);
        NodeRef<List<Integer>> prepare = f.node("prepare", numbers, all -> {
                    prepared.incrementAndGet();
                    return all;
                })
                .returns(NUMBERS);
        NodeRef<Integer> offset = f.node("offset", numbers, all -> 1).returns(Integer.class);
        MapRef<Integer> each = f.map("each", prepare, n -> {
                    NodeRef<Integer> sum =
                            f.node("add", n, offset, Integer::sum).returns(Integer.class);
                    return f.node("divide", sum, this::divide).returns(Integer.class);
                })
                .concurrency(concurrency);
        f.node("report", each, results -> {
                    if (reportFails) {
                        throw new IllegalStateException("no paper");
                    }
                    return results.toString();
                })
                .returns(String.class);
        return f.build();
    }

    private int divide(int n) {
        divided.add(n);
        if (n == forbidden) {
            throw new IllegalArgumentException("forbidden: " + n);
        }
        return 12 / n;
    }

    private static ExecutionResult run(FlowEngine engine, Flow flow, List<Integer> numbers)
            throws InterruptedException {
        return engine.executeFromTrigger(flow, "numbers", numbers).await();
    }

    @WithThreads
    @DisplayName("S34 the body starts a sub-flow for each item, for two items at a time, and the results are in order")
    void a_subflow_per_item(int threads) throws Exception {
        FlowBuilder c = Flow.builder("asking");
        TriggerRef<Integer> asked = c.trigger("asked", Integer.class);
        SignalRef<Integer, Integer> answer = c.waitForSignal("answer", asked, Integer.class);
        Flow asking = c.build();
        FlowBuilder f = Flow.builder("polls");
        TriggerRef<List<Integer>> numbers = f.trigger("numbers", NUMBERS);
        MapRef<Integer> each = f.map(
                        "each", numbers, n -> f.subflow("ask", n, asking, asked).returning(answer))
                .concurrency(2);
        Flow flow = f.build();
        try (FlowEngine engine = Engines.withThreads(threads)) {
            FlowExecution run = engine.executeFromTrigger(flow, numbers, List.of(1, 2, 3, 4, 5));
            Set<String> answered = new HashSet<>();
            for (int left = 5; left > 0; left--) {
                int atOnce = Math.min(2, left);
                await().until(() -> waiting(engine, run, answered).size() == atOnce);
                assertThat(run.snapshot().items("each").orElseThrow().running()).isLessThanOrEqualTo(2);
                // The later one first: the order of the ends is not that of the results.
                NodeState item = waiting(engine, run, answered).get(atOnce - 1);
                String child = item.childExecutionId().orElseThrow();
                answered.add(child);
                engine.signal(child, "answer", number(item) * 10);
            }
            ExecutionResult end = run.await();
            assertThat(end.output(each)).containsExactly(10, 20, 30, 40, 50);
            assertThat(answered).hasSize(5);
        }
    }

    /** The items in work that wait for an answer, in their order. */
    private static List<NodeState> waiting(FlowEngine engine, FlowExecution run, Set<String> answered) {
        return run.snapshot().states("ask").stream()
                .filter(item -> item.childExecutionId()
                        .filter(child -> !answered.contains(child))
                        .flatMap(engine::find)
                        .filter(child -> child.status() == ExecutionStatus.WAITING)
                        .isPresent())
                .sorted(Comparator.comparing(MapTogetherTest::number))
                .toList();
    }

    private static int number(NodeState item) {
        return item.iteration().path().get(0);
    }

    @Test
    @DisplayName("S34 an item whose sub-flow fails fails the map, which fails as it would for any other node")
    void a_subflow_that_fails() throws Exception {
        FlowBuilder c = Flow.builder("halving");
        TriggerRef<Integer> number = c.trigger("number", Integer.class);
        NodeRef<Integer> half = c.node("half", number, n -> 12 / n).returns(Integer.class);
        Flow halving = c.build();
        FlowBuilder f = Flow.builder("parent");
        TriggerRef<List<Integer>> numbers = f.trigger("numbers", NUMBERS);
        MapRef<Integer> each = f.map(
                        "each",
                        numbers,
                        n -> f.subflow("halve", n, halving, number).returning(half))
                .concurrency(2);
        Flow flow = f.build();
        try (FlowEngine engine = Engines.create()) {
            assertThat(run(engine, flow, List.of(2, 3, 4)).output(each)).containsExactly(6, 4, 3);
            ExecutionResult failed = run(engine, flow, List.of(2, 0, 4));
            assertThat(failed.status()).isEqualTo(ExecutionStatus.FAILED);
            assertThat(failed.snapshot()
                            .node("each")
                            .orElseThrow()
                            .failure()
                            .orElseThrow()
                            .message())
                    .contains("item 2", "'halve'");
        }
    }

    @Test
    @DisplayName("S45 a compensation in the body of a map, or of the map itself, is refused as those of loops are")
    void compensations() {
        FlowBuilder f = Flow.builder("saga").compensate(CompensationPolicy.onFailure());
        TriggerRef<List<Integer>> numbers = f.trigger("numbers", NUMBERS);
        f.map(
                "each",
                numbers,
                n -> f.node("book", n, i -> i).returns(Integer.class).compensate((value, context) -> {}));
        assertThatExceptionOfType(InvalidFlowException.class)
                .isThrownBy(f::build)
                .withMessageContainingAll("'book'", "map 'each'", "items leave nothing behind")
                .satisfies(refusal -> assertThat(refusal.affectedNodes()).containsExactly("book"));
    }

    @WithThreads
    @DisplayName("S46 a flow that lets go of outputs keeps what the body reads until the last item has ended")
    void released(int threads) throws Exception {
        try (FlowEngine engine = Engines.withThreads(threads)) {
            ExecutionResult end = run(engine, dividing(2, true), List.of(0, 1, 2, 3, 5, 11));
            assertThat(end.output("report", String.class)).isEqualTo("[12, 6, 4, 3, 2, 1]");
            for (String gone : List.of("prepare", "offset", "each", "add")) {
                assertThatExceptionOfType(FlowException.class)
                        .as(gone)
                        .isThrownBy(() -> end.outputs(gone))
                        .satisfies(refusal -> assertThat(refusal.kind()).isEqualTo(FailureKind.NOT_FOUND));
            }
        }
    }

    @WithThreads
    @DisplayName(
            "S29 S33 a redrive runs those items of a map that has failed that did not complete, and nothing before it")
    void a_redrive_of_a_map_that_failed(int threads) throws Exception {
        try (FlowEngine engine = Engines.withThreads(threads)) {
            forbidden = 4;
            ExecutionResult failed = run(engine, dividing(2, false), List.of(0, 1, 3, 5));
            assertThat(failed.status()).isEqualTo(ExecutionStatus.FAILED);
            forbidden = 0;
            divided.clear();
            Redrive redrive = engine.redrive(failed.executionId());
            assertThat(redrive.plan().rerun()).containsExactly("each", "add", "divide", "report");
            assertThat(redrive.plan().reused()).containsExactly("numbers", "prepare", "offset");
            assertThat(redrive.plan().reasons())
                    .containsExactly(
                            new Rerun("each", Rerun.Cause.FAILED, List.of()),
                            new Rerun("add", Rerun.Cause.DOWNSTREAM, List.of("each")),
                            new Rerun("divide", Rerun.Cause.DOWNSTREAM, List.of("add")),
                            new Rerun("report", Rerun.Cause.UNDONE, List.of()));
            ExecutionResult end = redrive.start().await();
            assertThat(end.output("report", String.class)).isEqualTo("[12, 6, 3, 2]");
            assertThat(divided).contains(4).doesNotContain(1, 2);
            assertThat(prepared).hasValue(1);
        }
    }

    @Test
    @DisplayName(
            "S29 a redrive takes over a map that has completed, with all that it brought back, also at another concurrency")
    void a_redrive_of_a_map_that_completed() throws Exception {
        try (FlowEngine engine = Engines.create()) {
            reportFails = true;
            ExecutionResult failed = run(engine, dividing(3, false), List.of(0, 1, 2));
            reportFails = false;
            divided.clear();
            for (Redrive redrive : List.of(
                    engine.redrive(failed.executionId()), engine.redrive(failed.executionId(), dividing(5, false)))) {
                assertThat(redrive.plan().rerun()).containsExactly("report");
                assertThat(redrive.plan().reused()).containsExactly("numbers", "prepare", "offset", "each");
                ExecutionResult end = redrive.start().await();
                assertThat(end.output("report", String.class)).isEqualTo("[12, 6, 4]");
                assertThat(end.snapshot().node("each").map(NodeState::reused)).contains(true);
            }
            assertThat(divided).isEmpty();
        }
    }

    @Test
    @DisplayName("S29 a redrive from a node of the body runs the map around it again")
    void a_redrive_from_the_body() throws Exception {
        try (FlowEngine engine = Engines.create()) {
            ExecutionResult first = run(engine, dividing(2, false), List.of(0, 1, 2));
            divided.clear();
            Redrive redrive = engine.redrive(first.executionId()).from("divide");
            assertThat(redrive.plan().rerun()).containsExactly("each", "add", "divide", "report");
            assertThat(redrive.start().await().output("report", String.class)).isEqualTo("[12, 6, 4]");
            assertThat(divided).containsExactlyInAnyOrder(1, 2, 3);
        }
    }

    @Test
    @DisplayName("S6 an execution can begin behind a map with the outputs of an earlier one, or with the map itself")
    void outputs_of_an_earlier_execution() throws Exception {
        Flow flow = dividing(2, false);
        try (FlowEngine engine = Engines.create()) {
            String earlier = run(engine, flow, List.of(0, 1, 2)).executionId();
            divided.clear();
            RunOptions options = RunOptions.builder().outputsFrom(earlier).build();
            ExecutionResult behind = engine.executeFromNode(flow, "report", PortValues.none(), options)
                    .await();
            assertThat(behind.output("report", String.class)).isEqualTo("[12, 6, 4]");
            assertThat(divided).isEmpty();
            ExecutionResult map = engine.executeFromNode(flow, "add", PortValues.none(), options)
                    .await();
            assertThat(map.output("report", String.class)).isEqualTo("[12, 6, 4]");
            assertThat(divided).containsExactlyInAnyOrder(1, 2, 3);
            assertThat(prepared).hasValue(1);
        }
    }

    @WithThreads
    @DisplayName("S8 what is pinned in the body is so for each item, and a plan names each node once")
    void pins_and_plans(int threads) throws Exception {
        Flow flow = dividing(3, false);
        RunOptions pinned = RunOptions.builder().pin("add", "main", 6).build();
        try (FlowEngine engine = Engines.withThreads(threads)) {
            ExecutionPlan plan = engine.plan(flow, Start.trigger("numbers"), pinned);
            assertThat(plan.scope()).containsExactly("numbers", "prepare", "offset", "each", "add", "divide", "report");
            assertThat(plan.order()).containsExactlyInAnyOrderElementsOf(plan.scope());
            assertThat(plan.pinned()).containsExactly("add");
            ExecutionResult end = engine.executeFromTrigger(flow, "numbers", List.of(1, 2, 3, 4, 5), pinned)
                    .await();
            assertThat(end.output("report", String.class)).isEqualTo("[2, 2, 2, 2, 2]");
            assertThat(end.snapshot().plan()).isEqualTo(plan);
            assertThat(end.snapshot().states("add")).allMatch(NodeState::pinned);
            Redrive redrive = engine.redrive(end.executionId()).from("each");
            assertThat(redrive.start().await().output("report", String.class)).isEqualTo("[2, 2, 2, 2, 2]");
        }
    }
}
