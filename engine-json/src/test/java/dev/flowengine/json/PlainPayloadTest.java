package dev.flowengine.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.flowengine.extension.PayloadCodec;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowError;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.PlainData;
import dev.flowengine.node.TypeRef;
import java.io.Serializable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.databind.json.JsonMapper;

/** What is declared as {@code Object}, anywhere in a type, is plain data on the way out and on the way in. */
class PlainPayloadTest {
    private static final BigInteger LONGEST = BigInteger.TEN.pow(1_000).subtract(BigInteger.ONE);

    private final PayloadCodec codec = new JsonPayloadCodec();

    /** Each puts a value where a type says {@code Object}, with what JSON stands around it. */
    static Stream<Arguments> places() {
        return Stream.of(
                Arguments.of(TypeRef.of(Object.class), "%s", (Place) value -> value),
                Arguments.of(new TypeRef<List<Object>>() {}, "[%s]", (Place) Collections::singletonList),
                Arguments.of(new TypeRef<Collection<Object>>() {}, "[%s]", (Place) Collections::singletonList),
                Arguments.of(new TypeRef<List<?>>() {}, "[%s]", (Place) Collections::singletonList),
                Arguments.of(TypeRef.of(List.class), "[%s]", (Place) Collections::singletonList),
                Arguments.of(
                        TypeRef.of(Map.class), "{\"k\":%s}", (Place) value -> Collections.singletonMap("k", value)),
                Arguments.of(new TypeRef<Map<String, Object>>() {}, "{\"k\":%s}", (Place)
                        value -> Collections.singletonMap("k", value)),
                Arguments.of(new TypeRef<Map<Integer, Object>>() {}, "{\"7\":%s}", (Place)
                        value -> Collections.singletonMap(7, value)),
                Arguments.of(new TypeRef<Map<String, List<Object>>>() {}, "{\"k\":[%s]}", (Place)
                        value -> Map.of("k", Collections.singletonList(value))),
                Arguments.of(new TypeRef<Set<Object>>() {}, "[%s]", (Place) Collections::singleton),
                Arguments.of(TypeRef.of(Line.class), "{\"id\":\"a\",\"any\":%s,\"more\":[]}", (Place)
                        value -> new Line("a", value, List.of())),
                Arguments.of(TypeRef.of(Line.class), "{\"id\":\"a\",\"any\":1,\"more\":[%s]}", (Place)
                        value -> new Line("a", 1, Collections.singletonList(value))),
                Arguments.of(new TypeRef<List<Line>>() {}, "[{\"id\":\"a\",\"any\":%s,\"more\":[]}]", (Place)
                        value -> List.of(new Line("a", value, List.of()))),
                Arguments.of(new TypeRef<Box<Object>>() {}, "{\"value\":%s}", (Place) Box::new),
                Arguments.of(
                        TypeRef.of(Loose.class), "{\"value\":%s}", (Place) value -> new Loose((Serializable) value)));
    }

    @ParameterizedTest
    @MethodSource("places")
    void plain_data_comes_back_equal_and_in_its_one_form(TypeRef<?> type, String json, Place place) {
        for (Object value : values()) {
            assertThat(coded(place.holding(value), type)).isEqualTo(place.holding(PlainData.copyOf(value)));
        }
    }

    @ParameterizedTest
    @MethodSource("places")
    void what_is_no_plain_data_is_refused_when_it_is_encoded(TypeRef<?> type, String json, Place place) {
        for (Object value : List.of(
                Double.NaN,
                Float.NEGATIVE_INFINITY,
                Instant.EPOCH,
                new BigDecimal("1E+1001"),
                LONGEST.add(BigInteger.ONE),
                new Line[0],
                Map.of("n".repeat(1_001), 1),
                nested(65))) {
            assertThatExceptionOfType(FlowException.class)
                    .as("%s", value)
                    .isThrownBy(() -> codec.encode(place.holding(value), type))
                    .withMessageStartingWith("a value cannot be written as ")
                    .satisfies(e -> assertThat(e.getMessage()).containsAnyOf("no plain", "more than", "longer than"))
                    .satisfies(e -> assertThat(e.kind()).isEqualTo(FailureKind.SERIALIZATION));
        }
    }

    @ParameterizedTest
    @MethodSource("places")
    void what_is_no_plain_data_is_refused_when_it_is_decoded(TypeRef<?> type, String json, Place place) {
        for (String value : List.of(
                "1e1001",
                "1E-2000000000",
                "9".repeat(1_001),
                "[".repeat(65) + "]".repeat(65),
                "{\"a\":1,\"a\":2}",
                "{\"" + "n".repeat(1_001) + "\":1}")) {
            assertThatExceptionOfType(FlowException.class)
                    .isThrownBy(() -> codec.decode(bytes(json.replace("%s", value)), type))
                    .withMessageStartingWith("the payload is no ")
                    .satisfies(e -> assertThat(e.kind()).isEqualTo(FailureKind.SERIALIZATION));
        }
    }

