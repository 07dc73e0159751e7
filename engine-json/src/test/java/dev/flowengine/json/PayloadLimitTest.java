package dev.flowengine.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.flowengine.extension.PayloadCodec;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowError;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.TypeRef;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Encoding ends where the limit is, so that a value that is small in memory and endless on paper does no harm. */
class PayloadLimitTest {
    private static final int LIMIT = 100_000;

    private final PayloadCodec codec = new JsonPayloadCodec();

    /** Each would be written in some 2 to the power of 40 bytes. */
    static Stream<Arguments> endless() {
        return Stream.of(
                Arguments.of(named(shared(1)), TypeRef.of(Object.class)),
                Arguments.of(named(shared(1)), new TypeRef<List<Object>>() {}),
                Arguments.of(named(shared(1)), new TypeRef<List<?>>() {}),
                Arguments.of(named(Map.of("k", shared("x"))), new TypeRef<Map<String, Object>>() {}),
                Arguments.of(named(new Held(shared(1))), TypeRef.of(Held.class)),
                Arguments.of(named(knot(40)), TypeRef.of(Knot.class)),
                Arguments.of(named(failed(shared(1))), TypeRef.of(FlowError.class)),
                Arguments.of(named(failed(shared(Instant.EPOCH))), TypeRef.of(FlowError.class)),
                Arguments.of(named(failed(knot(40))), TypeRef.of(FlowError.class)));
    }

    /** Its own text would be as long. */
    private static Named<Object> named(Object value) {
        return Named.of("endless", value);
    }

    @ParameterizedTest
    @MethodSource("endless")
    void a_value_whose_parts_are_shared_is_written_no_further_than_to_the_limit(Object value, TypeRef<?> type) {
        assertThatExceptionOfType(FlowException.class)
                .isThrownBy(() -> codec.encode(value, type, LIMIT))
                .withMessage("a value takes more bytes as " + type + " than the 100000 that are allowed")
                .satisfies(e -> assertThat(e.kind()).isEqualTo(FailureKind.LIMIT_EXCEEDED));
    }

    @Test
    void a_value_may_take_the_bytes_that_are_allowed_and_not_one_more() {
        for (TypeRef<?> type : List.of(TypeRef.of(Object.class), TypeRef.of(String.class))) {
            assertThat(codec.encode("x".repeat(LIMIT - 2), type, LIMIT)).hasSize(LIMIT);
            assertThatExceptionOfType(FlowException.class)
                    .isThrownBy(() -> codec.encode("x".repeat(LIMIT - 1), type, LIMIT))
                    .satisfies(e -> assertThat(e.kind()).isEqualTo(FailureKind.LIMIT_EXCEEDED));
        }
    }

    @Test
    void what_is_no_plain_data_is_told_with_its_place_however_it_is_shared() {
        assertThatExceptionOfType(FlowException.class)
                .isThrownBy(() ->
                        codec.encode(Map.of("a/b", List.of(1, shared(Instant.EPOCH))), TypeRef.of(Object.class)))
                .withMessageContaining("the value at /a~1b/1/0/0/")
                .withMessageContaining("is a java.time.Instant, which is no plain data")
                .satisfies(e -> assertThat(e.kind()).isEqualTo(FailureKind.SERIALIZATION));
    }

    private static Object shared(Object inmost) {
        Object value = new ArrayList<>(List.of(inmost));
        for (int i = 0; i < 40; i++) {
            value = new ArrayList<>(List.of(value, value));
        }
        return value;
    }

    private static Knot knot(int depth) {
        return depth == 0 ? new Knot(List.of()) : new Knot(Collections.nCopies(2, knot(depth - 1)));
    }

    private static FlowError failed(Object input) {
        return new FlowError(FailureKind.NODE_EXECUTION_FAILED, "T", "late", "", "n", 1, "").withInput(input);
    }

    record Held(Object any) {}

    record Knot(List<Knot> parts) {}
}
