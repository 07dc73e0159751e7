package dev.flowengine.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PlainDataTest {

    static Stream<Arguments> numbers() {
        return Stream.of(
                Arguments.of((byte) 1, 1),
                Arguments.of((short) -2, -2),
                Arguments.of(3L, 3),
                Arguments.of(1L << 40, 1L << 40),
                Arguments.of(BigInteger.TEN, 10),
                Arguments.of(BigInteger.TWO.pow(40), 1L << 40),
                Arguments.of(BigInteger.TWO.pow(70), BigInteger.TWO.pow(70)),
                Arguments.of(1.5, new BigDecimal("1.5")),
                Arguments.of(0.1f, new BigDecimal("0.1")),
                Arguments.of(new BigDecimal("1.50"), new BigDecimal("1.50")),
                Arguments.of(new BigDecimal("7"), 7),
                Arguments.of(new BigDecimal("1E+9"), new BigDecimal("1E+9")));
    }

    @ParameterizedTest
    @MethodSource("numbers")
    void a_number_has_one_form(Number given, Number plain) {
        assertThat(PlainData.copyOf(given)).isEqualTo(plain);
    }

    @Test
    void a_copy_keeps_the_order_and_does_not_follow_the_original() {
        List<Object> inner = new ArrayList<>(List.of("x", true));
        inner.add(null);
        Map<String, Object> original = new LinkedHashMap<>();
        original.put("z", inner);
        original.put("a", Map.of("deep", 1L));

        Map<String, Object> copy = PlainData.copyOf(original);
        inner.clear();

        assertThat(copy.keySet()).containsExactly("z", "a");
        assertThat(copy.get("z")).asInstanceOf(InstanceOfAssertFactories.LIST).containsExactly("x", true, null);
        assertThatThrownBy(() -> copy.put("b", 1)).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> ((List<?>) copy.get("z")).clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> ((Map<?, ?>) copy.get("a")).clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    static Stream<Arguments> others() {
        return Stream.of(
                Arguments.of(Instant.EPOCH, "the value at /a/0 is a java.time.Instant, which is no plain data"),
                Arguments.of(Double.NaN, "the value at /a/0 is NaN"),
                Arguments.of(Float.POSITIVE_INFINITY, "the value at /a/0 is Infinity"),
                Arguments.of(new AtomicInteger(5), "which is no plain number"),
                Arguments.of(Map.of(1, 2), "the value at /a/0 has the key 1, which is no text"),
                Arguments.of(BigInteger.ONE.shiftLeft(4_000), "more than 1000 digits"),
                Arguments.of(BigInteger.TEN.pow(1_000), "more than 1000 digits"),
                Arguments.of(BigInteger.TEN.pow(1_000).negate(), "more than 1000 digits"),
                Arguments.of(new BigDecimal("1e-1001"), "larger exponent"),
                Arguments.of(new BigDecimal("1e2000000000"), "larger exponent"));
    }

    @ParameterizedTest
    @MethodSource("others")
    void what_is_no_plain_data_is_refused_by_its_place(Object value, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PlainData.copyOf(Map.of("a", List.of(value))))
                .withMessageContaining(message);
    }

    @Test
    void a_place_is_a_json_pointer() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PlainData.copyOf(Map.of("a/b~c", Instant.EPOCH)))
                .withMessageContaining(" at /a~1b~0c is");
    }

    @Test
    void keys_are_bounded() {
        String longest = "n".repeat(PlainData.MAX_NAME_LENGTH);

        assertThat(PlainData.copyOf((Object) Map.of(longest, 1))).isEqualTo(Map.of(longest, 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PlainData.copyOf(Map.of("a", Map.of(longest + "n", 1))))
                .withMessage("the value at /a has a key longer than 1000 characters");
    }

    @Test
    void nesting_is_bounded_so_that_a_list_in_itself_is_refused() {
        List<Object> circle = new ArrayList<>();
        circle.add(circle);

        assertThat(PlainData.copyOf(nested(PlainData.MAX_DEPTH))).isEqualTo(nested(PlainData.MAX_DEPTH));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PlainData.copyOf(nested(PlainData.MAX_DEPTH + 1)))
                .withMessageContaining("nested more than 64 deep");
        assertThatIllegalArgumentException().isThrownBy(() -> PlainData.copyOf(circle));
        assertThatIllegalArgumentException().isThrownBy(() -> PlainData.copyOf(Map.of("a", circle)));
    }

    private static List<?> nested(int depth) {
        List<?> list = List.of();
        for (int i = 1; i < depth; i++) {
            list = Collections.singletonList(list);
        }
        return list;
    }
}
