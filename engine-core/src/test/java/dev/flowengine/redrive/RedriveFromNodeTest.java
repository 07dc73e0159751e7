package dev.flowengine.redrive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.entry;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.execution.Redrive;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.graph.Connection;
import dev.flowengine.graph.InputPort;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.PortValues;
import dev.flowengine.node.RunOptions;
import dev.flowengine.testing.Engines;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Redrives from a chosen node. */
class RedriveFromNodeTest {
    private final Bodies bodies = new Bodies();
    private final FlowEngine engine = Engines.create();
    private final FlowBuilder f = Flow.builder("sums");
    private final TriggerRef<Integer> one = f.trigger("one", Integer.class);
    private final NodeRef<Integer> twice =
            f.node("twice", one, n -> count("twice", 2 * n)).returns(Integer.class);
    private final NodeRef<Integer> thrice =
            f.node("thrice", one, n -> count("thrice", 3 * n)).returns(Integer.class);
    private final NodeRef<Integer> sum =
            f.node("sum", twice, thrice, (a, b) -> count("sum", a + b)).returns(Integer.class);
    private final NodeRef<Integer> next =
            f.node("next", sum, n -> count("next", n + 1)).returns(Integer.class);
    private final NodeRef<List<Integer>> all = f.collect("all", twice, thrice);
    private final NodeRef<Integer> size =
            f.node("size", all, list -> count("size", list.size())).returns(Integer.class);
    private final Flow flow = f.build();

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    @DisplayName("S29 a chosen node runs again with everything downstream of it, although all had completed")
    void a_chosen_node_runs_again_although_it_had_completed() {
        ExecutionResult first = run();

        Redrive redrive = engine.redrive(first.executionId()).from(sum);
        assertThat(redrive.plan().rerun()).containsExactly("sum", "next");
        assertThat(redrive.plan().reused()).containsExactly("one", "twice", "thrice", "all", "size");
        ExecutionResult second = Runs.ended(redrive.start());

        assertThat(bodies.takeCalls()).containsExactly("next", "sum");
        assertThat(second.output(next)).isEqualTo(51);
        assertThat(Runs.states(second)).contains(entry("twice", "COMPLETED*"), entry("sum", "COMPLETED"));
    }

    @Test
    @DisplayName("S29 a chosen node gets the edited input in place of what arrives at it")
    void a_chosen_node_gets_the_edited_input() {
        ExecutionResult first = run();

        ExecutionResult second =
                Runs.ended(engine.redrive(first.executionId()).from(twice, 100).start());

        assertThat(second.output(twice)).isEqualTo(200);
        assertThat(second.output(next)).isEqualTo(231);
        assertThat(bodies.takeCalls()).containsExactly("next", "size", "sum", "twice");
        assertThat(first.output(next)).as("of the first").isEqualTo(51);
    }

    @Test
    @DisplayName("S29 a node with several ports gets an edited value for each of them")
    void a_node_with_several_ports_gets_a_value_for_each() {
        ExecutionResult first = run();
        PortValues input = PortValues.of("twice", 1).and("thrice", 2);

        ExecutionResult second = Runs.ended(
                engine.redrive(first.executionId()).from("sum", input).start());

        assertThat(second.output(next)).isEqualTo(4);
        assertThat(bodies.takeCalls()).containsExactly("next", "sum");
    }

    @Test
    @DisplayName("S29 values by port are understood with a handle as well, as in a start from a node")
    void values_by_port_are_understood_with_a_handle_as_well() {
        ExecutionResult first = run();
        PortValues input = PortValues.of("twice", 1).and("thrice", 2);

        ExecutionResult second =
                Runs.ended(engine.redrive(first.executionId()).from(sum, input).start());

        assertThat(second.output(next)).isEqualTo(4);
    }

