package dev.flowengine.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.graph.Connection;
import dev.flowengine.graph.GraphNode;
import dev.flowengine.graph.InputPort;
import dev.flowengine.graph.JoinRule;
import dev.flowengine.graph.NodeKind;
import dev.flowengine.graph.Problem;
import dev.flowengine.node.NodeContext;
import dev.flowengine.node.RunOptions;
import dev.flowengine.node.TypeRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class NodeDefinitionTest {

    @Test
    void has_one_required_input_one_output_and_the_default_join_unless_declared_otherwise() {
        NodeDefinition node = NodeDefinition.builder("a").body(context -> 1).build();

        assertThat(node.shape()).isEqualTo(GraphNode.node("a"));
        assertThat(List.of(node.isCpuBound(), node.isKept(), node.isDisabled())).containsOnly(false);
        assertThat(node.disabledOutput()).isEmpty();
        assertThat(node.inputType("main")).isEmpty();
        assertThat(node.outputType("main")).isEmpty();
        assertThat(node).hasToString("NODE 'a'");
    }

    @Test
    void is_what_was_declared() {
        NodeDefinition node = NodeDefinition.branch("b")
                .inputs(InputPort.collecting("in"), InputPort.optional("more"))
                .outputs("x", "y")
                .inputType("in", TypeRef.of(List.class))
                .outputType("y", TypeRef.of(Integer.class))
                .join(JoinRule.ANY_SUCCESS)
                .body(context -> 1)
                .cpuBound()
                .keep()
                .build();

        assertThat(node.shape())
                .isEqualTo(new GraphNode(
                        "b",
                        NodeKind.BRANCH,
                        List.of(InputPort.collecting("in"), InputPort.optional("more")),
                        List.of("x", "y"),
                        JoinRule.ANY_SUCCESS));
        assertThat(node.inputType("in")).contains(TypeRef.of(List.class));
        assertThat(node.outputType("x")).isEmpty();
        assertThat(node.outputType("y")).contains(TypeRef.of(Integer.class));
        assertThat(List.of(node.isCpuBound(), node.isKept())).containsOnly(true);
    }

    @Test
    void a_trigger_has_no_inputs_and_no_body_but_may_have_a_type() {
        NodeDefinition typed = NodeDefinition.trigger("t", TypeRef.of(String.class));

        assertThat(typed.shape()).isEqualTo(GraphNode.trigger("t"));
        assertThat(typed.body()).isEmpty();
        assertThat(typed.outputType("main")).contains(TypeRef.of(String.class));
        assertThat(NodeDefinition.trigger("t").outputType("main")).isEmpty();
    }

    @Test
    void does_not_follow_its_builder_once_built() {
        List<String> ports = new ArrayList<>(List.of("x"));
        NodeDefinition.Builder builder =
                NodeDefinition.builder("a").outputs(ports).body(context -> 1);
        NodeDefinition node = builder.build();

        ports.add("z");
        builder.outputs("y").cpuBound().outputType("x", TypeRef.of(String.class));

        assertThat(node.shape().outputs()).containsExactly("x");
        assertThat(node.isCpuBound()).isFalse();
        assertThat(node.outputType("x")).isEmpty();
    }

    @Test
    void a_disabled_output_may_be_null_and_is_told_from_none() {
        NodeDefinition node = NodeDefinition.builder("a").disabledOutput(null).build();

        assertThat(node.isDisabled()).isTrue();
        assertThat(node.disabledOutput()).contains(new DisabledOutput(null));
    }

    @Test
    void a_disabled_node_needs_no_body_but_an_output_port() {
        FlowDefinition flow = Flow.definition("f")
                .trigger("start")
                .add(NodeDefinition.builder("silent").outputs().disabled().build())
                .add(NodeDefinition.builder("fine").disabled().build())
                .connect("start", "silent")
                .connect("start", "fine");

        InvalidFlowException error = catchThrowableOfType(InvalidFlowException.class, flow::build);

        assertThat(error.problems())
                .extracting(Problem::message)
                .containsExactly("disabled node 'silent' has no output port to pass its input through");
    }

    @Test
    void takes_a_body_of_each_kind() throws Exception {
        Flow flow = Flow.definition("f")
                .trigger("start")
                .add(NodeDefinition.builder("emits")
                        .outputs("x", "y")
                        .emittingBody((context, out) -> out.emit("y", 2))
                        .build())
                .add(NodeDefinition.builder("later")
                        .asyncBody(context -> CompletableFuture.completedFuture((Integer) context.input() + 1))
                        .build())
                .add(NodeDefinition.builder("value").body(context -> 9).build())
                .connect("start", "emits")
                .connect(new Connection("emits", "y", "later", "main"))
                .connect("start", "value")
                .build();

        ExecutionResult result = Runs.run(flow, "start", 1, RunOptions.ofDefaults());

        assertThat(result.output("later", Integer.class)).isEqualTo(3);
        assertThat(result.output("value", Integer.class)).isEqualTo(9);
    }

    @Test
    void a_type_for_a_port_that_is_not_declared_is_reported() {
        FlowDefinition flow = Flow.definition("f")
                .trigger("start")
                .add(NodeDefinition.builder("a")
                        .outputs("x", "y")
                        .inputType("mian", TypeRef.of(Integer.class))
                        .outputType("z", TypeRef.of(Integer.class))
                        .outputType("main", TypeRef.of(Integer.class))
                        .outputType("error", TypeRef.of(Integer.class))
                        .body(context -> 1)
                        .build())
                .connect("start", "a");

        InvalidFlowException error = catchThrowableOfType(InvalidFlowException.class, flow::build);

        assertThat(error.problems())
                .extracting(Problem::message)
                .containsExactly(
                        "node 'a' has a type for input port 'mian', but declares the input ports main",
                        "node 'a' has a type for output port 'main', but declares the output ports x, y",
                        "node 'a' has a type for output port 'z', but declares the output ports x, y",
                        "node 'a' has java.lang.Integer as the type of its port 'error', which emits "
                                + "dev.flowengine.model.FlowError");
        assertThat(error.problems())
                .extracting(Problem::suggestedResolution)
                .containsExactly(
                        "declare the port, or correct its name",
                        "declare the port, or correct its name",
                        "declare the port, or correct its name",
                        "leave the type of port 'error' out");
    }

    @Test
    void refuses_null() {
        assertThatNullPointerException()
                .isThrownBy(() -> NodeDefinition.builder(null))
                .withMessage("id");
        assertThatNullPointerException()
                .isThrownBy(() -> NodeDefinition.builder("a").body(null))
                .withMessage("nodeBody");
        assertThatNullPointerException()
                .isThrownBy(() -> NodeDefinition.builder("a").join(null))
                .withMessage("rule");
    }

    @Test
    void type_and_parameters_are_kept_in_plain_form_and_shown_to_the_body() throws InterruptedException {
        List<Object> list = new ArrayList<>(List.of(1L));
        NodeDefinition node = NodeDefinition.builder("a")
                .inputs()
                .type("tag", Map.of("list", list))
                .body(NodeContext::parameters)
                .build();
        list.clear();
        Flow flow = Flow.definition("f").trigger("t").add(node).after("a", "t").build();

        ExecutionResult result = Runs.run(flow, "t", null, RunOptions.ofDefaults());

        assertThat(result.outputs("a").asMap()).isEqualTo(Map.of("main", Map.of("list", List.of(1))));
        assertThat(node.type()).contains("tag");
        assertThat(node.parameters()).isEqualTo(Map.of("list", List.of(1)));
        assertThat(node.disable().parameters()).isEqualTo(node.parameters());
        assertThat(NodeDefinition.builder("b").build().type()).isEmpty();
        assertThat(NodeDefinition.builder("b").build().parameters()).isEmpty();
    }

    @Test
    void a_builder_of_a_definition_changes_a_copy() {
        NodeDefinition trigger = NodeDefinition.trigger("t");

        NodeDefinition kept = trigger.toBuilder()
                .keep()
                .outputType("main", TypeRef.of(String.class))
                .build();

        assertThat(kept.shape()).isEqualTo(trigger.shape());
        assertThat(kept.isKept()).isTrue();
        assertThat(trigger.isKept()).isFalse();
        assertThat(trigger.outputType("main")).isEmpty();
    }
}
