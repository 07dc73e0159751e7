package dev.flowengine.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.PortValues;
import dev.flowengine.node.RunOptions;
import dev.flowengine.plan.Start;
import dev.flowengine.testing.Engines;
import dev.flowengine.testing.WithThreads;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class StartFromNodeTest {
    private final AtomicInteger calls = new AtomicInteger();
    private final FlowBuilder f = Flow.builder("sums");
    private final TriggerRef<Integer> one = f.trigger("one", Integer.class);
    private final TriggerRef<Integer> two = f.trigger("two", Integer.class);
    private final NodeRef<Integer> twice =
            f.node("twice", one, n -> count(2 * n)).returns(Integer.class);
    private final NodeRef<Integer> sum =
            f.node("sum", twice, two, (a, b) -> count(a + b)).returns(Integer.class);
    private final NodeRef<Integer> next = f.node("next", sum, n -> count(n + 1)).returns(Integer.class);
    private final Flow flow = f.build();

    private int count(int value) {
        calls.incrementAndGet();
        return value;
    }

    @WithThreads
    @DisplayName("S2 a run from a node keeps the input it is given and cuts what leads to the node")
    void a_run_from_a_node_keeps_its_input(int threads) {
        Flow chain = Flow.definition("chain")
                .trigger("t")
                .add(Nodes.tracing("a"))
                .add(Nodes.tracing("b"))
                .add(Nodes.tracing("c"))
                .connect("t", "a")
                .connect("a", "b")
                .connect("t", "b")
                .connect("b", "c")
                .build();
        try (FlowEngine engine = Engines.withThreads(threads)) {
            for (int i = 0; i < 100; i++) {
                PortValues given = PortValues.of("main", "given" + i);
                ExecutionResult result = Runs.ended(engine.executeFromNode(chain, "b", given, RunOptions.ofDefaults()));

                assertThat(result.status()).isEqualTo(ExecutionStatus.COMPLETED);
                assertThat(result.executionPath()).containsExactly("b", "c");
                assertThat(result.output("c", String.class)).isEqualTo("given" + i + ">b>c");
                assertThat(result.snapshot().node("a")).isEmpty();
            }
        }
    }

    @Test
    @DisplayName("S2 one value is enough for a node with one port, null included")
    void one_value_is_enough_for_one_port() {
        try (FlowEngine engine = Engines.create()) {
            assertThat(Runs.ended(engine.executeFromNode(flow, next, 41)).output(next))
                    .isEqualTo(42);
            assertThat(Runs.ended(engine.executeFromNode(flow, next, null)).status())
                    .as("the body fails on null, but the start is legal")
                    .isEqualTo(ExecutionStatus.FAILED);
        }
    }

    @Test
    @DisplayName("S2 a node with two ports takes a value for each")
    void a_node_with_two_ports_takes_a_value_for_each() {
        PortValues input = PortValues.of("twice", 20).and("two", 2);
        try (FlowEngine engine = Engines.create()) {
            ExecutionResult result = Runs.ended(engine.executeFromNode(flow, "sum", input, RunOptions.ofDefaults()));

            assertThat(result.output(next)).isEqualTo(23);
            assertThat(result.executionPath()).containsExactly("sum", "next");
        }
    }

    @Test
    @DisplayName("S2 one value for a node with two ports is refused, naming the ports")
    void one_value_for_two_ports_is_refused() {
        try (FlowEngine engine = Engines.create()) {
            assertThatExceptionOfType(FlowException.class)
                    .isThrownBy(() -> engine.executeFromNode(flow, sum, 1))
                    .withMessage("flow 'sums': node 'sum' is given one value, but has 2 input ports: twice, two")
                    .satisfies(
                            refusal -> assertThat(refusal.suggestedResolution()).contains("PortValues"));
        }
        assertThat(calls).hasValue(0);
    }

    @Test
    @DisplayName("S2 a value that does not fit the type of the port is refused before anything runs")
    void a_value_of_the_wrong_type_is_refused() {
        try (FlowEngine engine = Engines.create()) {
            assertThatExceptionOfType(FlowException.class)
                    .isThrownBy(() -> engine.executeFromNode(flow, next, "41"))
                    .withMessageContainingAll("'next'", "'main'", "java.lang.String", "java.lang.Integer")
                    .satisfies(refusal -> assertThat(refusal.kind()).isEqualTo(FailureKind.INVALID_DEFINITION));
        }
        assertThat(calls).hasValue(0);
    }

    @Test
    @DisplayName("S2 a value for a port the node does not have is refused, naming its ports")
    void a_value_for_an_unknown_port_is_refused() {
        PortValues input = PortValues.of("twice", 1).and("too", 2);
        try (FlowEngine engine = Engines.create()) {
            assertThatExceptionOfType(FlowException.class)
                    .isThrownBy(() -> engine.executeFromNode(flow, "sum", input, RunOptions.ofDefaults()))
                    .withMessageContaining("node 'sum' has no input port 'too'; it has twice, two");
        }
    }

    @Test
    @DisplayName("S2 S5 a required port that is given nothing is refused; unchecked, the node is skipped")
    void a_required_port_without_a_value_is_refused() {
        PortValues input = PortValues.of("twice", 1);
        try (FlowEngine engine = Engines.create()) {
            assertThatExceptionOfType(FlowException.class)
                    .isThrownBy(() -> engine.executeFromNode(flow, "sum", input, RunOptions.ofDefaults()))
                    .withMessageContaining("node 'sum' needs a value on its input port 'two'")
                    .satisfies(refusal -> assertThat(refusal.kind()).isEqualTo(FailureKind.MISSING_DEPENDENCY));

            RunOptions unchecked = RunOptions.builder().skipDependencyCheck().build();
            ExecutionResult result = Runs.ended(engine.executeFromNode(flow, "sum", input, unchecked));
            assertThat(Runs.states(result)).containsEntry("sum", "SKIPPED(MISSING_INPUT)");
        }
        assertThat(calls).hasValue(0);
    }

    @Test
    @DisplayName("S2 a collecting port takes a list")
    void a_collecting_port_takes_a_list() {
        Flow gathering = Flow.definition("gathering")
                .trigger("t")
                .add(Nodes.collecting("all"))
                .connect("t", "all")
                .build();
        PortValues list = PortValues.of("main", List.of(1, 2));
        try (FlowEngine engine = Engines.create()) {
            ExecutionResult result =
                    Runs.ended(engine.executeFromNode(gathering, "all", list, RunOptions.ofDefaults()));
            assertThat(result.output("all", Object.class)).isEqualTo(List.of(1, 2));

            assertThatExceptionOfType(FlowException.class)
                    .isThrownBy(() ->
                            engine.executeFromNode(gathering, "all", PortValues.of("main", 1), RunOptions.ofDefaults()))
                    .withMessageContainingAll("'all'", "collecting port 'main'", "takes a list");
        }
    }

    @Test
    @DisplayName("S2 a trigger is no node to start in the middle, and an unknown node is named")
    void only_a_node_can_be_started_in_the_middle() {
        try (FlowEngine engine = Engines.create()) {
            assertThatExceptionOfType(FlowException.class)
                    .isThrownBy(() -> engine.executeFromNode(flow, "one", PortValues.none(), RunOptions.ofDefaults()))
                    .withMessageContaining("'one' is a trigger")
                    .satisfies(
                            refusal -> assertThat(refusal.suggestedResolution()).contains("executeFromTrigger"));
            assertThatExceptionOfType(FlowException.class)
                    .isThrownBy(() -> engine.executeFromNode(flow, "nxt", PortValues.none(), RunOptions.ofDefaults()))
                    .withMessage("flow 'sums' has no node 'nxt'; its nodes are one, two, twice, sum, next")
                    .satisfies(refusal -> assertThat(refusal.kind()).isEqualTo(FailureKind.NOT_FOUND));
        }
    }

    @Test
    @DisplayName("S3 a single node runs alone, under a new id, and is marked as such")
    void a_single_node_runs_alone() {
        try (FlowEngine engine = Engines.create()) {
            ExecutionResult first = Runs.ended(engine.executeNode(flow, next, 1));
            ExecutionResult second = Runs.ended(
                    engine.executeNode(flow, "sum", PortValues.of("twice", 1).and("two", 2), RunOptions.ofDefaults()));

            assertThat(first.executionPath()).containsExactly("next");
            assertThat(first.output(next)).isEqualTo(2);
            assertThat(second.executionPath()).containsExactly("sum");
            assertThat(second.snapshot().nodes()).hasSize(1);
            assertThat(second.snapshot().plan().start()).isEqualTo(Start.singleNode("sum"));
            assertThat(second.executionId()).isNotEqualTo(first.executionId());
        }
    }

    @Test
    @DisplayName("S2 S4 a run from a node's handle takes options, and one value or one for each port")
    void a_run_from_a_handle_takes_options() {
        RunOptions upToTwice = RunOptions.builder().upTo(twice).build();
        RunOptions pinned = RunOptions.builder().pin(next, 9).userId("ann").build();
        try (FlowEngine engine = Engines.create()) {
            ExecutionResult cut = Runs.ended(engine.executeFromNode(flow, twice, 4, upToTwice));
            PortValues given = PortValues.of("twice", 1).and("two", 2);
            ExecutionResult whole = Runs.ended(engine.executeFromNode(flow, sum, given, pinned));

            assertThat(cut.executionPath()).containsExactly("twice");
            assertThat(cut.output(twice)).isEqualTo(8);
            assertThat(whole.executionPath()).containsExactly("sum", "next");
            assertThat(whole.output(sum)).isEqualTo(3);
            assertThat(whole.output(next)).isEqualTo(9);
        }
        assertThat(calls).hasValue(2);
    }

    @Test
    @DisplayName("S3 S18 a single node by its handle takes options")
    void a_single_node_by_its_handle_takes_options() {
        RunOptions unpinned = RunOptions.ofDefaults();
        RunOptions pinned = RunOptions.builder().pin(twice, 9).build();
        try (FlowEngine engine = Engines.create()) {
            assertThat(Runs.ended(engine.executeNode(flow, twice, 4, unpinned)).output(twice))
                    .isEqualTo(8);
            ExecutionResult result = Runs.ended(engine.executeNode(flow, twice, 4, pinned));

            assertThat(result.output(twice)).isEqualTo(9);
            assertThat(result.executionPath()).containsExactly("twice");
        }
        assertThat(calls).hasValue(1);
    }
}
