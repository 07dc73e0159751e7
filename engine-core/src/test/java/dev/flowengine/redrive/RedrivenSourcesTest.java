package dev.flowengine.redrive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.Redrive;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.MapRef;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowError;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.Items;
import dev.flowengine.node.Output;
import dev.flowengine.node.Tolerance;
import dev.flowengine.plan.Rerun;
import dev.flowengine.testing.Engines;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName(
        "S29 S33 a redrive takes over items of a map only where it is given the same ones, and does the same to them")
@Timeout(60)
class RedrivenSourcesTest extends RedrivenMap {
    @ParameterizedTest
    @EnumSource
    @DisplayName("where what the map is given is decided anew, or the map or its body was named, all items run")
    void wholly(Keeping keeping) {
        NodeRef<List<Integer>> prepare = f.node("prepare", numbers, all -> all).returns(NUMBERS);
        NodeRef<Integer> factor = f.node("factor", numbers, all -> 10).returns(Integer.class);
        MapRef<Integer> each = f.map("each", prepare, n -> {
                    NodeRef<Integer> called =
                            f.node("called", n, v -> tenfold(v) / 10).returns(Integer.class);
                    return f.node("times", called, factor, (v, by) -> v * by).returns(Integer.class);
                })
                .concurrency(1);
        Flow flow = f.build();
        broken.add(3);
        try (FlowEngine engine = keeping.engine()) {
            String failed = run(engine, flow, List.of(1, 2, 3)).executionId();
            mend();
            assertThat(why(engine.redrive(failed).from("prepare"))).isEqualTo("something it depends on runs again");
            assertThat(why(engine.redrive(failed).from("factor"))).isEqualTo("something it depends on runs again");
            assertThat(why(engine.redrive(failed).from("each"))).isEqualTo("it was asked for");
            assertThat(why(engine.redrive(failed).from("times"))).isEqualTo("'times' runs again: it was asked for");
            Redrive edited = engine.redrive(failed).from(prepare, List.of(7, 8));
            assertThat(edited.plan().describe())
                    .contains("'each' runs from its first item on: something it depends on runs again");
            assertThat(Runs.ended(edited.start()).output(each)).containsExactly(70, 80);
            assertThat(calls).containsExactly(7, 8);
        }
    }

