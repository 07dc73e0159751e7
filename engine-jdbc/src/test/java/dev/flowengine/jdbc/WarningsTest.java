package dev.flowengine.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("R13 what is done again is said, and not too often")
class WarningsTest {
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
    private final List<String> said = new ArrayList<>();
    private final Warnings warnings = new Warnings(now::get, said::add);

    @Test
    void each_kind_of_work_is_heard_once_a_minute_with_what_was_not_said() {
        warnings.add("claiming", "a deadlock");
        warnings.add("claiming", "a deadlock");
        warnings.add("claiming", "a deadlock");
        warnings.add("renewing", "a deadlock");
        pass(Duration.ofSeconds(59));
        warnings.add("claiming", "a deadlock");
        assertThat(said).containsExactly("claiming: a deadlock", "renewing: a deadlock");

        pass(Duration.ofSeconds(1));
        warnings.add("claiming", "a conflict");
        pass(Duration.ofSeconds(60));
        warnings.add("claiming", "a conflict");

        assertThat(said.subList(2, said.size()))
                .containsExactly(
                        "claiming: a conflict (and 3 times before, since this was last said)", "claiming: a conflict");
    }

    @Test
    void what_the_database_undid_is_done_again_and_said() {
        try (Database.Opened opened = Database.H2.open()) {
            Tables tables = new Tables(new H2Dialect(), "", "fe_", () -> Duration.ZERO);
            Transactions transactions =
                    new Transactions(opened.database().dataSource(), new H2Dialect(), tables, Limits.DEFAULT, warnings);

            boolean repeated = transactions.run("claiming runs", session -> {
                if (!session.isRepeated()) {
                    throw new SQLException("two waited for each other", "40001");
                }
                return true;
            });

            assertThat(repeated).isTrue();
            assertThat(said)
                    .containsExactly(
                            "claiming runs: undone by the database, and done again: two waited for each other");
        }
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }
}
