package dev.flowengine.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowError;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class InputTest {

    @Test
    void a_value_arrived_even_if_it_is_null() {
        assertThat(Input.present(5).value()).isEqualTo(5);
        assertThat(Input.present(null).isPresent()).isTrue();
        assertThat(Input.present(null).value()).isNull();
    }

    @ParameterizedTest
    @EnumSource(Input.Absence.class)
    void an_absent_value_says_why_it_is_absent(Input.Absence reason) {
        Input<String> input = Input.absent(reason);

        assertThat(input.isPresent()).isFalse();
        assertThat(input.state()).isEqualTo(Input.State.ABSENT);
        assertThat(input.absence()).contains(reason);
        assertThat(input.error()).isEmpty();
        assertThatExceptionOfType(NoSuchElementException.class)
                .isThrownBy(input::value)
                .withMessage("no value arrived: " + reason);
    }

    @Test
    void the_failure_of_a_source_is_told_instead_of_its_value() {
        FlowError error =
                new FlowError(FailureKind.NODE_EXECUTION_FAILED, "java.io.IOException", "reset", "", "fetch", 1, "");
        Input<String> input = Input.failed(error);

        assertThat(input.isPresent()).isFalse();
        assertThat(input.state()).isEqualTo(Input.State.FAILED);
        assertThat(input.error()).contains(error);
        assertThatExceptionOfType(NoSuchElementException.class)
                .isThrownBy(input::value)
                .withMessage("no value arrived: java.io.IOException: reset");
    }

    @Test
    void a_body_that_asks_leaves_only_once_it_is_cancelled() {
        Cancellation running = () -> false;
        Cancellation cancelled = () -> true;

        running.throwIfRequested();
        assertThatExceptionOfType(CancellationException.class)
                .isThrownBy(cancelled::throwIfRequested)
                .withMessage("the execution was cancelled");
    }
}
