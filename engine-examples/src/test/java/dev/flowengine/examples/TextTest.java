package dev.flowengine.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.TypeConversionException;

class TextTest {

    @Test
    void columns_of_a_table_are_as_wide_as_their_widest_cell() {
        assertThat(new TextTable().row("a", "long one", "x").row("wide", "b").lines())
                .containsExactly("a     long one  x", "wide  b");
        assertThat(new TextTable().lines()).isEmpty();
    }

    @Test
    void one_line_has_no_control_characters_and_an_end() {
        assertThat(OneLine.of(" a\r\n\tb\u001B[2Jc\u2028d \n")).isEqualTo("a b [2Jc d");
        assertThat(OneLine.of("x".repeat(3_000))).hasSize(2_003).endsWith("x...");
        assertThat(OneLine.of(new IOException())).isEqualTo("java.io.IOException");
    }

    @Test
    void durations_are_typed_with_their_unit() {
        assertThat(List.of("0ms", "250ms", "2s", "10m"))
                .map(new ShortDuration()::convert)
                .containsExactly(Duration.ZERO, Duration.ofMillis(250), Duration.ofSeconds(2), Duration.ofMinutes(10));
        assertThat(List.of("", "2", "s", "-1s", "1.5s", "2 s", "1h", "9999999999s"))
                .allSatisfy(text -> assertThatThrownBy(() -> new ShortDuration().convert(text))
                        .isInstanceOf(TypeConversionException.class)
                        .hasMessageContaining("'" + text + "'")
                        .hasMessageContaining("250ms"));
    }

    @Test
    void json_keeps_the_order_and_escapes_line_ends() {
        Map<String, Object> entries = new LinkedHashMap<>();
        entries.put("z", List.of(1, 2.5));
        entries.put("a", "two\nlines");

        assertThat(JsonLine.of(entries)).isEqualTo("{\"z\":[1,2.5],\"a\":\"two\\nlines\"}");
    }

    @Test
    void times_are_rounded_for_machines_and_for_people() {
        assertThat(Milliseconds.rounded(1.23456, 3)).isEqualTo(1.235);
        assertThat(Milliseconds.text(12_345.67)).isEqualTo("12,345.7 ms");
    }
}
