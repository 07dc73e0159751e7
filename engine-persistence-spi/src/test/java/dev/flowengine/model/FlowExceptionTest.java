package dev.flowengine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("S24 every error carries what went wrong, where, on which way, and what to do")
class FlowExceptionTest {

    @Test
    void carries_every_part_it_was_given() {
        IOException cause = new IOException("connection reset");

        FlowException error = full().cause(cause).build();

        assertThat(error).hasMessage("node 'ship' failed").hasCause(cause);
        assertPartsOf(error);
    }

    @Test
    void has_empty_parts_where_none_were_given() {
        FlowException error =
                FlowException.of(FailureKind.NOT_FOUND, "no flow 'x'").build();

        assertThat(error).hasMessage("no flow 'x'").hasNoCause();
        assertThat(error.kind()).isEqualTo(FailureKind.NOT_FOUND);
        assertThat(error.affectedNodes()).isEmpty();
        assertThat(error.executionPath()).isEmpty();
        assertThat(error.dependencyChain()).isEmpty();
        assertThat(error.suggestedResolution()).isEmpty();
    }

    @Test
    void survives_java_serialisation_with_every_part() throws Exception {
        FlowException copy =
                copyOf(full().cause(new IOException("connection reset")).build());

        assertThat(copy).hasMessage("node 'ship' failed");
        assertThat(copy.getCause()).isInstanceOf(IOException.class).hasMessage("connection reset");
        assertPartsOf(copy);
    }

    @Test
    void does_not_follow_changes_of_the_lists_it_was_made_of() {
        List<String> ids = new ArrayList<>(List.of("a"));
        FlowException error = FlowException.of(FailureKind.CIRCULAR_DEPENDENCY, "m")
                .affectedNodes(ids)
                .executionPath(ids)
                .dependencyChain(ids)
                .build();

        ids.add("b");

        assertThat(Stream.of(error.affectedNodes(), error.executionPath(), error.dependencyChain()))
                .containsOnly(List.of("a"));
        assertThatThrownBy(() -> error.affectedNodes().add("c")).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void needs_a_kind_a_message_and_no_null_id() {
        assertThatNullPointerException()
                .isThrownBy(() -> FlowException.of(null, "m"))
                .withMessage("kind");
        assertThatNullPointerException()
                .isThrownBy(() -> FlowException.of(FailureKind.SERIALIZATION, null))
                .withMessage("message");
        assertThatNullPointerException()
                .isThrownBy(() -> full().suggestedResolution(null))
                .withMessage("resolution");
        assertThatNullPointerException().isThrownBy(() -> full().affectedNodes(Arrays.asList("a", null)));
    }

    @Test
    void there_is_a_kind_for_everything_the_contract_names_and_for_a_cancel() {
        assertThat(Stream.of(FailureKind.values()).map(Enum::name))
                .containsExactlyInAnyOrder(
                        "INVALID_DEFINITION",
                        "CIRCULAR_DEPENDENCY",
                        "MISSING_DEPENDENCY",
                        "NOT_FOUND",
                        "EXECUTION_TIMEOUT",
                        "NODE_TIMEOUT",
                        "NODE_EXECUTION_FAILED",
                        "INVALID_FLOW_STATE",
                        "CONCURRENT_EXECUTION_CONFLICT",
                        "KEY_CONFLICT",
                        "SERIALIZATION",
                        "LIMIT_EXCEEDED",
                        "ACCESS_DENIED",
                        "OWNERSHIP_LOST",
                        "ENGINE_CLOSED",
                        "CANCELLED");
    }

    private static void assertPartsOf(FlowException error) {
        assertThat(error.kind()).isEqualTo(FailureKind.NODE_EXECUTION_FAILED);
        assertThat(error.affectedNodes()).containsExactly("ship", "bill");
        assertThat(error.executionPath()).containsExactly("placed", "ship");
        assertThat(error.dependencyChain()).containsExactly("placed", "stock", "ship");
        assertThat(error.suggestedResolution()).isEqualTo("Try again.");
    }

    private static FlowException.Builder full() {
        return FlowException.of(FailureKind.NODE_EXECUTION_FAILED, "node 'ship' failed")
                .affectedNodes(List.of("ship", "bill"))
                .executionPath(List.of("placed", "ship"))
                .dependencyChain(List.of("placed", "stock", "ship"))
                .suggestedResolution("Try again.");
    }

    private static FlowException copyOf(FlowException error) throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(error);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return (FlowException) in.readObject();
        }
    }
}
