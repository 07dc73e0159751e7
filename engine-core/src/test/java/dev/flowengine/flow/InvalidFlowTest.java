package dev.flowengine.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.flowengine.graph.Connection;
import dev.flowengine.graph.InputPort;
import dev.flowengine.graph.JoinRule;
import dev.flowengine.graph.Problem;
import dev.flowengine.graph.Severity;
import dev.flowengine.model.FailureKind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("S30 building reports every problem at once, in one order")
class InvalidFlowTest {

    @Test
    void an_empty_flow_is_no_flow() {
        InvalidFlowException error = refused(Flow.definition("empty"));

        assertThat(error).hasMessage(lines("flow 'empty' has 1 error:", "  EMPTY_FLOW: the flow has no nodes"));
        assertThat(error.kind()).isEqualTo(FailureKind.INVALID_DEFINITION);
    }

    @Test
    void all_problems_come_in_the_order_of_the_contract() {
        InvalidFlowException error = refused(everythingWrong());

        assertThat(error.problems())
                .extracting(Problem::code)
                .containsExactly(
                        Problem.Code.DUPLICATE_ID,
                        Problem.Code.MISSING_NODE,
                        Problem.Code.UNKNOWN_PORT,
                        Problem.Code.CYCLE,
                        Problem.Code.JOIN_NEVER_FIRES,
                        Problem.Code.INVALID_NODE,
                        Problem.Code.INVALID_NODE);
        assertThat(error.problems()).allMatch(problem -> problem.severity() == Severity.ERROR);
        assertThat(error.kind()).isEqualTo(FailureKind.INVALID_DEFINITION);
        assertThat(error.dependencyChain()).isEmpty();
    }

    @Test
    void the_message_has_a_line_for_each() {
        assertThat(refused(everythingWrong()).getMessage().lines())
                .containsExactly(
                        "flow 'wrong' has 7 errors:",
                        "  DUPLICATE_ID: 2 nodes have the id 'twin'",
                        "  MISSING_NODE: connection start.main → ghost.main: there is no node 'ghost'",
                        "  UNKNOWN_PORT: connection start.mian → reader.main: node 'start' has no output port 'mian'; "
                                + "it has main, error",
                        "  CYCLE: circular dependency b → a → b: no LOOP is left by its port 'loop' on this way",
                        "  JOIN_NEVER_FIRES: node 'greedy' can never run: AT_LEAST(3) with 1 connection",
                        "  INVALID_NODE: node 'idle' has no body",
                        "  INVALID_NODE: connection a.error → rescue.main: node 'a' has onError FAIL, "
                                + "so its port 'error' never fires");
    }

    @Test
    void every_problem_says_what_to_do_and_the_error_says_it_all() {
        InvalidFlowException error = refused(everythingWrong());

        assertThat(error.problems()).allSatisfy(problem -> {
            assertThat(problem.suggestedResolution()).isNotBlank();
            assertThat(error.suggestedResolution()).containsIgnoringCase(problem.suggestedResolution());
        });
        assertThat(error.affectedNodes()).doesNotHaveDuplicates().contains("twin", "ghost", "a", "b", "idle", "greedy");
    }

    @Test
    void the_resolution_of_several_problems_is_one_sentence_that_says_nothing_twice() {
        FlowDefinition several = body("twin", body("twin", Flow.definition("f").trigger("start")))
                .add(NodeDefinition.builder("idle").build())
                .add(NodeDefinition.builder("lazy").build())
                .connect("start", "twin")
                .connect("start", "idle")
                .connect("start", "lazy");

        assertThat(refused(several).suggestedResolution())
                .isEqualTo("Give each node an id of its own; give it a body, or passThrough().");
        assertThat(refused(Flow.definition("empty")).suggestedResolution())
                .isEqualTo("Add a trigger and at least one node.");
    }

    @Test
    @DisplayName("S31 a cycle prints its path; a flow whose only errors are cycles fails as CIRCULAR_DEPENDENCY")
    void cycles_alone_are_a_circular_dependency() {
        InvalidFlowException error =
                refused(body("y", body("x", Flow.definition("round").trigger("start")))
                        .connect("start", "x")
                        .connect("x", "y")
                        .connect("y", "x"));

        assertThat(error.kind()).isEqualTo(FailureKind.CIRCULAR_DEPENDENCY);
        assertThat(error).hasMessageContaining("x → y → x");
        assertThat(error.dependencyChain()).contains("x", "y");
    }

    @Test
    void warnings_do_not_stop_a_flow_and_stay_readable() {
        Flow flow = body("alone", body("work", Flow.definition("f").trigger("start")))
                .connect("start", "work")
                .build();

        assertThat(flow.validation().isValid()).isTrue();
        assertThat(flow.validation().warnings()).extracting(Problem::code).containsExactly(Problem.Code.ORPHANED_NODE);
    }

    @Test
    void a_definition_can_be_mended_and_built_after_a_refusal() {
        FlowDefinition definition = body("work", Flow.definition("f").trigger("start"))
                .connect("start", "work")
                .connect("start", "later");
        refused(definition);

        Flow flow = body("later", definition).build();

        assertThat(flow.nodes()).extracting(NodeDefinition::id).containsExactly("start", "work", "later");
    }

    @Test
    void a_deserialised_copy_keeps_its_message_but_not_the_problems() throws Exception {
        InvalidFlowException error = refused(everythingWrong());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(error);
        }

        InvalidFlowException copy;
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            copy = (InvalidFlowException) in.readObject();
        }

        assertThat(copy).hasMessage(error.getMessage());
        assertThat(copy.affectedNodes()).isEqualTo(error.affectedNodes());
        assertThat(copy.problems()).isEmpty();
    }

    private static FlowDefinition everythingWrong() {
        FlowDefinition flow = Flow.definition("wrong").trigger("start");
        body("twin", body("twin", flow));
        body("a", body("b", body("rescue", body("reader", flow))));
        return flow.add(NodeDefinition.builder("idle").build())
                .add(NodeDefinition.builder("greedy")
                        .inputs(InputPort.optional("main"))
                        .join(JoinRule.atLeast(3))
                        .body(context -> 1)
                        .build())
                .connect("start", "twin")
                .connect("start", "idle")
                .connect("start", "greedy")
                .connect("start", "a")
                .connect("start", "ghost")
                .connect(new Connection("start", "mian", "reader", "main"))
                .connect("a", "b")
                .connect("b", "a")
                .connect(new Connection("a", "error", "rescue", "main"));
    }

    private static FlowDefinition body(String id, FlowDefinition flow) {
        return flow.add(NodeDefinition.builder(id).body(context -> id).build());
    }

    private static InvalidFlowException refused(FlowDefinition flow) {
        return catchThrowableOfType(InvalidFlowException.class, flow::build);
    }

    private static String lines(String... lines) {
        return String.join(System.lineSeparator(), lines);
    }
}
