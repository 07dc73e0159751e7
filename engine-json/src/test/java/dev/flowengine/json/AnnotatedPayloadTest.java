package dev.flowengine.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.annotation.Nulls;
import dev.flowengine.extension.PayloadCodec;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.TypeRef;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What annotations say about a place goes together with what plain data is. */
class AnnotatedPayloadTest {
    private final PayloadCodec codec = new JsonPayloadCodec();

    @Test
    void what_annotations_say_about_a_property_holds_for_containers_of_objects() {
        byte[] bytes = bytes("{\"fields\":{\"secret\":1,\"open\":2},\"one\":7,\"some\":[1,null],\"none\":null}");

        Annotated read = codec.decode(bytes, TypeRef.of(Annotated.class));

        assertThat(read).isEqualTo(new Annotated(Map.of("open", 2), List.of(7), List.of(1), List.of()));
        assertThat(text(new Annotated(Map.of("secret", 1), List.of(7), List.of(1), List.of())))
                .isEqualTo("{\"fields\":{},\"one\":[7],\"some\":[1],\"none\":[]}");
    }

    /** Each holds a value in what Jackson does not see as a container. */
    static Stream<Arguments> places() {
        return Stream.of(
                Arguments.of(new TypeRef<Iterable<Object>>() {}, (Place)
                        value -> (Iterable<Object>) () -> List.of(value).iterator()),
                Arguments.of(TypeRef.of(Several.class), (Place) value -> new Several(List.of(value))),
                Arguments.of(new TypeRef<Map.Entry<String, Object>>() {}, (Place) value -> Map.entry("k", value)),
                Arguments.of(TypeRef.of(Pair.class), (Place) value -> new Pair(Map.entry("k", value))),
                Arguments.of(TypeRef.of(Extended.class), (Place) value -> new Extended(Map.of("k", value))),
                Arguments.of(TypeRef.of(Wrapped.class), (Place) Wrapped::new),
                Arguments.of(new TypeRef<List<Wrapped>>() {}, (Place) value -> List.of(new Wrapped(value))));
    }

    @ParameterizedTest
    @MethodSource("places")
    void every_place_that_is_declared_to_be_an_object_holds_plain_data(TypeRef<?> type, Place place) {
        for (Object value : List.of(Instant.EPOCH, Double.NaN, new Several(List.of()))) {
            assertThatExceptionOfType(FlowException.class)
                    .as("%s", value)
                    .isThrownBy(() -> codec.encode(place.holding(value), type))
                    .withMessageStartingWith("a value cannot be written as ")
                    .withMessageContaining("which is no plain ")
                    .satisfies(e -> assertThat(e.kind()).isEqualTo(FailureKind.SERIALIZATION));
        }
        assertThat(new String(codec.encode(place.holding(List.of(1, "x")), type), StandardCharsets.UTF_8))
                .contains("[1,\"x\"]");
    }

    @Test
    void the_getter_of_any_other_properties_and_a_value_come_back() {
        Extended extended = new Extended(Map.of("k", List.of(1)));

        assertThat(codec.decode(codec.encode(extended, TypeRef.of(Extended.class)), TypeRef.of(Extended.class))
                        .others())
                .isEqualTo(Map.of("id", 1, "k", List.of(1)));
    }

    @Test
    void collections_that_are_decoded_cannot_be_changed_unless_their_class_was_asked_for() {
        List<Instant> list = codec.decode(bytes("[\"1970-01-01T00:00:00Z\"]"), new TypeRef<List<Instant>>() {});
        Set<String> set = codec.decode(bytes("[\"b\",\"a\"]"), new TypeRef<Set<String>>() {});
        Map<String, List<Integer>> map =
                codec.decode(bytes("{\"a\":[1]}"), new TypeRef<Map<String, List<Integer>>>() {});

        assertThat(set).containsExactly("b", "a");
        for (Collection<?> fixed : List.of(list, set, map.keySet(), map.get("a"))) {
            assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(fixed::clear);
        }
        List<Integer> own = codec.decode(bytes("[1]"), new TypeRef<ArrayList<Integer>>() {});
        own.add(2);
        assertThat(own).containsExactly(1, 2);
    }

    @Test
    void sets_keep_the_order_they_were_written_in() {
        List<Integer> order =
                IntStream.range(0, 100).mapToObj(each -> each * 7919 % 1009).toList();

        assertThat(codec.decode(bytes(order.toString()), new TypeRef<Set<Object>>() {}))
                .containsExactlyElementsOf(order);
    }

    private String text(Annotated value) {
        return new String(codec.encode(value, TypeRef.of(Annotated.class)), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }

    /** Puts a value where a type says {@code Object}. */
    interface Place {

        Object holding(Object value);
    }

    record Annotated(
            @JsonIgnoreProperties("secret") Map<String, Object> fields,

            @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
            List<Object> one,

            @JsonSetter(contentNulls = Nulls.SKIP) List<Object> some,
            @JsonSetter(nulls = Nulls.AS_EMPTY) List<Object> none) {}

    record Several(Iterable<Object> all) {}

    record Pair(Map.Entry<String, Object> entry) {}

    record Wrapped(@JsonValue Object value) {}

    /** Has properties nobody knows beforehand. */
    static final class Extended {
        public final int id = 1;
        private final Map<String, Object> others = new LinkedHashMap<>();

        Extended() {}

        Extended(Map<String, Object> others) {
            this.others.putAll(others);
        }

        @JsonAnyGetter
        Map<String, Object> others() {
            return others;
        }

        @JsonAnySetter
        void other(String name, Object value) {
            others.put(name, value);
        }
    }
}
