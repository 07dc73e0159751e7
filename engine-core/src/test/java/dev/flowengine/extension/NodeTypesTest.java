package dev.flowengine.extension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
