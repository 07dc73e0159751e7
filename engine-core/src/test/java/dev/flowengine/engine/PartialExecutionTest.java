package dev.flowengine.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.entry;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.LoopRef;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.graph.Connection;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.PortValues;
import dev.flowengine.node.RunOptions;
import dev.flowengine.node.TypeRef;
import dev.flowengine.plan.ExecutionPlan;
import dev.flowengine.plan.Start;
import dev.flowengine.testing.Engines;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Parts of a flow, run with what an earlier execution has put out. */
class PartialExecutionTest {
    private final FlowEngine engine = Engines.create();

    /** t leads to a and b, both to the ports of d; d to e, which t feeds too. */
    private final Flow flow = Flow.definition("part")
            .trigger("t")
            .add(Nodes.tracing("a"))
            .add(Nodes.tracing("b"))
            .add(Nodes.pair("d"))
            .add(Nodes.collecting("e"))
            .connect("t", "a")
            .connect("t", "b")
            .connect(new Connection("a", "main", "d", "left"))
            .connect(new Connection("b", "main", "d", "right"))
            .connect("d", "e")
            .connect("t", "e")
            .build();

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    @DisplayName("S2 a node that is given no input takes what it received in the earlier execution")
    void a_node_takes_its_input_from_an_earlier_execution() {
        ExecutionResult result = from("d", PortValues.none(), outputsOf("1"));

        assertThat(result.executionPath()).containsExactly("d", "e");
        assertThat(result.output("d", String.class)).isEqualTo("1>a+1>b");
        assertThat(result.output("e", Object.class)).isEqualTo(List.of("1>a+1>b", "1"));
    }

    @Test
    @DisplayName("S2 what is given by hand wins, port by port, over a pin, and a pin over the earlier execution")
    void what_is_given_by_hand_wins() {
        RunOptions options =
                outputsOf("1").toBuilder().pin("b", "main", "pinned").build();

        assertThat(from("d", PortValues.none(), options).output("d", String.class))
                .isEqualTo("1>a+pinned");
        assertThat(from("d", PortValues.of("right", "hand"), options).output("d", String.class))
                .isEqualTo("1>a+hand");
    }

    @Test
    @DisplayName("S2 S15 a collecting port takes all that was fired into it, in declaration order")
    void a_collecting_port_takes_all() {
        assertThat(from("e", PortValues.none(), outputsOf("1")).output("e", Object.class))
                .isEqualTo(List.of("1>a+1>b", "1"));
    }

    @Test
    @DisplayName("S3 a node alone takes its input from an earlier execution too")
    void a_node_alone_takes_its_input_from_an_earlier_execution() {
        ExecutionResult result = Runs.ended(engine.executeNode(flow, "d", PortValues.none(), outputsOf("1")));

        assertThat(result.executionPath()).containsExactly("d");
        assertThat(result.output("d", String.class)).isEqualTo("1>a+1>b");
    }

    @Test
    @DisplayName("S2 one part after another: outputs that were supplied to the earlier execution are supplied on")
    void parts_can_be_run_one_after_another() {
        ExecutionResult first = from("d", PortValues.of("left", "L"), outputsOf("1"));
        RunOptions second =
                RunOptions.builder().outputsFrom(first.executionId()).build();

        assertThat(from("e", PortValues.none(), second).output("e", Object.class))
                .isEqualTo(List.of("L+1>b", "1"));
    }

    @Test
    @DisplayName("S2 S5 a required port that neither a hand nor the earlier execution feeds is refused")
    void a_port_that_nothing_feeds_is_refused() {
        String earlier = Runs.ended(engine.executeFromTrigger(
                        flow, "t", "1", RunOptions.builder().upTo("a").build()))
                .executionId();
        RunOptions options = RunOptions.builder().outputsFrom(earlier).build();

        assertThatExceptionOfType(FlowException.class)
                .isThrownBy(() -> engine.executeFromNode(flow, "d", PortValues.none(), options))
                .withMessageContaining("node 'd' needs a value on its input port 'right'")
                .satisfies(refusal -> {
                    assertThat(refusal.kind()).isEqualTo(FailureKind.MISSING_DEPENDENCY);
                    assertThat(refusal.suggestedResolution()).contains("outputsFrom");
                });
    }

    @Test
    @DisplayName("S4 before(target) runs everything the target needs, and not the target")
    void before_runs_what_the_target_needs() {
        ExecutionResult result = Runs.ended(engine.executeFromTrigger(flow, "t", "1", before("d")));

        assertThat(Runs.states(result))
                .containsExactly(entry("a", "COMPLETED"), entry("b", "COMPLETED"), entry("t", "COMPLETED"));
        assertThat(result.snapshot().explain("d")).contains("the execution stops before it");
        assertThat(RunOptions.builder().upTo("a").before("d").build().upTo()).isEmpty();
        assertThat(RunOptions.builder().before("d").upTo("a").build().before()).isEmpty();
    }

