package dev.flowengine.redrive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.HistoryQuery;
import dev.flowengine.execution.ItemCounts;
import dev.flowengine.execution.Redrive;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.LoopRef;
import dev.flowengine.flow.MapRef;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.RedrivePolicy;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.node.Items;
import dev.flowengine.node.MapSummary;
import dev.flowengine.node.Tolerance;
import dev.flowengine.node.TypeRef;
import dev.flowengine.plan.Rerun;
import dev.flowengine.plan.RerunItems;
import dev.flowengine.testing.Engines;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("S29 S33 a redrive of a map runs the items that did not complete, and takes over the others")
@Timeout(60)
class RedrivenItemsTest extends RedrivenMap {
    private @Nullable FlowEngine cancelling;

    @ParameterizedTest
    @EnumSource
    @DisplayName(
            "of a list, the items behind the one that failed run too; the plan tells how many, and why the map runs")
    void a_map_that_failed(Keeping keeping) {
        MapRef<Integer> each = oneByOne();
        NodeRef<String> report =
                f.node("report", each, each.summary(), RedrivenItemsTest::told).returns(String.class);
        Flow flow = f.build();
        broken.add(3);
        try (FlowEngine engine = keeping.engine()) {
            ExecutionResult failed = run(engine, flow, List.of(1, 2, 3, 4, 5));
            assertThat(failed.status()).isEqualTo(ExecutionStatus.FAILED);
            mend();
            Redrive redrive = engine.redrive(failed.executionId());
            assertThat(redrive.plan().rerun()).containsExactly("each", "tenfold", "report");
            assertThat(redrive.plan().reasons()).contains(new Rerun("each", Rerun.Cause.FAILED, List.of()));
            assertThat(redrive.plan().items())
                    .containsExactly(new RerunItems("each", 2, OptionalInt.of(3), Optional.empty()));
            assertThat(redrive.plan().describe())
                    .contains("'each' runs again: it failed")
                    .contains("of 'each' 2 items are taken over, and 3 run");
            ExecutionResult end = Runs.ended(redrive.start());
            assertThat(end.output(report)).isEqualTo("[10, 20, 30, 40, 50] of 5, failed []");
            assertThat(calls).containsExactly(3, 4, 5);
            assertThat(end.snapshot().items("each")).contains(new ItemCounts(OptionalInt.of(5), 5, 0, 0, 2));
            assertThat(end.snapshot().reusedItems("each")).containsExactly(1, 2);
            assertThat(end.snapshot().redriveOf()).contains(failed.executionId());
            assertThat(engine.lineage(end.executionId())).hasSize(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("of a stream too, which is opened again; a redrive of a redrive takes over what either has completed")
    void a_stream_redriven_twice(Keeping keeping) {
        MapRef<Integer> each = f.<List<Integer>, Integer, Integer>mapOver(
                        "each", numbers, all -> Items.of(all.stream()), item -> {
                            item.returns(Integer.class);
                            return f.node("tenfold", item, this::tenfold).returns(Integer.class);
                        })
                .concurrency(1)
                .tolerate(Tolerance.ofPercent(20));
        Flow flow = f.build();
        broken.addAll(List.of(1, 3, 4));
        try (FlowEngine engine = keeping.engine()) {
            ExecutionResult first = run(engine, flow, List.of(1, 2, 3, 4, 5, 6));
            assertThat(first.snapshot().node("each").orElseThrow().status()).isEqualTo(NodeStatus.FAILED);
            broken.removeAll(List.of(1));
            calls.clear();
            Redrive again = engine.redrive(first.executionId());
            assertThat(again.plan().items())
                    .containsExactly(new RerunItems("each", 3, OptionalInt.empty(), Optional.empty()));
            ExecutionResult second = Runs.ended(again.start());
            assertThat(second.snapshot().node("each").orElseThrow().status()).isEqualTo(NodeStatus.FAILED);
            assertThat(calls).containsExactly(1, 3, 4);
            assertThat(second.snapshot().items("each")).contains(new ItemCounts(OptionalInt.empty(), 4, 2, 0, 3));
            mend();
            ExecutionResult third =
                    Runs.ended(engine.redrive(second.executionId()).start());
            assertThat(third.output(each)).containsExactly(10, 20, 30, 40, 50, 60);
            assertThat(calls).containsExactly(3, 4);
            assertThat(third.snapshot().reusedItems("each")).containsExactly(1, 2, 5, 6);
            assertThat(engine.lineage(first.executionId())).hasSize(3);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("failures that were tolerated are not redriven, unless somebody asks for the map's failed items")
    void tolerated_failures(Keeping keeping) {
        MapRef<Integer> each = oneByOne().tolerate(Tolerance.ofFailures(3));
        NodeRef<String> report =
                f.node("report", each, each.summary(), RedrivenItemsTest::told).returns(String.class);
        Flow flow = f.build();
        broken.addAll(List.of(2, 4, 5));
        try (FlowEngine engine = keeping.engine()) {
            ExecutionResult first = run(engine, flow, List.of(1, 2, 3, 4, 5));
            assertThat(first.output(report)).isEqualTo("[10, 30] of 5, failed [2, 4, 5]");
            assertThatExceptionOfType(FlowException.class)
                    .isThrownBy(() -> engine.redrive(first.executionId()).start())
                    .withMessageContaining("nothing of it has to run again");
            mend();
            broken.add(4);
            Redrive redrive = engine.redrive(first.executionId()).failedItems(each);
            assertThat(redrive.plan().reasons())
                    .containsExactly(
                            new Rerun("each", Rerun.Cause.FAILED_ITEMS, List.of()),
                            new Rerun("tenfold", Rerun.Cause.DOWNSTREAM, List.of("each")),
                            new Rerun("report", Rerun.Cause.DOWNSTREAM, List.of("each")));
            ExecutionResult second = Runs.ended(redrive.start());
            assertThat(second.output(report)).isEqualTo("[10, 20, 30, 50] of 5, failed [4]");
            assertThat(calls).containsExactly(2, 4, 5);
            mend();
            ExecutionResult third = Runs.ended(
                    engine.redrive(second.executionId()).failedItems("each").start());
            assertThat(third.output(report)).isEqualTo("[10, 20, 30, 40, 50] of 5, failed []");
            assertThat(calls).containsExactly(4);
            assertThat(engine.redrive(third.executionId())
                            .failedItems(each)
                            .plan()
                            .rerun())
                    .as("nothing has failed any more")
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a failure that the map handled is not redriven either, unless its failed items are asked for")
    void a_handled_failure(Keeping keeping) {
        MapRef<Integer> each = oneByOne().fallback(List.of());
        NodeRef<String> report = f.node("report", each, String::valueOf).returns(String.class);
        Flow flow = f.build();
        broken.add(2);
        try (FlowEngine engine = keeping.engine()) {
            ExecutionResult first = run(engine, flow, List.of(1, 2, 3));
            assertThat(first.output(report)).isEqualTo("[]");
            mend();
            ExecutionResult second = Runs.ended(
                    engine.redrive(first.executionId()).failedItems(each).start());
            assertThat(second.output(report)).isEqualTo("[10, 20, 30]");
            assertThat(calls).containsExactly(2, 3);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName(
            "an execution that took a map over as a whole knows no items of it, and names the one that may have run them")
    void taken_over_as_a_whole(Keeping keeping) {
        MapRef<Integer> each = oneByOne().tolerate(Tolerance.ofFailures(1));
        NodeRef<Integer> report = f.node("report", each, List::size).returns(Integer.class);
        Flow flow = f.build();
        broken.add(2);
        try (FlowEngine engine = keeping.engine()) {
            String first = run(engine, flow, List.of(1, 2, 3)).executionId();
            mend();
            String second =
                    Runs.ended(engine.redrive(first).from(report).start()).executionId();
            Redrive redrive = engine.redrive(second);
            assertThatExceptionOfType(FlowException.class)
                    .isThrownBy(() -> redrive.failedItems(each))
                    .satisfies(refusal -> assertThat(refusal.kind()).isEqualTo(FailureKind.INVALID_FLOW_STATE))
                    .satisfies(refusal -> assertThat(refusal.affectedNodes()).containsExactly("each"))
                    .satisfies(
                            refusal -> assertThat(refusal.suggestedResolution()).contains(first))
                    .withMessageContaining(second)
                    .withMessageContaining("'each'");
            assertThat(calls).isEmpty();
            ExecutionResult third =
                    Runs.ended(engine.redrive(first).failedItems(each).start());
            assertThat(third.output(report)).isEqualTo(3);
            assertThat(calls).containsExactly(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("items that bring nothing back are taken over too, and a consumer of the body is not called for them")
    void nothing_brought_back(Keeping keeping) {
        MapRef<@Nullable Void> each = f.map("each", numbers, item -> f.action("consume", item, this::tenfold))
                .concurrency(1);
        NodeRef<Integer> count =
                f.node("count", each.summary(), MapSummary::items).returns(Integer.class);
        Flow flow = f.build();
        broken.add(4);
        try (FlowEngine engine = keeping.engine()) {
            ExecutionResult first = run(engine, flow, List.of(1, 2, 3, 4, 5));
            mend();
            ExecutionResult second =
                    Runs.ended(engine.redrive(first.executionId()).start());
            assertThat(second.output(count)).isEqualTo(5);
            assertThat(calls).containsExactly(4, 5);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("an item runs as a whole: what had completed of it, maps and loops within included, runs again")
    void an_item_is_one(Keeping keeping) {
        TypeRef<List<List<Integer>>> rows = new TypeRef<>() {};
        FlowBuilder g = Flow.builder("nested");
        TriggerRef<List<List<Integer>>> all = g.trigger("rows", rows);
        MapRef<Integer> outer = g.map("outer", all, row -> {
                    MapRef<Integer> inner = g.map(
                                    "inner",
                                    row,
                                    n -> g.node("tenfold", n, this::tenfold).returns(Integer.class))
                            .concurrency(1);
                    LoopRef<Integer> looped = g.loop(
                            "loop", inner, n -> g.node("plus", n, v -> v + 1).returns(Integer.class));
                    return g.node(
                                    "sum",
                                    looped,
                                    v -> v.stream().mapToInt(n -> n).sum())
                            .returns(Integer.class);
                })
                .concurrency(1);
        Flow flow = g.build();
        broken.add(4);
        try (FlowEngine engine = keeping.engine()) {
            ExecutionResult first =
                    Runs.ended(engine.executeFromTrigger(flow, all, List.of(List.of(1, 2), List.of(3, 4), List.of(5))));
            mend();
            Redrive redrive = engine.redrive(first.executionId());
            assertThat(redrive.plan().items())
                    .containsExactly(new RerunItems("outer", 1, OptionalInt.of(2), Optional.empty()));
            ExecutionResult second = Runs.ended(redrive.start());
            assertThat(second.output(outer)).containsExactly(32, 72, 51);
            assertThat(calls).containsExactly(3, 4, 5);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("S26 of a map that was cancelled, what was in work and what had not begun runs")
    void a_map_that_was_cancelled(Keeping keeping) {
        AtomicInteger cancelAt = new AtomicInteger(3);
        MapRef<Integer> each = f.map(
                        "each",
                        numbers,
                        n -> f.contextNode("tenfold", n, (v, context) -> {
                                    if (v == cancelAt.get()) {
                                        cancelled(context.execution().executionId());
                                        throw new IllegalStateException("cut short");
                                    }
                                    return tenfold(v);
                                })
                                .returns(Integer.class))
                .concurrency(1);
        Flow flow = f.build();
        try (FlowEngine engine = keeping.engine()) {
            cancelling = engine;
            ExecutionResult first = run(engine, flow, List.of(1, 2, 3, 4));
            assertThat(first.status()).isEqualTo(ExecutionStatus.CANCELLED);
            cancelAt.set(0);
            calls.clear();
            ExecutionResult second =
                    Runs.ended(engine.redrive(first.executionId()).start());
            assertThat(second.output(each)).containsExactly(10, 20, 30, 40);
            assertThat(calls).containsExactly(3, 4);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("S42 what is to run at most once runs again for items that failed only if somebody asks for these")
    void at_most_once(Keeping keeping) {
        MapRef<Integer> each = f.map(
                        "each",
                        numbers,
                        n -> f.node("tenfold", n, this::tenfold)
                                .returns(Integer.class)
                                .atMostOnce())
                .concurrency(1);
        Flow flow = f.build();
        broken.add(2);
        try (FlowEngine engine = keeping.engine()) {
            String failed = run(engine, flow, List.of(1, 2, 3)).executionId();
            mend();
            assertThatExceptionOfType(FlowException.class)
                    .isThrownBy(() -> engine.redrive(failed).start())
                    .satisfies(
                            refusal -> assertThat(refusal.suggestedResolution()).contains("failedItems(…)"));
            ExecutionResult end =
                    Runs.ended(engine.redrive(failed).failedItems(each).start());
            assertThat(end.output(each)).containsExactly(10, 20, 30);
            assertThat(calls).containsExactly(2, 3);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a flow that redrives itself runs the items that did not complete")
    void by_itself(Keeping keeping) {
        f.redrive(RedrivePolicy.upTo(1, Duration.ofMillis(1)));
        f.map("each", numbers, n -> f.node("tenfold", n, this::tenfold).returns(Integer.class))
                .concurrency(1);
        Flow flow = f.build();
        broken.add(2);
        try (FlowEngine engine = keeping.engine()) {
            HistoryQuery redrives = HistoryQuery.all()
                    .redriveOf(run(engine, flow, List.of(1, 2, 3)).executionId());
            await().atMost(Runs.PATIENCE)
                    .until(() -> !engine.history(redrives).executions().isEmpty());
            String id = engine.history(redrives).executions().get(0).executionId();
            ExecutionResult last = Runs.ended(engine.find(id).orElseThrow());
            assertThat(last.snapshot().reusedItems("each")).containsExactly(1);
            assertThat(last.snapshot().items("each")).contains(new ItemCounts(OptionalInt.of(3), 1, 1, 0, 1));
            assertThat(calls).containsExactly(1, 2, 2);
        }
    }

    @Test
    @DisplayName("only maps that lie in no body have failed items to be asked for")
    void no_such_map() {
        MapRef<Integer> each = oneByOne();
        f.node("report", each, String::valueOf).returns(String.class);
        Flow flow = f.build();
        broken.add(1);
        try (FlowEngine engine = Engines.create()) {
            Redrive redrive = engine.redrive(run(engine, flow, List.of(1)).executionId());
            assertThatExceptionOfType(FlowException.class)
                    .isThrownBy(() -> redrive.failedItems("report"))
                    .satisfies(refusal -> assertThat(refusal.kind()).isEqualTo(FailureKind.INVALID_DEFINITION))
                    .withMessageContaining("'report'")
                    .withMessageContaining("is no map");
            assertThatExceptionOfType(FlowException.class)
                    .isThrownBy(() -> redrive.failedItems("nowhere"))
                    .satisfies(refusal -> assertThat(refusal.kind()).isEqualTo(FailureKind.NOT_FOUND));
        }
    }

    private void cancelled(String executionId) {
        if (cancelling != null) {
            cancelling.cancel(executionId, "on purpose");
        }
    }

    private static String told(List<Integer> all, MapSummary summary) {
        return all + " of " + summary.items() + ", failed "
                + summary.failures().stream().map(failed -> failed.item()).toList();
    }
}