    @Test
    void what_is_decoded_as_plain_data_cannot_be_changed() {
        Object value = codec.decode(bytes("{\"a\":[{\"b\":1}]}"), TypeRef.of(Object.class));
        List<Object> list = codec.decode(bytes("[[1]]"), new TypeRef<List<Object>>() {});
        Map<String, Object> map = codec.decode(bytes("{\"a\":[1]}"), new TypeRef<Map<String, Object>>() {});

        assertThat(value).isEqualTo(Map.of("a", List.of(Map.of("b", 1))));
        for (Object each : List.of(value, at(value, "a"), list, list.get(0), map, at(map, "a"))) {
            assertThatExceptionOfType(UnsupportedOperationException.class)
                    .as("%s", each)
                    .isThrownBy(() -> change(each));
        }
    }

    @Test
    void references_to_objects_hold_plain_data() {
        TypeRef<Optional<Object>> type = new TypeRef<>() {};

        assertThat(coded(Optional.of(List.of(1L)), type)).isEqualTo(Optional.of(List.of(1)));
        assertThatExceptionOfType(FlowException.class).isThrownBy(() -> codec.encode(Optional.of(Double.NaN), type));
        assertThatExceptionOfType(FlowException.class)
                .isThrownBy(() -> codec.encode(
                        new AtomicReference<Object>(Instant.EPOCH), new TypeRef<AtomicReference<Object>>() {}));
    }

    @Test
    void arrays_of_objects_hold_plain_data() {
        TypeRef<Object[]> type = TypeRef.of(Object[].class);

        assertThat((Object[]) coded(new Object[] {1L, "x", null}, type)).containsExactly(1, "x", null);
        assertThatExceptionOfType(FlowException.class)
                .isThrownBy(() -> codec.encode(new Object[] {Instant.EPOCH}, type));
    }

    @Test
    void typed_values_in_typed_collections_are_not_plain_data_and_need_not_be() {
        TypeRef<Map<String, List<Instant>>> type = new TypeRef<>() {};
        Map<String, List<Instant>> value = Map.of("a", new ArrayList<>(List.of(Instant.EPOCH)));

        assertThat(coded(value, type)).isEqualTo(value);
        Tagged tagged = new Tagged(new Circle(2, new BigDecimal("1.50")));
        assertThat(coded(tagged, TypeRef.of(Tagged.class))).isEqualTo(tagged);
        assertThat(codec.decode(
                        bytes("{\"shape\":{\"note\":1.50,\"radius\":2,\"@type\":\"circle\"}}"),
                        TypeRef.of(Tagged.class)))
                .isEqualTo(tagged);
    }

    @Test
    void the_mapper_of_a_host_changes_nothing_about_plain_data() {
        PayloadCodec of = new JsonPayloadCodec(JsonMapper.builder()
                .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
                .build());

        for (Object value : values()) {
            assertThat(of.decode(of.encode(value, TypeRef.of(Object.class)), TypeRef.of(Object.class)))
                    .isEqualTo(PlainData.copyOf(value));
        }
    }

    @Test
    void a_failure_comes_back_with_what_its_node_was_given_as_plain_data() {
        FlowError error = new FlowError(FailureKind.NODE_EXECUTION_FAILED, "T", "late", "", "n", 1, "");
        TypeRef<FlowError> type = TypeRef.of(FlowError.class);

        assertThat(coded(error.withInput(List.of(1L)), type)).isEqualTo(error.withInput(List.of(1)));
        assertThat(coded(error.withInput(new Line("a", 1, List.of(2))), type))
                .isEqualTo(error.withInput(Map.of("id", "a", "any", 1, "more", List.of(2))));
    }

    private Object coded(Object value, TypeRef<?> type) {
        return codec.decode(codec.encode(value, type), type);
    }

    private static List<@Nullable Serializable> values() {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("z", null);
        map.put("\u00e9".repeat(1_000), 1);
        map.put("a", List.of(1, 2.5, Map.of("b", true)));
        List<@Nullable Serializable> values = new ArrayList<>(List.of(
                1,
                1L << 40,
                LONGEST.negate(),
                new BigDecimal("1.50"),
                new BigDecimal("1E+1000"),
                new BigDecimal(LONGEST.negate(), 1_000),
                new BigDecimal(LONGEST, -1_000),
                0.1,
                (byte) 7,
                "\u0000 \ud83d\ude00",
                true,
                (Serializable) map,
                (Serializable) nested(63)));
        values.add(null);
        return values;
    }

    private static Object nested(int depth) {
        Object value = new ArrayList<>(List.of(1));
        for (int i = 1; i < depth; i++) {
            value = new ArrayList<>(List.of(value));
        }
        return value;
    }

    private static Object at(Object map, String key) {
        return ((Map<?, ?>) map).get(key);
    }

    @SuppressWarnings("unchecked")
    private static void change(Object value) {
        if (value instanceof Map<?, ?> map) {
            ((Map<Object, Object>) map).clear();
        } else {
            ((Collection<Object>) value).add(1);
        }
    }

    private static byte[] bytes(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }

    /** Puts a value where a type says {@code Object}. */
    interface Place {

        Object holding(@Nullable Object value);
    }

    record Line(String id, @Nullable Object any, List<Object> more) {}

    record Box<T extends @Nullable Object>(T value) {}

    record Loose(@Nullable Serializable value) {}

    record Circle(int radius, Object note) {}

    /** The author says what there may be, so that it is no plain data. */
    record Tagged(
            @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
            @JsonSubTypes(@JsonSubTypes.Type(value = Circle.class, name = "circle"))
            Object shape) {}
}
