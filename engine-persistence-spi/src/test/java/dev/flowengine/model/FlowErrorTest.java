package dev.flowengine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import org.junit.jupiter.api.Test;

class FlowErrorTest {

    @Test
    void the_summary_is_type_and_message() {
        assertThat(error("java.io.IOException", "connection reset").summary())
                .isEqualTo("java.io.IOException: connection reset");
    }

    @Test
    void the_summary_of_an_error_without_message_is_its_type() {
        assertThat(error("java.lang.StackOverflowError", "").summary()).isEqualTo("java.lang.StackOverflowError");
    }

    @Test
    void is_data_and_equal_by_its_parts() {
        assertThat(error("a.B", "m")).isEqualTo(error("a.B", "m")).isNotEqualTo(error("a.B", "n"));
    }

    @Test
    void refuses_null_and_names_the_component() {
        FailureKind kind = FailureKind.NODE_EXECUTION_FAILED;

        refused("kind", () -> new FlowError(null, "t", "m", "s", "n", 1, "r"));
        refused("type", () -> new FlowError(kind, null, "m", "s", "n", 1, "r"));
        refused("message", () -> new FlowError(kind, "t", null, "s", "n", 1, "r"));
        refused("stackText", () -> new FlowError(kind, "t", "m", null, "n", 1, "r"));
        refused("nodeId", () -> new FlowError(kind, "t", "m", "s", null, 1, "r"));
        refused("suggestedResolution", () -> new FlowError(kind, "t", "m", "s", "n", 1, null));
    }

    private static void refused(String component, Runnable creation) {
        assertThatNullPointerException().isThrownBy(creation::run).withMessage(component);
    }

    private static FlowError error(String type, String message) {
        return new FlowError(FailureKind.NODE_EXECUTION_FAILED, type, message, "at …", "charge", 1, "");
    }
}
