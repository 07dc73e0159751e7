package dev.flowengine.extension;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DataReaderTest {
    private enum Colour {
        RED,
        GREEN
    }

    @Test
    void what_is_right_is_read_without_a_problem() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("text", "abc");
        values.put("flag", true);
        values.put("count", 7);
        values.put("whole", new BigDecimal("3.00"));
        values.put("share", new BigDecimal("0.25"));
        values.put("exact", BigInteger.TWO.pow(80));
        values.put("time", "PT1M");
        values.put("colour", "GREEN");
        values.put("list", List.of(1, "x"));
        values.put("texts", List.of("a", "b"));
        values.put("free", Map.of("anything", 1));
        values.put("null", null);
        DataReader reader = DataReader.of(values);

        assertThat(reader.text("text")).isEqualTo("abc");
        assertThat(reader.flag("flag")).isTrue();
        assertThat(reader.flag("other flag")).isFalse();
        assertThat(reader.integer("count", 1, 7)).isEqualTo(7);
        assertThat(reader.integer("whole", 1, 7)).isEqualTo(3);
        assertThat(reader.decimal("share", 0, 1)).isEqualTo(0.25);
        assertThat(reader.number("exact")).isEqualByComparingTo(new BigDecimal(BigInteger.TWO.pow(80)));
        assertThat(reader.number("count")).isEqualByComparingTo("7");
        assertThat(reader.duration("time", Duration.ofMinutes(1))).isEqualTo(Duration.ofMinutes(1));
        assertThat(reader.choice("colour", List.of(Colour.values()))).isEqualTo(Colour.GREEN);
        assertThat(reader.list("list")).containsExactly(1, "x");
        assertThat(reader.texts("texts")).containsExactly("a", "b");
        assertThat(reader.map("free")).containsEntry("anything", 1);
        assertThat(reader.has("null")).isTrue();
        assertThat(reader.value("null")).isNull();
        assertThat(reader.problems()).isEmpty();
        assertThat(reader.problemCount()).isZero();
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                wrong(5, r -> r.text("x"), "/x: is 5, but should be a text"),
                wrong(null, r -> r.text("x"), "/x: is null, but should be a text"),
                wrong("yes", r -> r.flag("x"), "/x: is the text 'yes', but should be true or false"),
                wrong(0, r -> r.integer("x", 1, 9), "/x: is 0, but should be a whole number from 1 to 9"),
                wrong(10, r -> r.integer("x", 1, 9), "/x: is 10, but should be a whole number from 1 to 9"),
                wrong(new BigDecimal("1.5"), r -> r.integer("x", 1, 9), "/x: is 1.5, but"),
                wrong(Double.NaN, r -> r.integer("x", 1, 9), "/x: is NaN, but"),
                wrong(new BigDecimal("1e1000"), r -> r.integer("x", 1, 9), "/x: is 1E+1000, but"),
                wrong(1L << 40, r -> r.integer("x", 1, 9), "/x: is 1099511627776, but"),
                wrong(new BigDecimal("1e999"), r -> r.decimal("x", 0, 1), "/x: is 1E+999, but should be a number from"),
                wrong(List.of(), r -> r.number("x"), "/x: is an empty list, but should be a number"),
                wrong("soon", r -> r.duration("x", Duration.ZERO), "/x: is the text 'soon', but should be a time of"),
                wrong("-PT1S", r -> r.duration("x", Duration.ZERO), "/x: is the text '-PT1S', but should be a time"),
                wrong("PT9999999999999999999H", r -> r.duration("x", Duration.ZERO), "/x: is the text 'PT9"),
                wrong("BLUE", r -> r.choice("x", List.of(Colour.values())), "but should be one of RED, GREEN"),
                wrong(Map.of(), r -> r.list("x"), "/x: is an empty object, but should be a list"),
                wrong(List.of("a", 1), r -> r.texts("x"), "/x/1: is 1, but should be a text"),
                wrong("a", r -> r.object("x"), "/x: is the text 'a', but should be an object"),
                wrong(List.of(Map.of(), 1), r -> r.objects("x"), "/x/1: is 1, but should be an object"),
                wrong("y".repeat(99), r -> r.number("x"), "/x: is the text '" + "y".repeat(60) + "…', but"));
    }

    private static Arguments wrong(Object value, Consumer<DataReader> reading, String problem) {
        return Arguments.of(Collections.singletonMap("x", value), reading, problem);
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void what_is_wrong_is_told_with_its_place(
            Map<String, Object> values, Consumer<DataReader> reading, String problem) {
        DataReader reader = DataReader.of(values);

        reading.accept(reader);

        assertThat(reader.problems())
                .singleElement()
                .asString()
                .startsWith(problem.startsWith("/") ? problem : "/x: ")
                .contains(problem);
    }

    @Test
    void what_is_missing_reads_as_something_harmless() {
        DataReader reader = DataReader.of(Map.of());

        assertThat(reader.text("a")).isEmpty();
        assertThat(reader.integer("b", 3, 9)).isEqualTo(3);
        assertThat(reader.decimal("c", 0.5, 1)).isEqualTo(0.5);
        assertThat(reader.number("d")).isZero();
        assertThat(reader.duration("e", Duration.ofSeconds(1))).isEqualTo(Duration.ofSeconds(1));
        assertThat(reader.choice("f", List.of(Colour.values()))).isEqualTo(Colour.RED);
        assertThat(reader.texts("g")).isEmpty();
        assertThat(reader.objects("h")).isEmpty();
        assertThat(reader.object("i").names()).isEmpty();
        assertThat(reader.value("j")).isNull();
        assertThat(reader.optionalObject("k").names()).isEmpty();
        assertThat(reader.problems())
                .hasSize(10)
                .allMatch(problem -> problem.pointer().isEmpty());
        assertThat(reader.problems().get(0).message()).isEqualTo("has no 'a', which should be a text");
    }

    @Test
    void names_nobody_asked_for_are_problems_that_name_the_known_ones() {
        DataReader reader = DataReader.of(Map.of("inner", List.of(Map.of("url", "x", "ulr/~", 1)), "bogus", 1));

        DataReader inner = reader.objects("inner").get(0);
        inner.text("url");
        inner.has("method");

        assertThat(reader.problems())
                .extracting(DataProblem::toString)
                .containsExactly(
                        "/bogus: is an unknown name; known here are inner",
                        "/inner/0/ulr~1~0: is an unknown name; known here are url, method");
        assertThat(reader.problems()).hasSize(2);
    }

    @Test
    void known_names_and_own_findings_can_be_told() {
        DataReader reader =
                DataReader.of(Map.of("from", 5, "to", 3, "of", List.of(1, "b"))).knows("from", "to", "of");

        reader.problem("from", "is after 'to'");
        reader.expected("to", "at least 5");
        reader.expected("of", 1, "a number");
        reader.problem("is no range");

        assertThat(reader.problems())
                .extracting(DataProblem::toString)
                .containsExactly(
                        "/from: is after 'to'",
                        "/to: is 3, but should be at least 5",
                        "/of/1: is the text 'b', but should be a number",
                        "is no range");
    }

    @Test
    void only_the_first_problems_are_kept_and_all_are_counted() {
        DataReader reader = DataReader.of(Map.of("list", Collections.nCopies(100_000, 1)));

        reader.objects("list");

        assertThat(reader.problems()).hasSize(100);
        assertThat(reader.problemCount()).isEqualTo(100_000);
    }

    @Test
    void numbers_given_by_a_program_are_read_as_they_are() {
        assertThat(DataReader.of(Map.of("percent", 12.5)).number("percent")).isEqualByComparingTo("12.5");
        assertThat(DataReader.of(Map.of("percent", 7L)).number("percent")).isEqualByComparingTo("7");
    }
}
