package dev.flowengine.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.flowengine.extension.PayloadCodec;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.TypeRef;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;

/** What is written can be read again, and what could not is refused when it is written. */
class WrittenPayloadTest {
    private final PayloadCodec codec = new JsonPayloadCodec();

    @Test
    void typed_numbers_are_as_long_as_the_mapper_of_the_host_reads_them() {
        BigInteger whole = BigInteger.TEN.pow(5_000);
        PayloadCodec patient = new JsonPayloadCodec(JsonMapper.builder(JsonFactory.builder()
                        .streamReadConstraints(StreamReadConstraints.builder()
                                .maxNumberLength(10_000)
                                .build())
                        .build())
                .build());

        assertThat(patient.decode(patient.encode(whole, TypeRef.of(BigInteger.class)), TypeRef.of(BigInteger.class)))
                .isEqualTo(whole);
    }

    @Test
    void keys_of_what_is_declared_as_a_map_of_anything_are_texts() {
        Map<Object, Object> numbers = Map.of(7, 1);
        TypeRef<Map<Object, Object>> objects = new TypeRef<>() {};

        for (TypeRef<?> type :
                List.of(TypeRef.of(Map.class), objects, new TypeRef<Map<?, Integer>>() {}, TypeRef.of(Held.class))) {
            assertThatExceptionOfType(FlowException.class)
                    .as("%s", type)
                    .isThrownBy(
                            () -> codec.encode(type.equals(TypeRef.of(Held.class)) ? new Held(numbers) : numbers, type))
                    .withMessageStartingWith("a value cannot be written as ")
                    .withMessageContaining("has the key 7, which is no text")
                    .satisfies(e -> assertThat(e.kind()).isEqualTo(FailureKind.SERIALIZATION));
        }
        assertThat(codec.decode(codec.encode(Map.of("a", 1), objects), objects)).isEqualTo(Map.of("a", 1));
    }

    @Test
    void keys_with_half_a_character_are_refused() {
        for (TypeRef<?> type : List.of(TypeRef.of(Object.class), new TypeRef<Map<String, Integer>>() {})) {
            assertThatExceptionOfType(FlowException.class)
                    .as("%s", type)
                    .isThrownBy(() -> codec.encode(Map.of("a\ud800", 1), type))
                    .withMessageStartingWith("a value cannot be written as ");
        }
    }

    record Held(Map<Object, Object> map) {}
}