    @Test
    @DisplayName("S29 an edited input that does not fit the node is refused at once, naming node, port and type")
    void an_edited_input_that_does_not_fit_is_refused() {
        Redrive redrive = engine.redrive(run().executionId());

        refused(() -> redrive.from(twice, "100"), "'twice'", "'main'", "java.lang.String", "java.lang.Integer");
        refused(() -> redrive.from(sum, 1), "'sum'", "one value", "twice, thrice");
        refused(() -> redrive.from("sum", PortValues.of("twice", 1).and("too", 2)), "'sum'", "'too'");
        refused(() -> redrive.from(one, 7), "'one'", "0 input ports");
        assertThatExceptionOfType(FlowException.class)
                .isThrownBy(() -> redrive.from("sum", PortValues.of("twice", 1)))
                .withMessageContainingAll("'sum'", "'thrice'")
                .satisfies(refusal -> assertThat(refusal.kind()).isEqualTo(FailureKind.MISSING_DEPENDENCY));
        assertThat(redrive.plan().rerun()).as("after refusals only").isEmpty();
        assertThat(bodies.takeCalls()).isEmpty();
    }

    @Test
    @DisplayName("S29 only a node of the execution can be chosen")
    void only_a_node_of_the_execution_can_be_chosen() {
        RunOptions cut = RunOptions.builder().upTo(sum).build();
        ExecutionResult first = Runs.ended(engine.executeFromTrigger(flow, one, 10, cut));
        Redrive redrive = engine.redrive(first.executionId());

        for (String absent : List.of("next", "unknown")) {
            assertThatExceptionOfType(FlowException.class)
                    .isThrownBy(() -> redrive.from(absent))
                    .withMessageContainingAll("'" + absent + "'", first.executionId())
                    .satisfies(refusal -> assertThat(refusal.kind()).isEqualTo(FailureKind.NOT_FOUND));
            assertThatExceptionOfType(FlowException.class)
                    .isThrownBy(() -> redrive.from(absent, PortValues.of("main", 1)))
                    .satisfies(refusal -> assertThat(refusal.kind()).isEqualTo(FailureKind.NOT_FOUND));
        }
    }

    @Test
    @DisplayName("S2 S29 a node that only supplied its output cannot be chosen")
    void a_node_that_only_supplied_its_output_cannot_be_chosen() {
        RunOptions supplied = RunOptions.builder().pin(thrice, 1).build();
        ExecutionResult first = Runs.ended(engine.executeFromNode(flow, twice, 1, supplied));
        assertThat(first.output(sum)).isEqualTo(3);

        assertThatExceptionOfType(FlowException.class)
                .isThrownBy(() -> engine.redrive(first.executionId()).from(thrice))
                .satisfies(refusal -> assertThat(refusal.kind()).isEqualTo(FailureKind.NOT_FOUND));
    }

    @Test
    @DisplayName("S22 S29 a failure upstream skips a node in spite of its edited input")
    void a_failure_upstream_skips_a_node_in_spite_of_its_edited_input() {
        ExecutionResult first = run();
        bodies.breakDown("twice");

        ExecutionResult second = Runs.ended(engine.redrive(first.executionId())
                .from(twice)
                .from("sum", PortValues.of("twice", 1).and("thrice", 2))
                .start());

        assertThat(Runs.states(second)).containsEntry("sum", "SKIPPED(UPSTREAM_FAILED)");
    }

    @Test
    @DisplayName("S29 from the trigger everything runs again, with the data it was fired with")
    void from_the_trigger_everything_runs_again() {
        ExecutionResult first = run();

        Redrive redrive = engine.redrive(first.executionId()).from("one");
        assertThat(redrive.plan().reused()).isEmpty();
        ExecutionResult second = Runs.ended(redrive.start());

        assertThat(bodies.takeCalls()).containsExactly("next", "size", "sum", "thrice", "twice");
        assertThat(second.output(next)).isEqualTo(51);
        assertThat(Runs.node(second, "one").reused()).isFalse();
    }

    @Test
    @DisplayName("S2 S29 the node an execution started from keeps its input, unless it is edited")
    void the_node_an_execution_started_from_keeps_its_input() {
        PortValues given = PortValues.of("twice", 1).and("thrice", 2);
        ExecutionResult first = Runs.ended(engine.executeFromNode(flow, "sum", given, RunOptions.ofDefaults()));
        bodies.takeCalls();

        ExecutionResult same =
                Runs.ended(engine.redrive(first.executionId()).from("sum").start());
        assertThat(same.output(next)).isEqualTo(4);
        assertThat(bodies.takeCalls()).containsExactly("next", "sum");

        PortValues edited = PortValues.of("twice", 10).and("thrice", 20);
        ExecutionResult other = Runs.ended(
                engine.redrive(first.executionId()).from("sum", edited).start());
        assertThat(other.output(next)).isEqualTo(31);
        assertThat(other.snapshot().plan().start())
                .isEqualTo(first.snapshot().plan().start());
    }

