package dev.flowengine.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("S27 timeouts")
class TimeoutsTest {
    private static final Duration ONE = Duration.ofSeconds(1);
    private static final Duration TWO = Duration.ofSeconds(2);
    private static final Duration THREE = Duration.ofSeconds(3);

    @Test
    void limit_nothing_unless_it_is_said() {
        assertThat(Timeouts.none().attempt()).isEmpty();
        assertThat(Timeouts.none().node()).isEmpty();
        assertThat(Timeouts.none().execution()).isEmpty();
    }

    @Test
    void limit_what_is_said_and_keep_the_rest() {
        Timeouts all = Timeouts.none().attempt(ONE).node(TWO).execution(THREE);

        assertThat(all.attempt()).contains(ONE);
        assertThat(all.node()).contains(TWO);
        assertThat(all.execution()).contains(THREE);
        assertThat(all.attempt(THREE).attempt()).contains(THREE);
        assertThat(all.attempt(THREE).execution()).contains(THREE);
        assertThat(all.attempt()).contains(ONE);
    }

    @Test
    void are_filled_up_from_others_where_they_say_nothing() {
        Timeouts defaults = Timeouts.none().attempt(ONE).node(ONE).execution(ONE);

        Timeouts filled = Timeouts.none().node(TWO).orElse(defaults);

        assertThat(filled.attempt()).contains(ONE);
        assertThat(filled.node()).contains(TWO);
        assertThat(filled.execution()).contains(ONE);
        assertThat(Timeouts.none()
                        .attempt(TWO)
                        .execution(THREE)
                        .orElse(defaults)
                        .attempt())
                .contains(TWO);
        assertThat(Timeouts.none().execution(THREE).orElse(defaults).execution())
                .contains(THREE);
    }

    @Test
    void must_be_positive() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Timeouts.none().attempt(Duration.ZERO))
                .withMessage("attempt timeout is PT0S, but must be positive");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Timeouts.none().node(ONE.negated()))
                .withMessage("node timeout is PT-1S, but must be positive");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Timeouts.none().execution(Duration.ZERO))
                .withMessage("execution timeout is PT0S, but must be positive");
        assertThatNullPointerException()
                .isThrownBy(() -> Timeouts.none().node(null))
                .withMessage("node timeout");
    }
}
