package dev.flowengine.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.flowengine.persistence.StoreException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class SplittingTest {

    @Test
    void a_failure_after_a_part_was_committed_is_in_doubt() {
        List<String> committed = new ArrayList<>();

        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> Splitting.each(List.of("a", "bad", "c", "d"), some -> write(some, committed), x -> x))
                .matches(StoreException::isInDoubt)
                .matches(StoreException::isTransient)
                .withMessageContaining("no connection");

        assertThat(committed).containsExactly("a");
    }

    @Test
    void a_failure_before_anything_was_committed_is_not() {
        List<String> committed = new ArrayList<>();

        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> Splitting.each(List.of("c", "bad"), some -> write(some, committed), x -> x))
                .matches(e -> !e.isInDoubt());

        assertThat(committed).isEmpty();
    }

    @Test
    @DisplayName("R12 what takes too long is halved and tried again")
    void what_takes_too_long_is_halved_and_tried_again() {
        List<Integer> sizes = new ArrayList<>();

        List<String> answers = Splitting.each(
                List.of("a", "b", "c", "d", "e"),
                some -> {
                    sizes.add(some.size());
                    return inTime(some, 2);
                },
                x -> x);

        assertThat(answers).containsExactly("a", "b", "c", "d", "e");
        assertThat(sizes).containsExactly(5, 2, 3, 1, 2);
    }

    @Test
    @DisplayName("R12 what always takes too long is given up soon")
    void what_always_takes_too_long_is_given_up_soon() {
        List<Integer> sizes = new ArrayList<>();

        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> Splitting.each(
                        Collections.nCopies(64, "a"),
                        some -> {
                            sizes.add(some.size());
                            return inTime(some, 0);
                        },
                        x -> x))
                .matches(StoreException::isTransient)
                .matches(e -> !e.isInDoubt());

        assertThat(sizes).containsExactly(64, 32, 16, 8);
    }

    private static List<String> inTime(List<String> some, int most) {
        if (some.size() > most) {
            throw new TooSlow("too many", new SQLException("too many"));
        }
        return some;
    }

    /** Refuses what is bad, and loses its connection at "c". */
    private static List<String> write(List<String> some, List<String> committed) {
        if (some.contains("bad")) {
            throw new RefusedByDatabase(new SQLException("too long"));
        }
        if (some.contains("c")) {
            throw StoreException.transientFailure("no connection", null);
        }
        committed.addAll(some);
        return some;
    }
}
