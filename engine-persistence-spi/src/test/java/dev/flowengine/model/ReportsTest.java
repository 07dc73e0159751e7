package dev.flowengine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("S36 what nodes report")
class ReportsTest {

    private static String kept(String text) {
        return new LogLine("n", Iteration.NONE, 1, Instant.EPOCH, LogLevel.INFO, text).text();
    }

    @Test
    @DisplayName("R27 a long line is cut, never within a character")
    void a_long_line_is_cut() {
        String longest = "x".repeat(LogLine.MOST_CHARACTERS);

        assertThat(kept(longest)).isEqualTo(longest);
        assertThat(kept(longest + "y")).hasSize(LogLine.MOST_CHARACTERS).endsWith("x…");
        assertThat(kept("x".repeat(LogLine.MOST_CHARACTERS - 2) + "😀😀"))
                .hasSize(LogLine.MOST_CHARACTERS - 1)
                .endsWith("x…");
    }

    @Test
    void progress_is_from_none_to_all() {
        assertThat(new NodeProgress(0, "x".repeat(5_000), Instant.EPOCH).message())
                .hasSize(LogLine.MOST_CHARACTERS);
        assertThat(new NodeProgress(0, "", Instant.EPOCH).fraction()).isZero();
        assertThat(new NodeProgress(1, "", Instant.EPOCH).fraction()).isEqualTo(1);
        for (double wrong : new double[] {-1e-9, 1.000001, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new NodeProgress(wrong, "", Instant.EPOCH))
                    .withMessageContaining(String.valueOf(wrong));
        }
    }
}
