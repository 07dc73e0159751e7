package dev.flowengine.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.InputSpec;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.graph.JoinRule;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.node.Input;
import dev.flowengine.testing.Engines;
import dev.flowengine.testing.NeedsOverlap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class LateArrivalTest {

    @Test
    @NeedsOverlap
    @DisplayName("S12 what arrives after an early join has fired is not seen through the execution context either")
    void a_late_arrival_stays_undecided_for_the_node() {
        CountDownLatch joined = new CountDownLatch(1);
        CountDownLatch late = new CountDownLatch(1);
        FlowBuilder f = Flow.builder("early");
        TriggerRef<Integer> t = f.trigger("t", Integer.class);
        NodeRef<Integer> quick = f.node("quick", t, n -> n);
        NodeRef<Integer> slow = f.node("slow", t, n -> {
            Runs.awaitOpen(joined);
            return -n;
        });
        NodeRef<Object> first =
                f.contextNode("first", InputSpec.of(quick, slow).join(JoinRule.ANY_SUCCESS), (inputs, context) -> {
                    joined.countDown();
                    Runs.awaitOpen(late);
                    return context.execution().output(slow);
                });
        try (FlowEngine engine = Engines.create()) {
            FlowExecution run = engine.executeFromTrigger(f.build(), t, 1);
            Runs.awaitNode(run, "slow", NodeStatus.COMPLETED);
            late.countDown();
            ExecutionResult result = Runs.ended(run);

            assertThat(((Input<?>) result.output(first)).absence()).contains(Input.Absence.NOT_DECIDED);
            assertThat(result.output(slow)).isEqualTo(-1);
        }
    }
}