    @Test
    @DisplayName("S3 S29 a single node can be redriven with another input")
    void a_single_node_can_be_redriven_with_another_input() {
        ExecutionResult first = Runs.ended(engine.executeNode(flow, twice, 10));

        ExecutionResult second =
                Runs.ended(engine.redrive(first.executionId()).from(twice, 11).start());

        assertThat(second.output(twice)).isEqualTo(22);
        assertThat(second.snapshot().nodes()).hasSize(1);
    }

    @Test
    @DisplayName("S29 several nodes can be chosen, besides what went wrong")
    void several_nodes_can_be_chosen_besides_what_went_wrong() {
        Flow wide = Flow.definition("wide")
                .trigger("t")
                .add(bodies.tracing("a"))
                .add(bodies.tracing("b"))
                .add(bodies.tracing("bad"))
                .add(bodies.tracing("c"))
                .connect("t", "a")
                .connect("t", "b")
                .connect("t", "bad")
                .connect("t", "c")
                .build();
        bodies.breakDown("bad");
        ExecutionResult first = Runs.ended(engine.executeFromTrigger(wide, "t", "go"));
        bodies.mend();
        bodies.takeCalls();

        Redrive redrive = engine.redrive(first.executionId())
                .from("c")
                .from("a", PortValues.of("main", "new"))
                .from("a");
        assertThat(redrive.plan().rerun()).containsExactly("a", "bad", "c");
        ExecutionResult second = Runs.ended(redrive.start());

        assertThat(bodies.takeCalls()).containsExactly("a", "bad", "c");
        assertThat(second.output("a", String.class)).isEqualTo("new>a");
        assertThat(second.output("c", String.class)).isEqualTo("go>c");
    }

    @Test
    @DisplayName("S6 S29 what is asked of a redrive that has been started does not reach what it started")
    void what_is_asked_after_the_start_does_not_reach_what_was_started() {
        CountDownLatch asked = new CountDownLatch(1);
        NodeDefinition.Builder held = NodeDefinition.builder("a").body(context -> {
            bodies.called("a");
            Runs.awaitOpen(asked);
            return "of a";
        });
        Flow line = Flow.definition("line")
                .trigger("t")
                .add(held.build())
                .add(bodies.tracing("b"))
                .connect("t", "a")
                .connect("a", "b")
                .build();
        bodies.breakDown("a");
        ExecutionResult first = Runs.ended(engine.executeFromTrigger(line, "t", null));
        bodies.mend();

        Redrive redrive = engine.redrive(first.executionId()).from("b", PortValues.of("main", "early"));
        FlowExecution second = redrive.start();
        redrive.from("b", PortValues.of("main", "late"));
        asked.countDown();

        assertThat(Runs.ended(second).outputs("b")).isEqualTo(PortValues.of("main", "early>b"));
        assertThat(Runs.ended(redrive.start()).outputs("b")).isEqualTo(PortValues.of("main", "late>b"));
    }

    @Test
    @DisplayName("S29 an edited input may be null")
    void an_edited_input_may_be_null() {
        Flow plain = Flow.definition("plain")
                .trigger("t")
                .add(bodies.tracing("a"))
                .connect("t", "a")
                .build();
        ExecutionResult first = Runs.ended(engine.executeFromTrigger(plain, "t", "go"));

        ExecutionResult second = Runs.ended(engine.redrive(first.executionId())
                .from("a", PortValues.of("main", null))
                .start());

        assertThat(second.output("a", String.class)).isEqualTo("null>a");
    }

    @Test
    @DisplayName("S15 S29 the edited input of a collecting port is a list, which arrives as it is")
    void the_edited_input_of_a_collecting_port_is_a_list() {
        ExecutionResult first = run();
        assertThat(first.output(all)).containsExactly(20, 30);
        Redrive redrive = engine.redrive(first.executionId());

        refused(() -> redrive.from(all, 7), "'all'", "collecting", "list");
        ExecutionResult second =
                Runs.ended(redrive.from(all, Arrays.asList(1, null, 3)).start());

        assertThat(second.output(all)).containsExactly(1, null, 3);
        assertThat(second.output(size)).isEqualTo(3);
    }

