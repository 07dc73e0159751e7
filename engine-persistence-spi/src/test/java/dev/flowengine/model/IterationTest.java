package dev.flowengine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("S32 the iteration is a path of integers")
class IterationTest {

    @Test
    void is_written_outermost_loop_first() {
        assertThat(new Iteration(List.of(3))).hasToString("3");
        assertThat(new Iteration(List.of(3, 7))).hasToString("3.7");
        assertThat(new Iteration(List.of(3, 7, 100_000))).hasToString("3.7.100000");
    }

    @Test
    void is_empty_outside_any_loop() {
        assertThat(Iteration.NONE).hasToString("").isEqualTo(new Iteration(List.of()));
    }

    @Test
    void does_not_follow_changes_of_the_list_it_was_made_of() {
        List<Integer> path = new ArrayList<>(List.of(1, 2));
        Iteration iteration = new Iteration(path);

        path.add(3);

        assertThat(iteration.path()).containsExactly(1, 2);
        assertThatThrownBy(() -> iteration.path().add(4)).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void is_read_as_it_was_written() {
        for (Iteration iteration : List.of(Iteration.NONE, new Iteration(List.of(3, 7, 100_000)))) {
            assertThat(Iteration.parse(iteration.toString())).isEqualTo(iteration);
        }
        assertThatThrownBy(() -> Iteration.parse("3..7")).isInstanceOf(NumberFormatException.class);
    }
}
