package dev.flowengine.extension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.flowengine.flow.ErrorHandling;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.flow.TypeSettings;
import dev.flowengine.graph.JoinRule;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeTypesTest {
    @TempDir
    Path directory;

    @Test
    void a_node_defined_by_a_type_remembers_it_and_its_parameters() {
        NodeTypes types = NodeTypes.builder().add(new Shout("shout")).build();

        NodeDefinition node = types.define("a", "shout", Map.of("times", 2L)).build();

        assertThat(node.id()).isEqualTo("a");
        assertThat(node.type()).contains("shout");
        assertThat(node.parameters()).isEqualTo(Map.of("times", 2));
        assertThat(node.body()).isPresent();
    }

    @Test
    void a_type_can_take_the_place_of_another_one() {
        Shout replacement = new Shout("shout");

        NodeTypes types = NodeTypes.builder()
                .add(new Shout("shout"))
                .replace(replacement)
                .replace(new Shout("new"))
                .build();

        assertThat(types.find("shout")).containsSame(replacement);
        assertThat(types.names()).containsExactly("new", "shout");
    }

    @Test
    void wrong_parameters_are_refused_all_at_once() {
        NodeTypes types = NodeTypes.builder().add(new Shout("shout")).build();

        assertThatExceptionOfType(FlowException.class)
                .isThrownBy(() -> types.define("a", "shout", Map.of("times", 0, "loud", true)))
                .withMessage("node 'a' of type 'shout' has wrong parameters: "
                        + "/times: is 0, but should be a whole number from 1 to 9; "
                        + "/loud: is an unknown name; known here are times")
                .satisfies(e -> assertThat(e.kind()).isEqualTo(FailureKind.INVALID_DEFINITION))
                .satisfies(e -> assertThat(e.affectedNodes()).containsExactly("a"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> types.define("a", "shout", Map.of("times", new Object())));
    }

    @Test
    void a_type_that_breaks_its_contract_is_one_typed_error_that_names_it() {
        String flows = "node type 'odd' sets onError, disabled or keep of node 'a', which are for the flow to say";

        assertThat(refused(id -> NodeDefinition.builder(id).passThrough().keep()))
                .isEqualTo(flows);
        assertThat(refused(id -> NodeDefinition.builder(id).passThrough().disabled()))
                .isEqualTo(flows);
        assertThat(refused(id -> NodeDefinition.builder(id).passThrough().onError(ErrorHandling.CONTINUE)))
                .isEqualTo(flows);
        assertThat(refused(id -> NodeDefinition.builder(id + "!").passThrough()))
                .isEqualTo("node type 'odd' makes node 'a!' instead of node 'a'");
        assertThat(refused(id -> null)).isEqualTo("node type 'odd' returns null instead of node 'a'");
        assertThat(refused(id -> {
                    throw new IllegalStateException("not today");
                }))
                .isEqualTo("node type 'odd' cannot make node 'a': java.lang.IllegalStateException: not today");
        assertThat(refused(id -> {
                    throw new NoClassDefFoundError("Driver");
                }))
                .isEqualTo("node type 'odd' cannot make node 'a': java.lang.NoClassDefFoundError: Driver");
        assertThat(refused(id -> NodeDefinition.builder(id).inputs(Collections.singletonList(null))))
                .startsWith("node type 'odd' cannot make node 'a': java.lang.NullPointerException");
    }

    @Test
    void a_type_that_fails_before_it_reads_its_parameters_says_nothing_about_them() {
        NodeTypes types = odd(id -> {
            throw new IllegalStateException("not today");
        });
        DataReader node = DataReader.of(Map.of("parameters", Map.of("field", "/a", "more", 1)));

        assertThatExceptionOfType(FlowException.class)
                .isThrownBy(() -> types.define("a", "odd", node.object("parameters")))
                .withMessageEndingWith("cannot make node 'a': java.lang.IllegalStateException: not today");
        assertThat(node.problems()).isEmpty();
    }

    @Test
    void a_type_that_fails_over_wrong_parameters_is_no_reason_to_doubt_the_others() {
        NodeTypes types = NodeTypes.builder()
                .add(new NodeType() {
                    @Override
                    public String name() {
                        return "odd";
                    }

                    @Override
                    public NodeDefinition.Builder define(String nodeId, DataReader parameters) {
                        throw new IllegalStateException(parameters.text("field"));
                    }
                })
                .build();

        assertThatExceptionOfType(FlowException.class)
                .isThrownBy(() -> types.define("a", "odd", Map.of("field", 1, "more", Map.of("deep", 1))))
                .withMessage("node 'a' of type 'odd' has wrong parameters: /field: is 1, but should be a text");
    }

    @Test
    void a_type_without_end_is_refused_like_any_other() {
        assertThat(refused(NodeTypesTest::endless))
                .isEqualTo("node type 'odd' cannot make node 'a': java.lang.StackOverflowError");
    }

    @SuppressWarnings("InfiniteRecursion") // what a type may do by mistake
    private static NodeDefinition.Builder endless(String id) {
        return endless(id).keep();
    }

    @Test
    void what_a_type_sets_itself_is_told_from_what_the_flow_says() {
        RetryPolicy never = RetryPolicy.none();
        NodeTypes types = odd(id -> NodeDefinition.builder(id)
                .passThrough()
                .join(JoinRule.ALL_DONE)
                .retry(never)
                .timeout(Duration.ofSeconds(1)));

        NodeDefinition node = types.define("a", "odd", Map.of())
                .join(JoinRule.ANY_SUCCESS)
                .nodeTimeout(Duration.ofSeconds(2))
                .build();

        assertThat(TypeSettings.of(node))
                .isEqualTo(new TypeSettings(
                        JoinRule.ALL_DONE, Optional.of(never), Optional.of(Duration.ofSeconds(1)), Optional.empty()));
        assertThat(TypeSettings.of(node.toBuilder().build())).isEqualTo(TypeSettings.of(node));
        assertThat(TypeSettings.of(node.toBuilder().type("other", Map.of()).build()))
                .isEqualTo(TypeSettings.NONE);
    }

    @Test
    void an_unknown_type_names_itself_and_the_known_ones() {
        NodeTypes types = NodeTypes.builder()
                .add(new Shout("shout"))
                .add(new Shout("cry"))
                .build();

        assertThatExceptionOfType(FlowException.class)
                .isThrownBy(() -> types.define("a", "shuot", Map.of()))
                .withMessage("node 'a' is of type 'shuot', which is unknown; known are cry, shout")
                .satisfies(e -> assertThat(e.kind()).isEqualTo(FailureKind.NOT_FOUND));
        assertThat(types.find("shuot")).isEmpty();
        assertThat(types).hasToString("[cry, shout]");
    }

    @Test
    void two_types_of_one_name_are_refused_by_their_classes() {
        NodeTypes.Builder builder = NodeTypes.builder().add(new Shout("shout"));

        assertThatExceptionOfType(FlowException.class)
                .isThrownBy(() -> builder.add(new Other()))
                .withMessage("two node types are called 'shout': " + Shout.class.getName() + " and "
                        + Other.class.getName());
    }

    @Test
    void a_registry_does_not_change_with_its_builder() {
        NodeTypes.Builder builder = NodeTypes.builder().add(new Shout("a"));
        NodeTypes types = builder.build();

        builder.add(new Shout("b"));

        assertThat(types.names()).containsExactly("a");
    }

    @Test
    void types_are_found_by_the_service_loader() throws IOException {
        assertThat(installed(Other.class.getName()).names()).containsExactly("shout");
    }

    @Test
    void a_type_that_cannot_be_created_is_a_typed_error() {
        assertThatExceptionOfType(FlowException.class)
                .isThrownBy(() -> installed("dev.flowengine.NoSuchType"))
                .withMessageContaining("dev.flowengine.NoSuchType")
                .satisfies(e -> assertThat(e.kind()).isEqualTo(FailureKind.INVALID_DEFINITION));
    }

    private static String refused(Function<String, NodeDefinition.@Nullable Builder> making) {
        FlowException refused =
                catchThrowableOfType(FlowException.class, () -> odd(making).define("a", "odd", Map.of()));
        assertThat(refused).isNotNull();
        assertThat(refused.kind()).isEqualTo(FailureKind.INVALID_DEFINITION);
        assertThat(refused.affectedNodes()).containsExactly("a");
        return refused.getMessage();
    }

    private static NodeTypes odd(Function<String, NodeDefinition.@Nullable Builder> making) {
        NodeType odd = new NodeType() {
            @Override
            public String name() {
                return "odd";
            }

            @Override
            public NodeDefinition.Builder define(String nodeId, DataReader parameters) {
                return making.apply(nodeId);
            }
        };
        return NodeTypes.builder().add(odd).build();
    }

    private NodeTypes installed(String provider) throws IOException {
        Path services = Files.createDirectories(directory.resolve("META-INF/services"));
        Files.writeString(services.resolve(NodeType.class.getName()), provider);
        URL[] path = {directory.toUri().toURL()};
        try (URLClassLoader loader = new URLClassLoader(path, getClass().getClassLoader())) {
            return NodeTypes.builder().installed(loader).build();
        }
    }

    private record Shout(String name) implements NodeType {

        @Override
        public NodeDefinition.Builder define(String nodeId, DataReader parameters) {
            int times = parameters.integer("times", 1, 9);
            return NodeDefinition.builder(nodeId).body(context -> List.of(context.input(), times));
        }
    }

    /** Public, as the service loader needs it. */
    public static final class Other implements NodeType {

        @Override
        public String name() {
            return "shout";
        }

        @Override
        public NodeDefinition.Builder define(String nodeId, DataReader parameters) {
            return NodeDefinition.builder(nodeId).passThrough();
        }
    }
}
