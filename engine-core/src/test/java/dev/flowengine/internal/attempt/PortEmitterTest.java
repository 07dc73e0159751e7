package dev.flowengine.internal.attempt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.Port;
import dev.flowengine.node.PortValues;
import dev.flowengine.node.TypeRef;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("S10 what a body emits")
class PortEmitterTest {
    private final PortEmitter emitter = new PortEmitter(NodeDefinition.builder("route")
            .outputs("even", "odd")
            .outputType("even", TypeRef.of(int.class))
            .build());

    @Test
    void is_kept_by_port_null_included() {
        emitter.emit("odd", null);
        emitter.emit(Port.of("even", Integer.class), 2);

        assertThat(emitter.accepted()).isEqualTo(PortValues.of("odd", null).and("even", 2));
    }

    @Test
    void is_nothing_if_nothing_was_emitted() {
        assertThat(emitter.accepted()).isEqualTo(PortValues.none());
    }

    @ParameterizedTest
    @ValueSource(strings = {"evn", "main", "error"})
    void must_go_to_a_declared_port(String port) {
        refused(
                () -> emitter.emit(port, 1),
                "node 'route' emits to port '" + port + "', but has the output ports even, odd");
    }

    @Test
    void goes_to_each_port_once_even_if_the_first_value_was_null() {
        emitter.emit("odd", null);

        refused(() -> emitter.emit("odd", 1), "node 'route' emits to port 'odd' twice");
    }

    @Test
    void must_be_of_the_declared_type() {
        refused(
                () -> emitter.emit("even", "two"),
                "node 'route' emits a value of java.lang.String to port 'even', which is declared as int");
    }

    @Test
    void is_of_every_type_if_it_is_null() {
        emitter.emit("even", null);

        assertThat(emitter.accepted()).isEqualTo(PortValues.of("even", null));
    }

    @Test
    void is_refused_even_if_the_body_swallows_the_refusal_and_goes_on() {
        FlowException swallowed = catchThrowableOfType(FlowException.class, () -> emitter.emit("evn", 1));
        emitter.emit("even", 2);

        assertThatThrownBy(emitter::accepted).isSameAs(swallowed);
    }

    private static void refused(Runnable emission, String message) {
        FlowException error = catchThrowableOfType(FlowException.class, emission::run);

        assertThat(error).hasMessage(message);
        assertThat(error.kind()).isEqualTo(FailureKind.NODE_EXECUTION_FAILED);
        assertThat(error.affectedNodes()).containsExactly("route");
        assertThat(error.suggestedResolution()).isNotBlank();
    }
}
