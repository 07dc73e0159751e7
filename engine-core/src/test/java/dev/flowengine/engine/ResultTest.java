package dev.flowengine.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.flow.BranchRef;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.OptionalInput;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.Output;
import dev.flowengine.node.PortValues;
import dev.flowengine.testing.Engines;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ResultTest {
    private final FlowBuilder f = Flow.builder("results");
    private final TriggerRef<Integer> start = f.trigger("start", Integer.class);
    private final TriggerRef<Integer> other = f.trigger("other", Integer.class);
    private final NodeRef<Integer> good = f.node("good", start, n -> n + 1);
    private final NodeRef<Integer> bad = f.node("bad", start, n -> Integer.divideUnsigned(n, 0));
    private final NodeRef<Integer> behind = f.node("behind", bad, n -> n);
    private final BranchRef<Integer> size =
            f.branch("size", start).when("big", n -> n > 10).otherwise("small");
    private final NodeRef<Integer> big = f.node("on big", size.on("big"), n -> n);
    private final NodeRef<Integer> elsewhere = f.node("elsewhere", other, n -> n);

    private ExecutionResult run() {
        try (FlowEngine engine = Engines.create()) {
            return Runs.ended(engine.executeFromTrigger(f.build(), start, 1));
        }
    }

    @Test
    @DisplayName("S10 an output is read by handle, by id and type, or by port")
    void an_output_is_read_in_three_ways() {
        ExecutionResult result = run();

        assertThat(result.output(good)).isEqualTo(2);
        assertThat(result.output("good", Integer.class)).isEqualTo(2);
        assertThat(result.outputs("good")).isEqualTo(PortValues.of("main", 2));
        assertThat(result.output(size.on("small"))).isEqualTo(1);
        assertThat(result.output(start)).isEqualTo(1);
    }

    @Test
    @DisplayName("S8 an output that is not there is refused with what the node did instead")
    void an_output_that_is_not_there_is_refused() {
        ExecutionResult result = run();

        missing(result, bad, "node 'bad' is FAILED with java.lang.ArithmeticException: / by zero, so it has no output");
        missing(result, behind, "node 'behind' is SKIPPED(UPSTREAM_FAILED), so it has no output");
        missing(result, big, "node 'on big' is SKIPPED(BRANCH_NOT_TAKEN), so it has no output");
        missing(result, elsewhere, "node 'elsewhere' does not belong to the execution");
        missing(result, size.on("big"), "node 'size' completed without firing its port 'big'");
        missing(result, size.on("huge"), "node 'size' has no output port 'huge'");
    }

    @Test
    @DisplayName("S39 the refusal of an output explains the node")
    void the_refusal_explains_the_node() {
        ExecutionResult result = run();

        assertThatExceptionOfType(FlowException.class)
                .isThrownBy(() -> result.output(behind))
                .satisfies(refusal -> assertThat(refusal.suggestedResolution()).contains("'behind'", "'bad'"));
    }

    private static void missing(ExecutionResult result, Output<?> output, String what) {
        assertThatExceptionOfType(FlowException.class)
                .isThrownBy(() -> result.output(output))
                .withMessage("execution " + result.executionId() + " of flow 'results': " + what)
                .satisfies(refusal -> {
                    assertThat(refusal.kind()).isEqualTo(FailureKind.NOT_FOUND);
                    assertThat(refusal.affectedNodes()).containsExactly(output.nodeId());
                    assertThat(refusal.executionPath()).contains("start", "good");
                });
    }

    @Test
    @DisplayName("S8 an output asked for as another type is refused, naming both")
    void an_output_of_another_type_is_refused() {
        ExecutionResult result = run();

        assertThatExceptionOfType(FlowException.class)
                .isThrownBy(() -> result.output("good", String.class))
                .withMessageEndingWith("node 'good' put out a value of java.lang.Integer, not of java.lang.String");
        assertThatExceptionOfType(FlowException.class)
                .isThrownBy(() -> result.output("nobody", String.class))
                .withMessageEndingWith("node 'nobody' does not belong to the execution");
    }

    @Test
    @DisplayName("S24 a run that failed has results all the same: await does not throw")
    void a_failed_run_has_a_result() {
        ExecutionResult result = run();

        assertThat(result.failure()).isPresent();
        assertThat(result.output(good)).isEqualTo(2);
        assertThat(result.executionPath()).contains("start", "good", "bad", "size");
    }

    @Test
    @DisplayName("S10 an optional handle reads what its source put out, empty for null")
    void an_optional_handle_is_read() {
        NodeRef<Integer> none = f.node("none", start, n -> (Integer) null);
        OptionalInput<Integer> maybeGood = f.optional(good);
        OptionalInput<Integer> maybeSmall = f.optional(size.on("small"));
        OptionalInput<Integer> maybeNone = f.optional(none);
        ExecutionResult result = run();

        assertThat(result.output(maybeGood)).contains(2);
        assertThat(result.output(maybeSmall)).contains(1);
        assertThat(result.output(maybeNone)).isEmpty();
    }
}
