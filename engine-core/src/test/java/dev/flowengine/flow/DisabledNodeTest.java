package dev.flowengine.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.graph.Problem;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.node.TypeRef;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("S17 a disabled node passes its first live input through its first output port")
class DisabledNodeTest {
    private final FlowBuilder f = Flow.builder("switched-off");
    private final TriggerRef<Integer> start = f.trigger("start", Integer.class);

    @Test
    void where_both_types_are_declared_and_the_same() throws Exception {
        NodeRef<Integer> off =
                f.node("off", start, n -> n + 1).returns(Integer.class).disabled();
        NodeRef<Integer> end = f.node("end", off, n -> n * 10);

        ExecutionResult result = Runs.run(f.build(), start, 4);

        assertThat(result.output(end)).isEqualTo(40);
        assertThat(result.snapshot().node("off").orElseThrow().status()).isEqualTo(NodeStatus.COMPLETED);
        assertThat(result.snapshot().node("off").orElseThrow().attempt()).isZero();
    }

    @Test
    void or_emits_what_it_was_given_instead() throws Exception {
        NodeRef<String> off = f.node("off", start, n -> "" + n).disabledOutput("fixed");
        NodeRef<Integer> end = f.node("end", off, String::length);

        assertThat(Runs.run(f.build(), start, 4).output(end)).isEqualTo(5);
    }

    @Test
    void or_emits_null_if_that_is_what_it_was_given() throws Exception {
        NodeRef<String> off = f.node("off", start, n -> "" + n).disabledOutput(null);
        NodeRef<Boolean> end = f.node("end", off, text -> text == null);

        assertThat(Runs.run(f.build(), start, 4).output(end)).isTrue();
    }

    @Test
    void but_is_refused_where_the_types_differ_or_are_unknown() {
        f.node("differs", start, n -> "" + n).returns(String.class).disabled();
        f.node("unknown", start, n -> n).disabled();
        f.node("noInput", InputSpec.none(), in -> 1)
                .returns(Integer.class)
                .after(start)
                .disabled();

        InvalidFlowException error = catchThrowableOfType(InvalidFlowException.class, f::build);

        assertThat(error.problems())
                .extracting(Problem::message)
                .containsExactly(refusal("differs"), refusal("unknown"), refusal("noInput"));
        assertThat(error.affectedNodes()).containsExactly("differs", "unknown", "noInput");
    }

    @Test
    void and_its_given_output_must_be_of_the_declared_type() {
        FlowDefinition data = Flow.definition("data")
                .trigger("start")
                .add(NodeDefinition.builder("off")
                        .outputType("main", TypeRef.of(Integer.class))
                        .disabledOutput("five")
                        .build())
                .connect("start", "off");

        InvalidFlowException error = catchThrowableOfType(InvalidFlowException.class, data::build);

        assertThat(error.problems())
                .extracting(Problem::message)
                .containsExactly("disabled node 'off' would emit a value of java.lang.String, "
                        + "but its first output port is declared as java.lang.Integer");
    }

    private static String refusal(String node) {
        return "node '" + node + "' is disabled and would pass its input through, "
                + "but its input and output are not declared to be of one type";
    }
}
