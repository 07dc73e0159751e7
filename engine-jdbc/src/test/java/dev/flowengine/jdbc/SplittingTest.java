package dev.flowengine.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.flowengine.persistence.StoreException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
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
