package dev.flowengine.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.flowengine.extension.PayloadCodec;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowError;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.TypeRef;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PayloadCodecTest {
    private final PayloadCodec codec = new JsonPayloadCodec();

    static Stream<Arguments> values() {
        Order order = new Order("A-1", new BigDecimal("12.50"), Instant.EPOCH, Optional.of("blue"), List.of(1, 2));
        FlowError error = new FlowError(FailureKind.NODE_TIMEOUT, "T", "late", "…", "n", 2, "wait", Map.of("a", 1));
        return Stream.of(
                Arguments.of(order, TypeRef.of(Order.class)),
                Arguments.of(List.of(order), new TypeRef<List<Order>>() {}),
                Arguments.of(
                        Map.of("x", List.of(Duration.ofSeconds(3))), new TypeRef<Map<String, List<Duration>>>() {}),
                Arguments.of(new Circle(2.5), TypeRef.of(Shape.class)),
                Arguments.of(error, TypeRef.of(FlowError.class)),
                Arguments.of(JsonData.read("{\"a\": [1, 1.50, 3000000000, null, \"x\"]}"), TypeRef.of(Object.class)),
                Arguments.of(Double.NaN, TypeRef.of(Double.class)),
                Arguments.of(7L, TypeRef.of(long.class)),
                Arguments.of(null, TypeRef.of(Order.class)));
    }

    @ParameterizedTest
    @MethodSource("values")
    void a_value_comes_back_by_its_declared_type(Object value, TypeRef<?> type) {
        assertThat((Object) codec.decode(codec.encode(value, type), type)).isEqualTo(value);
    }

    @Test
    void is_found_by_the_service_loader_and_tells_its_content_type() {
        assertThat(ServiceLoader.load(PayloadCodec.class))
                .singleElement()
                .isInstanceOf(JsonPayloadCodec.class)
                .extracting(PayloadCodec::contentType)
                .isEqualTo("application/json");
    }

    @Test
    void data_never_says_which_class_to_create() {
        byte[] bytes = "{\"@class\":\"java.io.File\",\"path\":\"/etc\"}".getBytes(StandardCharsets.UTF_8);

        assertThat(codec.decode(bytes, TypeRef.of(Object.class))).isInstanceOf(Map.class);
        byte[] named = ("{\"@class\":\"" + Named.class.getName() + "\"}").getBytes(StandardCharsets.UTF_8);
        assertThatExceptionOfType(FlowException.class)
                .isThrownBy(() -> codec.decode(named, TypeRef.of(Openly.class)))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(FailureKind.SERIALIZATION));
    }

    @Test
    void a_type_that_is_read_by_class_names_is_not_even_written() {
        TypeRef<List<Named>> declared = new TypeRef<>() {};

        assertNotWritten(new Named(), TypeRef.of(Openly.class));
        assertNotWritten(new Named(), TypeRef.of(Named.class));
        assertNotWritten(List.of(new Named()), declared);
        assertNotWritten(new Holder(new Named()), TypeRef.of(Holder.class));
        assertNotWritten(new ByProperty(1), TypeRef.of(ByProperty.class));
    }

    private void assertNotWritten(Object value, TypeRef<?> type) {
        assertThatExceptionOfType(FlowException.class)
                .isThrownBy(() -> codec.encode(value, type))
                .withMessageStartingWith("a value cannot be written as ")
                .withMessageContaining("class names")
                .satisfies(e -> assertThat(e.kind()).isEqualTo(FailureKind.SERIALIZATION));
    }

    @Test
    void what_does_not_fit_the_type_is_a_typed_error() {
        for (String json : List.of("", "{", "{} {}", "{\"total\": \"many\"}", "[1]", "{\"placed\": {\"a\": 1}}")) {
            assertThatExceptionOfType(FlowException.class)
                    .isThrownBy(() -> codec.decode(json.getBytes(StandardCharsets.UTF_8), TypeRef.of(Order.class)))
                    .withMessageStartingWith("the payload is no " + Order.class.getName())
                    .satisfies(e -> assertThat(e.kind()).isEqualTo(FailureKind.SERIALIZATION));
        }
    }

    @Test
    void what_cannot_be_encoded_is_a_typed_error() {
        List<Object> circle = new ArrayList<>();
        circle.add(circle);

        for (Object value : List.of(circle, new Failing(), "text")) {
            TypeRef<?> type = value instanceof String ? TypeRef.of(Order.class) : TypeRef.of(Object.class);
            assertThatExceptionOfType(FlowException.class)
                    .isThrownBy(() -> codec.encode(value, type))
                    .withMessageStartingWith("a value cannot be written as ")
                    .satisfies(e -> assertThat(e.kind()).isEqualTo(FailureKind.SERIALIZATION));
        }
    }

    /** A value that breaks while it is written. */
    public static final class Failing {

        private final List<String> names = new ArrayList<>();

        /** Fails. */
        public String getName() {
            return names.get(0);
        }
    }

    record Order(String id, BigDecimal total, Instant placed, Optional<String> colour, List<Integer> lines) {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
    sealed interface Shape permits Circle {}

    record Circle(double radius) implements Shape {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.CLASS)
    interface Openly {}

    record Named() implements Openly {}

    record Holder(Openly held) {}

    record ByProperty(
            @JsonTypeInfo(use = JsonTypeInfo.Id.MINIMAL_CLASS)
            Object held) {}
}