    @Test
    @DisplayName("S29 a chosen node on a branch that is not taken is skipped again: what it depends on decides")
    void a_chosen_node_on_a_branch_that_is_not_taken_is_skipped_again() {
        ExecutionResult first = runBranches();

        ExecutionResult second =
                Runs.ended(engine.redrive(first.executionId()).from("left").start());

        assertThat(second.status()).isEqualTo(ExecutionStatus.COMPLETED);
        assertThat(Runs.states(second)).containsEntry("left", "SKIPPED(BRANCH_NOT_TAKEN)");
        assertThat(second.output("right", String.class)).isEqualTo("go>choice>right");
        assertThat(bodies.takeCalls()).isEmpty();
    }

    @Test
    @DisplayName("S29 R35 a chosen node on a branch that is not taken runs if its input is given")
    void a_chosen_node_on_a_branch_that_is_not_taken_runs_with_an_edited_input() {
        ExecutionResult first = runBranches();

        ExecutionResult second = Runs.ended(engine.redrive(first.executionId())
                .from("left", PortValues.of("main", "new"))
                .start());

        assertThat(second.output("left", String.class)).isEqualTo("new>left");
        assertThat(bodies.takeCalls()).containsExactly("left");
    }

    @Test
    @DisplayName("S5 S29 a node that was skipped for want of an input runs if its input is given")
    void a_node_that_was_skipped_for_want_of_an_input_runs_with_an_edited_input() {
        RunOptions unchecked = RunOptions.builder().skipDependencyCheck().build();
        ExecutionResult first = Runs.ended(engine.executeFromNode(flow, "twice", PortValues.of("main", 1), unchecked));
        assertThat(Runs.states(first)).containsEntry("sum", "SKIPPED(MISSING_INPUT)");

        ExecutionResult second = Runs.ended(engine.redrive(first.executionId())
                .from("sum", PortValues.of("twice", 2).and("thrice", 3))
                .start());

        assertThat(second.output(next)).isEqualTo(6);
    }

    @Test
    @DisplayName("S5 S29 a start that lacked an input runs if its input is given")
    void a_start_that_lacked_an_input_runs_with_an_edited_input() {
        RunOptions unchecked = RunOptions.builder().skipDependencyCheck().build();
        ExecutionResult first = Runs.ended(engine.executeFromNode(flow, "sum", PortValues.of("twice", 1), unchecked));
        assertThat(Runs.states(first)).containsEntry("sum", "SKIPPED(MISSING_INPUT)");

        ExecutionResult second = Runs.ended(engine.redrive(first.executionId())
                .from("sum", PortValues.of("twice", 2).and("thrice", 3))
                .start());

        assertThat(second.output(next)).isEqualTo(6);
    }

    private ExecutionResult run() {
        ExecutionResult first = Runs.ended(engine.executeFromTrigger(flow, one, 10));
        assertThat(first.status()).isEqualTo(ExecutionStatus.COMPLETED);
        bodies.takeCalls();
        return first;
    }

    private ExecutionResult runBranches() {
        Flow branches = Flow.definition("branches")
                .trigger("t")
                .add(bodies.choosing("choice", "r", "l", "r"))
                .add(bodies.tracing("left"))
                .add(bodies.taking("right", InputPort.required("main")))
                .connect("t", "choice")
                .connect(new Connection("choice", "l", "left", "main"))
                .connect(new Connection("choice", "r", "right", "main"))
                .build();
        ExecutionResult first = Runs.ended(engine.executeFromTrigger(branches, "t", "go"));
        bodies.takeCalls();
        return first;
    }

    private int count(String node, int value) {
        bodies.called(node);
        return value;
    }

    private static void refused(Executable call, String... inMessage) {
        assertThatExceptionOfType(FlowException.class)
                .isThrownBy(call::execute)
                .withMessageContainingAll(inMessage)
                .satisfies(refusal -> assertThat(refusal.kind()).isEqualTo(FailureKind.INVALID_DEFINITION));
    }
}