    @Test
    @DisplayName(
            "S4 a target before which nothing runs is refused, and one that is not there is told from those that are")
    void a_target_before_which_nothing_runs_is_refused() {
        assertThatExceptionOfType(FlowException.class)
                .isThrownBy(() -> engine.executeFromTrigger(flow, "t", "1", before("t")))
                .withMessage("flow 'part': nothing runs from 't' before 't'")
                .satisfies(refusal -> assertThat(refusal.affectedNodes()).contains("t"));
        assertThatExceptionOfType(FlowException.class)
                .isThrownBy(() -> engine.plan(flow, Start.trigger("t"), before("dd")))
                .withMessageContaining("has no node 'dd'")
                .satisfies(refusal -> assertThat(refusal.kind()).isEqualTo(FailureKind.NOT_FOUND));
    }

    @Test
    @DisplayName("S4 of a large flow an unknown id is answered by the nearest ones")
    void of_a_large_flow_the_nearest_ids_are_named() {
        var definition = Flow.definition("large").trigger("t");
        IntStream.range(0, 40)
                .forEach(n -> definition.add(Nodes.tracing("step-" + n)).connect("t", "step-" + n));
        Flow large =
                definition.add(Nodes.tracing("invoice")).connect("t", "invoice").build();

        assertThatExceptionOfType(FlowException.class)
                .isThrownBy(() -> engine.plan(large, Start.fromNode("invioce"), RunOptions.ofDefaults()))
                .withMessageStartingWith(
                        "flow 'large' has no node 'invioce'; the nearest are invoice; its nodes are t,");
    }

    @Test
    @DisplayName("S7 S18 a plan shows what is pinned, what is supplied and what runs")
    void a_plan_shows_what_is_pinned_and_what_runs() {
        RunOptions options =
                outputsOf("1").toBuilder().pin("e", "main", "pinned").build();
        ExecutionPlan plan = engine.plan(flow, Start.fromNode("d"), options);
        ExecutionResult result = from("d", PortValues.none(), options);

        assertThat(plan.pinned()).containsExactly("e");
        assertThat(plan.supplied()).containsExactly("t", "a", "b");
        assertThat(plan.running()).containsExactly("d");
        assertThat(plan.entry()).isEqualTo("d");
        assertThat(result.snapshot().plan()).isEqualTo(plan);
    }

    @Test
    @DisplayName("S2 S31 a start in the body of a loop begins with the outermost loop, fed by the earlier execution")
    void a_start_in_a_body_begins_with_the_loop() {
        FlowBuilder f = Flow.builder("nested");
        TriggerRef<List<List<Integer>>> rows = f.trigger("rows", new TypeRef<List<List<Integer>>>() {});
        NodeRef<Integer> ten = f.node("ten", rows, any -> 10).returns(Integer.class);
        LoopRef<Integer> sums = f.loop("each-row", rows, row -> {
            LoopRef<Integer> cells =
                    f.loop("each-cell", row, cell -> f.node("times", cell, ten, (n, factor) -> n * factor));
            return f.node("sum", cells, all -> all.stream().mapToInt(n -> n).sum());
        });
        NodeRef<Integer> total =
                f.node("total", sums, all -> all.stream().mapToInt(n -> n).sum());
        Flow nested = f.build();
        String earlier = Runs.ended(engine.executeFromTrigger(nested, rows, List.of(List.of(1, 2), List.of(3))))
                .executionId();
        RunOptions options = RunOptions.builder().outputsFrom(earlier).build();

        ExecutionPlan plan = engine.plan(nested, Start.fromNode("times"), options);
        ExecutionResult result = Runs.ended(engine.executeFromNode(nested, "times", PortValues.none(), options));

        assertThat(plan.entry()).isEqualTo("each-row");
        assertThat(plan.describe())
                .contains("start: FROM_NODE 'times', which lies in the body of loop 'each-row': it begins");
        assertThat(plan.supplied()).containsExactly("rows", "ten");
        assertThat(plan.scope()).containsExactly("each-row", "each-cell", "times", "sum", "total");
        assertThat(result.snapshot().plan()).isEqualTo(plan);
        assertThat(result.output(total)).isEqualTo(60);
        assertThat(result.output(sums)).containsExactly(30, 30);
        assertThat(result.snapshot().explain("each-row")).contains("COMPLETED");

        assertThatExceptionOfType(FlowException.class)
                .isThrownBy(() -> engine.executeFromNode(nested, "times", PortValues.of("each-cell", 1), options))
                .withMessageContainingAll("'times'", "body of loop 'each-row'", "cannot be given an input")
                .satisfies(refusal -> assertThat(refusal.suggestedResolution()).contains("PortValues.none()"));
        assertThatExceptionOfType(FlowException.class)
                .isThrownBy(() -> engine.executeFromNode(nested, "sum", PortValues.none(), RunOptions.ofDefaults()))
                .satisfies(refusal -> assertThat(refusal.kind()).isEqualTo(FailureKind.MISSING_DEPENDENCY));

        ExecutionResult cut = Runs.ended(engine.executeFromTrigger(nested, rows, List.of(List.of(1)), before("times")));
        assertThat(Runs.states(cut)).containsExactly(entry("rows", "COMPLETED"), entry("ten", "COMPLETED"));
    }

    private ExecutionResult from(String node, PortValues input, RunOptions options) {
        return Runs.ended(engine.executeFromNode(flow, node, input, options));
    }

    private RunOptions outputsOf(Object data) {
        String earlier = Runs.ended(engine.executeFromTrigger(flow, "t", data)).executionId();
        return RunOptions.builder().outputsFrom(earlier).build();
    }

    private static RunOptions before(String target) {
        return RunOptions.builder().before(target).build();
    }
}
