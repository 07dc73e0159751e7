package dev.flowengine.internal.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.internal.machine.NodeFailure;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowError;
import dev.flowengine.model.FlowException;
import java.io.IOException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("S19 a failure carries type, message, bounded stack text, node, attempt and what to do")
class FailuresTest {

    @Test
    void of_what_a_body_threw() {
        IOException thrown = new IOException("connection reset");

        NodeFailure failure = Failures.of(thrown, "fetch", 3);

        FlowError error = failure.error();
        assertThat(failure.cause()).isSameAs(thrown);
        assertThat(error.kind()).isEqualTo(FailureKind.NODE_EXECUTION_FAILED);
        assertThat(error.summary()).isEqualTo("java.io.IOException: connection reset");
        assertThat(error.stackText())
                .startsWith("java.io.IOException: connection reset")
                .contains("FailuresTest");
        assertThat(error.nodeId()).isEqualTo("fetch");
        assertThat(error.attempt()).isEqualTo(3);
        assertThat(error.suggestedResolution()).isEmpty();
    }

    @Test
    void of_an_error_of_ours_is_the_nodes_failure_and_keeps_what_to_do() {
        FlowException thrown = FlowException.of(FailureKind.SERIALIZATION, "not encodable")
                .suggestedResolution("Make it a record.")
                .build();

        NodeFailure failure = Failures.of(thrown, "n", 1);

        assertThat(failure.error().kind()).isEqualTo(FailureKind.NODE_EXECUTION_FAILED);
        assertThat(failure.error().suggestedResolution()).isEqualTo("Make it a record.");
        assertThat(failure.cause()).isSameAs(thrown);
    }

    @Test
    void without_a_message_has_an_empty_one() {
        assertThat(Failures.of(new NullPointerException(), "n", 1).error().message())
                .isEmpty();
    }

    @Test
    void has_a_bounded_stack_text() {
        Throwable deep = new IllegalStateException("x".repeat(50_000));

        FlowError error = Failures.of(deep, "n", 1).error();

        assertThat(error.stackText()).hasSize(8_001).endsWith("…");
    }

    @Test
    @DisplayName("R22 even an exception that cannot describe itself fails the node")
    void of_an_exception_that_fails_to_describe_itself() {
        RuntimeException hostile = new RuntimeException() {
            private static final long serialVersionUID = 1L;

            @Override
            public String getMessage() {
                throw new UnsupportedOperationException("no message");
            }
        };

        NodeFailure failure = Failures.of(hostile, "n", 2);

        assertThat(failure.cause()).isSameAs(hostile);
        assertThat(failure.error().type()).isEqualTo(hostile.getClass().getName());
        assertThat(failure.error().message()).isEmpty();
        assertThat(failure.error().attempt()).isEqualTo(2);
    }

    @Test
    void of_a_stage_is_what_really_failed() {
        IOException real = new IOException();

        assertThat(Failures.unwrap(new CompletionException(real))).isSameAs(real);
        assertThat(Failures.unwrap(real)).isSameAs(real);
        CompletionException empty = new CompletionException("no cause", null);
        assertThat(Failures.unwrap(empty)).isSameAs(empty);
    }

    @Test
    void of_a_refusing_executor_names_it() {
        NodeFailure failure = Failures.refusedByExecutor(new RejectedExecutionException("full"), "n");

        assertThat(failure.error().message())
                .isEqualTo("the executor for bodies refused node 'n': "
                        + "java.util.concurrent.RejectedExecutionException: full");
        assertThat(failure.error().suggestedResolution()).contains("bodyExecutor", "bodyThreads");
    }
}
