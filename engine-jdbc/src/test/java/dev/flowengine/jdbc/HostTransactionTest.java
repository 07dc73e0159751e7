package dev.flowengine.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.flowengine.persistence.RunBatch;
import dev.flowengine.persistence.StoreException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Steps recorded within a transaction of the host's: with its own writes, or not at all. */
class HostTransactionTest {

    @ParameterizedTest
    @EnumSource(Database.class)
    void a_step_is_recorded_with_the_writes_of_the_host_or_not_at_all(Database kind) throws SQLException {
        try (Database.Opened opened = kind.open();
                Connection connection = opened.database().dataSource().getConnection()) {
            JdbcExecutionStore store = opened.store();
            store.create(Runs.owned("r"));
            connection.setAutoCommit(false);

            assertThat(store.recordStep(connection, "r", 1, Runs.step("undone")))
                    .isTrue();
            connection.rollback();
            assertThat(store.recordStep(connection, "r", 1, Runs.step("kept"))).isTrue();
            connection.commit();

            assertThat(store.load("r").orElseThrow().steps()).containsExactly(Runs.step("kept"));
            assertThatExceptionOfType(StoreException.class)
                    .isThrownBy(() -> store.recordStep(connection, "r", 1, Runs.step("kept")))
                    .withMessageContaining("DUPLICATE_STEP");
            connection.rollback();
            connection.setAutoCommit(true);
            store.apply(RunBatch.of("r", 1, 1).step(Runs.step("next")).build());
            assertThat(store.load("r").orElseThrow().steps()).hasSize(2);
        }
    }

    @ParameterizedTest
    @EnumSource(Database.class)
    void who_does_not_own_the_run_records_nothing(Database kind) throws SQLException {
        try (Database.Opened opened = kind.open();
                Connection connection = opened.database().dataSource().getConnection()) {
            JdbcExecutionStore store = opened.store();
            store.create(Runs.owned("released"));
            store.create(Runs.owned("ended"));
            store.release(Runs.WORKER, List.of("released"));
            store.apply(RunBatch.of("ended", 1, 1).state(Runs.COMPLETED).build());
            store.create(Runs.owned("r"));
            connection.setAutoCommit(false);

            assertThat(store.recordStep(connection, "r", 2, Runs.step("s"))).isFalse();
            for (String id : List.of("released", "ended", "nobody", "\0")) {
                assertThat(store.recordStep(connection, id, 1, Runs.step("s")))
                        .as(id)
                        .isFalse();
            }
            connection.commit();
            connection.setAutoCommit(true);

            assertThat(store.load("r").orElseThrow().steps()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Database.class)
    void without_a_transaction_nothing_is_recorded(Database kind) throws SQLException {
        try (Database.Opened opened = kind.open();
                Connection connection = opened.database().dataSource().getConnection()) {
            JdbcExecutionStore store = opened.store();
            store.create(Runs.owned("r"));

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> store.recordStep(connection, "r", 1, Runs.step("s")))
                    .withMessageContaining("setAutoCommit(false)");

            assertThat(store.load("r").orElseThrow().steps()).isEmpty();
        }
    }
}
