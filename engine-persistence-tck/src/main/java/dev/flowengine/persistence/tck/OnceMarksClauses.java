package dev.flowengine.persistence.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.flowengine.persistence.OnceMarks;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@link OnceMarks} promise, if the store has them. */
abstract class OnceMarksClauses extends Clauses {
    private static final Duration HOUR = Duration.ofHours(1);

    private OnceMarks marks;

    OnceMarksClauses(Supplier<StoreFixture> opening) {
        super(opening);
    }

    @BeforeEach
    void findAbility() {
        marks = store.capability(OnceMarks.class).orElseGet(() -> abort("the store has no marks"));
    }

    @Test
    void a_mark_is_set_once() {
        assertThat(marks.setOnce("daily@2026-03-01", HOUR)).isTrue();
        assertThat(marks.setOnce("daily@2026-03-01", HOUR)).isFalse();
        assertThat(marks.setOnce("daily@2026-03-02", HOUR)).isTrue();
        assertThat(marks.setOnce("Daily@2026-03-01", HOUR)).isTrue();
    }

    @Test
    void a_mark_is_kept_as_long_as_asked() {
        marks.setOnce("m", HOUR);

        fixture.advance(HOUR.minusSeconds(20));

        assertThat(marks.setOnce("m", Duration.ofSeconds(1))).isFalse();
    }

    @ParameterizedTest(name = "{0} threads")
    @ValueSource(ints = {2, 8})
    void of_those_who_set_a_mark_at_once_one_succeeds(int threads) throws Exception {
        for (int round = 0; round < 20; round++) {
            String mark = "round-" + round;
            List<Boolean> answers = Together.run(
                    threads,
                    thread -> side(thread)
                            .capability(OnceMarks.class)
                            .orElseThrow()
                            .setOnce(mark, HOUR));

            assertThat(answers).containsOnlyOnce(true);
        }
    }
}