    @Test
    @DisplayName("where the list has another length by now, all items run, and the plan says so")
    void another_length() {
        MapRef<Integer> each = oneByOne();
        Flow flow = f.build();
        broken.add(2);
        List<Integer> changing = new ArrayList<>(List.of(1, 2, 3));
        try (FlowEngine engine = Engines.create()) {
            String failed = run(engine, flow, changing).executionId();
            mend();
            changing.add(4);
            Redrive redrive = engine.redrive(failed);
            assertThat(why(redrive)).isEqualTo("it is given 4 items where it was given 3");
            assertThat(Runs.ended(redrive.start()).output(each)).containsExactly(10, 20, 30, 40);
            assertThat(calls).containsExactly(1, 2, 3, 4);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a source that is opened again and is shorter than it was fails the map, and says what can be done")
    void a_source_that_differs(Keeping keeping) {
        AtomicInteger most = new AtomicInteger(4);
        MapRef<Integer> each = f.<List<Integer>, Integer, Integer>mapOver(
                        "each", numbers, all -> Items.of(all.subList(0, most.get())), item -> {
                            item.returns(Integer.class);
                            return f.node("tenfold", item, this::tenfold).returns(Integer.class);
                        })
                .concurrency(1);
        Flow flow = f.build();
        broken.add(3);
        try (FlowEngine engine = keeping.engine()) {
            String failed = run(engine, flow, List.of(1, 2, 3, 4)).executionId();
            mend();
            most.set(3);
            ExecutionResult second = Runs.ended(engine.redrive(failed).start());
            FlowError error = Runs.node(second, "each").failure().orElseThrow();
            assertThat(error.kind()).isEqualTo(FailureKind.INVALID_FLOW_STATE);
            assertThat(error.message()).contains("has 3 items where it had 4 items");
            assertThat(error.suggestedResolution()).contains("from(…)");
            assertThat(calls).isEmpty();
            ExecutionResult third =
                    Runs.ended(engine.redrive(second.executionId()).from(each).start());
            assertThat(third.output(each)).containsExactly(10, 20, 30);
            assertThat(calls).containsExactly(1, 2, 3);
        }
    }

    @Test
    @DisplayName("with a store, a source that yields another item than it did fails the map, and names the item")
    void another_item() {
        AtomicInteger first = new AtomicInteger(1);
        f.<List<Integer>, Integer, Integer>mapOver(
                        "each",
                        numbers,
                        all -> Items.of(IntStream.rangeClosed(first.get(), 4).boxed()),
                        item -> {
                            item.returns(Integer.class);
                            return f.node("tenfold", item, this::tenfold).returns(Integer.class);
                        })
                .concurrency(1);
        Flow flow = f.build();
        broken.add(3);
        try (FlowEngine engine = Keeping.IN_STORE.engine()) {
            String failed = run(engine, flow, List.of()).executionId();
            mend();
            first.set(0);
            ExecutionResult second = Runs.ended(engine.redrive(failed).start());
            FlowError error = Runs.node(second, "each").failure().orElseThrow();
            assertThat(error.kind()).isEqualTo(FailureKind.INVALID_FLOW_STATE);
            assertThat(error.message()).contains("has another item 1");
            assertThat(calls).isEmpty();
        }
    }

    @Test
    @DisplayName(
            "another edition of the flow takes items over, at another concurrency too, unless the body is another one")
    void another_edition() {
        try (FlowEngine engine = Keeping.IN_STORE.engine()) {
            broken.add(4);
            String failed =
                    run(engine, edition("1", 3, false), List.of(1, 2, 3, 4, 5)).executionId();
            mend();
            assertThat(why(engine.redrive(failed, edition("2", 2, true)))).contains("'tenfold' runs again");
            Redrive redrive = engine.redrive(failed, edition("3", 1, false));
            assertThat(redrive.plan().items())
                    .singleElement()
                    .satisfies(items -> assertThat(items.reused()).isGreaterThan(0));
            ExecutionResult end = Runs.ended(redrive.start());
            assertThat(end.outputs("each").asMap()).containsEntry("done", List.of(10, 20, 30, 40, 50));
            assertThat(end.snapshot().reusedItems("each")).isNotEmpty().doesNotContainAnyElementsOf(calls);
            assertThat(calls).contains(4);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "LOOP,IN_MEMORY",
        "LOOP,IN_STORE",
        "NODE,IN_MEMORY",
        "NODE,IN_STORE",
        "INNER,IN_MEMORY",
        "INNER,IN_STORE"
    })
    @DisplayName("another edition in which a map is what was a loop, a node or a map in a loop runs all of its items")
    void was_no_such_map(Was was, Keeping keeping) {
        try (FlowEngine engine = keeping.engine()) {
            broken.add(2);
            String failed = run(engine, before(was), List.of(1, 2, 3)).executionId();
            mend();
            Redrive redrive = engine.redrive(failed, edition("2", 1, false)).failedItems("each");
            assertThat(redrive.plan().items())
                    .allSatisfy(items -> assertThat(items.wholly()).isPresent());
            assertThat(redrive.plan().reasons()).contains(new Rerun("each", Rerun.Cause.CHANGED, List.of()));
            ExecutionResult end = Runs.ended(redrive.start());
            assertThat(end.outputs("each").asMap()).containsEntry("done", List.of(10, 20, 30));
            assertThat(calls).containsExactly(1, 2, 3);
        }
    }

    /** What a node was in an edition before. */
    enum Was {
        LOOP,
        NODE,
        INNER
    }

    private Flow before(Was was) {
        FlowBuilder g = Flow.builder("orders").version("1");
        TriggerRef<List<Integer>> given = g.trigger("numbers", NUMBERS);
        switch (was) {
            case LOOP ->
                g.loop("each", given, n -> g.node("tenfold", n, this::tenfold).returns(Integer.class));
            case NODE ->
                g.node("each", given, all -> all.stream().map(this::tenfold).toList())
                        .returns(NUMBERS);
            case INNER ->
                g.loopInBatches(
                        "outer",
                        given,
                        2,
                        batch -> g.map(
                                        "each",
                                        batch,
                                        n -> g.node("tenfold", n, this::tenfold).returns(Integer.class))
                                .concurrency(1));
        }
        return g.build();
    }

    @Test
    @DisplayName("S46 in memory, a flow that lets go of outputs keeps no items: the map runs from its first one")
    void released() {
        f.releaseOutputs();
        oneByOne();
        Flow flow = f.build();
        broken.add(2);
        try (FlowEngine engine = Engines.create()) {
            String failed = run(engine, flow, List.of(1, 2, 3)).executionId();
            mend();
            Redrive redrive = engine.redrive(failed);
            assertThat(why(redrive)).isEqualTo("what its items have brought back is not kept");
            assertThat(Runs.ended(redrive.start()).status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(calls).containsExactly(1, 2, 3);
        }
    }

    @Test
    @DisplayName(
            "S42 S46 asking for failed items is not enough where nothing is kept: items that have completed would run again")
    void at_most_once_released() {
        f.releaseOutputs();
        MapRef<Integer> each = atMostOnce(numbers);
        Flow flow = f.build();
        broken.add(2);
        try (FlowEngine engine = Engines.create()) {
            String first = run(engine, flow, List.of(1, 2, 3)).executionId();
            mend();
            Redrive redrive = engine.redrive(first).failedItems(each);
            assertNotEnough(redrive);
            assertThat(Runs.ended(redrive.from("tenfold").start()).status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(calls).containsExactly(1, 2, 3);
        }
    }

    @Test
    @DisplayName("S42 nor is it where the map is given something else, but it is where only those items run")
    void at_most_once_wholly() {
        MapRef<Integer> each = atMostOnce(f.node("prepare", numbers, all -> all).returns(NUMBERS));
        Flow flow = f.build();
        broken.add(2);
        List<Integer> changing = new ArrayList<>(List.of(1, 2, 3));
        try (FlowEngine engine = Engines.create()) {
            String first = run(engine, flow, changing).executionId();
            mend();
            assertNotEnough(engine.redrive(first).from("prepare").failedItems(each));
            changing.add(4);
            assertNotEnough(engine.redrive(first).failedItems(each));
            changing.remove(3);
            Runs.ended(engine.redrive(first).failedItems(each).start());
            assertThat(calls).containsExactly(2);
        }
    }

    private MapRef<Integer> atMostOnce(Output<List<Integer>> given) {
        return f.map(
                        "each",
                        given,
                        n -> f.node("tenfold", n, this::tenfold)
                                .returns(Integer.class)
                                .atMostOnce())
                .concurrency(1)
                .tolerate(Tolerance.ofFailures(1));
    }

    private void assertNotEnough(Redrive redrive) {
        assertThatExceptionOfType(FlowException.class)
                .isThrownBy(redrive::start)
                .withMessageContaining("at most once: tenfold")
                .satisfies(refusal -> assertThat(refusal.kind()).isEqualTo(FailureKind.INVALID_FLOW_STATE))
                .satisfies(refusal -> assertThat(refusal.suggestedResolution())
                        .contains("not enough to ask for failed items: 'each' runs from its first item on"));
        assertThat(calls).isEmpty();
    }

    private Flow edition(String version, int concurrency, boolean otherBody) {
        FlowBuilder g = Flow.builder("orders").version(version);
        TriggerRef<List<Integer>> given = g.trigger("numbers", NUMBERS);
        g.map("each", given, n -> {
                    NodeRef<Integer> tenfold =
                            g.node("tenfold", n, this::tenfold).returns(Integer.class);
                    return otherBody ? tenfold.allSuccess() : tenfold;
                })
                .concurrency(concurrency);
        return g.build();
    }

    private static String why(Redrive redrive) {
        assertThat(redrive.plan().items()).hasSize(1);
        return redrive.plan().items().get(0).wholly().orElse("");
    }
}
