package dev.flowengine.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.BranchRef;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.PortValues;
import dev.flowengine.node.RunOptions;
import dev.flowengine.testing.Engines;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Outputs of nodes that are not part of a run, given to it all the same. */
class SuppliedOutputsTest {
    private final FlowBuilder f = Flow.builder("prices");
    private final TriggerRef<Integer> item = f.trigger("item", Integer.class);
    private final NodeRef<Integer> price = f.node("price", item, n -> n * 10).returns(Integer.class);
    private final NodeRef<Integer> rate = f.node("rate", item, n -> n + 1).returns(Integer.class);
    private final NodeRef<Integer> total =
            f.node("total", price, rate, (p, r) -> p * r).returns(Integer.class);
    private final BranchRef<Integer> size =
            f.branch("size", total).when("big", n -> n >= 1_000).otherwise("small");
    private final NodeRef<String> big = f.node("big", size.on("big"), n -> "big " + n);
    private final NodeRef<String> small = f.node("small", size.on("small"), n -> "small " + n);
    private final NodeRef<String> label =
            f.node("label", f.merge("either", big, small), rate, (text, r) -> text + " at " + r);

    @Test
    @DisplayName("S2 S18 a pin supplies a source that is out of scope")
    void a_pin_supplies_a_source_out_of_scope() {
        Flow flow = f.build();
        RunOptions options = RunOptions.builder().pin(rate, 7).build();
        try (FlowEngine engine = Engines.create()) {
            ExecutionResult result =
                    Runs.ended(engine.executeFromNode(flow, "price", PortValues.of("main", 2), options));

            assertThat(result.output(total)).isEqualTo(140);
            assertThat(result.output(label)).isEqualTo("small 140 at 7");
            assertThat(result.executionPath()).doesNotContain("rate", "item");
            assertThat(result.snapshot().plan().supplied()).containsExactly("rate");
        }
    }

    @Test
    @DisplayName("S2 outputsFrom supplies what an earlier execution put out, and a pin wins over it")
    void outputs_from_an_earlier_execution_are_supplied() {
        Flow flow = f.build();
        try (FlowEngine engine = Engines.create()) {
            ExecutionResult earlier = Runs.ended(engine.executeFromTrigger(flow, item, 3));
            RunOptions.Builder options = RunOptions.builder().outputsFrom(earlier.executionId());
            PortValues input = PortValues.of("main", 100);

            ExecutionResult result = Runs.ended(engine.executeFromNode(flow, "price", input, options.build()));
            assertThat(result.output(label)).isEqualTo("big 4000 at 4");

            ExecutionResult pinned = Runs.ended(engine.executeFromNode(
                    flow, "price", input, options.pin(rate, 5).build()));
            assertThat(pinned.output(label)).isEqualTo("big 5000 at 5");
        }
    }

    @Test
    @DisplayName("S2 S9 a port that did not fire in the earlier execution is not taken in the new one")
    void a_port_that_did_not_fire_is_not_taken() {
        NodeRef<Integer> go = f.node("go", item, n -> n);
        NodeRef<Integer> note = f.node("note", size.on("big"), go, Integer::sum);
        Flow noting = f.build();
        try (FlowEngine engine = Engines.create()) {
            String chosenSmall =
                    Runs.ended(engine.executeFromTrigger(noting, item, 3)).executionId();
            String chosenBig =
                    Runs.ended(engine.executeFromTrigger(noting, item, 100)).executionId();

            ExecutionResult small = Runs.ended(engine.executeFromNode(
                    noting,
                    "go",
                    PortValues.of("main", 1),
                    RunOptions.builder().outputsFrom(chosenSmall).build()));
            ExecutionResult big = Runs.ended(engine.executeFromNode(
                    noting,
                    "go",
                    PortValues.of("main", 1),
                    RunOptions.builder().outputsFrom(chosenBig).build()));

            assertThat(Runs.states(small)).containsEntry("note", "SKIPPED(BRANCH_NOT_TAKEN)");
            assertThat(big.output(note)).isEqualTo(101_001);
        }
    }

    @Test
    @DisplayName("S2 outputs can be taken only from an ended execution of the same flow that is still kept")
    void outputs_can_be_taken_only_from_a_kept_execution_of_the_flow() {
        Flow flow = f.build();
        Flow other = Flow.definition("other").trigger("t").build();
        try (FlowEngine engine = Engines.create()) {
            String foreign =
                    Runs.ended(engine.executeFromTrigger(other, "t", 1)).executionId();

            assertThatExceptionOfType(FlowException.class)
                    .isThrownBy(() -> startWithOutputsFrom(engine, flow, "nobody"))
                    .withMessage("there is no execution nobody in the archive")
                    .satisfies(refusal -> assertThat(refusal.kind()).isEqualTo(FailureKind.NOT_FOUND));
            assertThatExceptionOfType(FlowException.class)
                    .isThrownBy(() -> startWithOutputsFrom(engine, flow, foreign))
                    .withMessageContainingAll("flow 'prices' cannot take outputs", foreign, "flow 'other'");
        }
    }

    @Test
    @DisplayName("S2 outputs of an execution that still runs cannot be taken")
    void outputs_of_a_running_execution_cannot_be_taken() {
        CountDownLatch release = new CountDownLatch(1);
        FlowBuilder slow = Flow.builder("prices");
        slow.action("slow", slow.trigger("item", Integer.class), n -> Runs.awaitOpen(release));
        Flow blocked = slow.build();
        Flow flow = f.build();
        try (FlowEngine engine = Engines.create()) {
            FlowExecution run = engine.executeFromTrigger(blocked, "item", 1);

            assertThatExceptionOfType(FlowException.class)
                    .isThrownBy(() -> startWithOutputsFrom(engine, flow, run.id()))
                    .withMessageContainingAll(run.id(), "has not ended")
                    .satisfies(refusal -> assertThat(refusal.kind()).isEqualTo(FailureKind.INVALID_FLOW_STATE));
            release.countDown();
            Runs.ended(run);
        }
    }

    @Test
    @DisplayName("S2 outputs of nodes that a newer version of the flow does not have any more are left out")
    void nodes_that_are_gone_do_not_matter() {
        FlowBuilder old = Flow.builder("grown");
        TriggerRef<Integer> t = old.trigger("t", Integer.class);
        NodeRef<Integer> kept = old.node("kept", t, n -> n + 1).returns(Integer.class);
        old.node("gone", t, n -> n);
        FlowBuilder newer = Flow.builder("grown").version("2");
        TriggerRef<Integer> u = newer.trigger("t", Integer.class);
        NodeRef<Integer> keptToo = newer.node("kept", u, n -> n + 1).returns(Integer.class);
        NodeRef<Integer> other = newer.node("other", u, n -> n);
        NodeRef<Integer> sum = newer.node("sum", keptToo, other, Integer::sum);
        try (FlowEngine engine = Engines.create()) {
            ExecutionResult earlier = Runs.ended(engine.executeFromTrigger(old.build(), t, 1));
            assertThat(earlier.output(kept)).isEqualTo(2);

            RunOptions options =
                    RunOptions.builder().outputsFrom(earlier.executionId()).build();
            ExecutionResult result = Runs.ended(engine.executeFromNode(newer.build(), other, 10, options));

            assertThat(result.output(sum)).isEqualTo(12);
        }
    }

    private static void startWithOutputsFrom(FlowEngine engine, Flow flow, String executionId) {
        RunOptions options = RunOptions.builder().outputsFrom(executionId).build();
        engine.executeFromNode(flow, "price", PortValues.of("main", 1), options);
    }
}
