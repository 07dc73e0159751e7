package dev.flowengine.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.extension.PayloadCodec;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowError;
import dev.flowengine.node.TypeRef;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A failure can be kept whatever its node was given. */
class FailurePayloadTest {
    private static final TypeRef<FlowError> TYPE = TypeRef.of(FlowError.class);
    private static final String EPOCH = "1970-01-01T00:00:00Z";

    private final PayloadCodec codec = new JsonPayloadCodec();

    static Stream<Arguments> inputs() {
        return Stream.of(
                Arguments.of(Instant.EPOCH, EPOCH),
                Arguments.of(List.of(Instant.EPOCH), List.of(EPOCH)),
                Arguments.of(Map.of("at", Instant.EPOCH), Map.of("at", EPOCH)),
                Arguments.of(Map.of(7, Instant.EPOCH), Map.of("7", EPOCH)),
                Arguments.of(Optional.of(Instant.EPOCH), EPOCH),
                Arguments.of(Optional.empty(), null),
                Arguments.of(Arrays.asList(1, null), Arrays.asList(1, null)),
                Arguments.of(new byte[] {1, 2}, "AQI="),
                Arguments.of(
                        new Order("a", new byte[] {1}, List.of(2L)),
                        Map.of("id", "a", "scan", "AQ==", "any", List.of(2))),
                Arguments.of(Double.NaN, "NaN"),
                Arguments.of(new Order("a", null, Float.NaN), nullable("id", "a", "scan", null, "any", "NaN")),
                Arguments.of(new Order("a", null, Instant.EPOCH), nullable("id", "a", "scan", null, "any", EPOCH)),
                Arguments.of(new BigDecimal("1E+2000"), "1E+2000"),
                Arguments.of(Map.of("a", new BigDecimal("1E+2000")), "{a=1E+2000}"),
                Arguments.of("\ud800", "?"),
                Arguments.of(Map.of("\udc00", List.of("a\ud800b")), Map.of("?", List.of("a?b"))));
    }

    @ParameterizedTest
    @MethodSource("inputs")
    void what_a_node_was_given_comes_back_as_plain_data(Object input, @Nullable Object plain) {
        assertThat(coded(input)).isEqualTo(plain);
    }

    @Test
    void what_cannot_be_told_as_data_comes_back_as_its_text_of_bounded_length() {
        Node circle = new Node();
        circle.next = circle;
        List<Object> itself = new ArrayList<>();
        itself.add(Collections.singletonList(itself));

        assertThat(coded(circle)).isEqualTo("a node");
        assertThat(coded(itself)).asString().contains("java.util.ArrayList", "StackOverflowError");
        assertThat(coded(new Failing())).asString().contains(Failing.class.getName(), "no text");
        assertThat(coded(Map.of("x".repeat(100_000), circle))).asString().hasSizeBetween(1_000, 2_001);
    }

    private @Nullable Object coded(Object input) {
        FlowError error = new FlowError(FailureKind.NODE_EXECUTION_FAILED, "T", "late", "", "n", 1, "");
        FlowError read = codec.decode(codec.encode(error.withInput(input), TYPE), TYPE);
        assertThat(read.withInput(null)).isEqualTo(error);
        return read.input();
    }

    private static Map<String, @Nullable Object> nullable(@Nullable Object... pairs) {
        Map<String, @Nullable Object> map = new HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put((String) pairs[i], pairs[i + 1]);
        }
        return map;
    }

    @SuppressWarnings("ArrayRecordComponent") // as callers write them
    record Order(String id, byte @Nullable [] scan, Object any) {}

    /** Refers to itself. */
    static final class Node {
        public @Nullable Node next;

        @Override
        public String toString() {
            return "a node";
        }
    }

    /** Cannot be read in any way. */
    static final class Failing {

        @SuppressWarnings("DoNotCallSuggester") // called by Jackson
        public String getName() {
            throw new IllegalStateException("no name");
        }

        @Override
        public String toString() {
            throw new IllegalStateException("no text");
        }
    }
}
