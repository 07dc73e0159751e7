package dev.flowengine.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.zaxxer.hikari.HikariDataSource;
import dev.flowengine.persistence.RunBatch;
import dev.flowengine.persistence.StoreException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What goes wrong around the statements, and what the codes of databases mean. */
@DisplayName("R8 failures")
class FailureTest {

    @ParameterizedTest
    @EnumSource(Database.class)
    void what_could_not_be_undone_is_not_committed_either(Database kind) {
        try (Database.Opened opened = kind.open()) {
            FailingDataSource dataSource =
                    new FailingDataSource(opened.database().dataSource());
            JdbcExecutionStore store = JdbcExecutionStore.builder(dataSource).build();
            store.create(Runs.owned("r").withNodes(List.of(Runs.queued("a"))));
            RunBatch batch = RunBatch.of("r", 1, 1)
                    .update(Runs.completed("a"))
                    .step(Runs.step("s"))
                    .build();
            boolean failed = true;
            for (int trip = 1; failed; trip++) {
                dataSource.failAt(trip);
                try {
                    store.apply(batch);
                    failed = false;
                } catch (StoreException e) {
                    dataSource.heal();
                    assertThat(store.load("r").orElseThrow().run().ownership().revision())
                            .as("after round trip %d", trip)
                            .isZero();
                    assertThat(store.load("r").orElseThrow().nodes()).containsExactly(Runs.queued("a"));
                }
                dataSource.heal();
            }
        }
    }

    @Test
    void an_interrupt_while_waiting_for_a_connection_passes() throws SQLException {
        try (Database.Opened opened = Database.H2.open()) {
            JdbcExecutionStore store = opened.store();
            HikariDataSource pool = (HikariDataSource) opened.database().dataSource();
            try (Connections all = new Connections(pool)) {
                assertThat(all.size()).isEqualTo(pool.getMaximumPoolSize());
                Thread.currentThread().interrupt();

                assertThatExceptionOfType(StoreException.class)
                        .isThrownBy(store::now)
                        .matches(StoreException::isTransient)
                        .matches(e -> !e.isInDoubt());
            } finally {
                assertThat(Thread.interrupted()).isTrue();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "25006, TRANSIENT",
        "25P03, TRANSIENT",
        "25P04, TRANSIENT",
        "55P03, TRANSIENT",
        "57P01, TRANSIENT",
        "57014, TIMEOUT",
        "53300, TRANSIENT",
        "08006, TRANSIENT",
        "40003, TRANSIENT",
        "40001, ROLLED_BACK",
        "40P01, ROLLED_BACK",
        "23505, DUPLICATE",
        "22001, DATA",
        "54000, DATA",
        "28P01, PERMANENT",
        "42P01, PERMANENT"
    })
    void states_of_postgresql(String state, Failure meaning) {
        assertThat(new PostgresDialect().failure(new SQLException("", state))).isEqualTo(meaning);
    }

    @ParameterizedTest
    @CsvSource({
        "1213, 40001, ROLLED_BACK", "1020, HY000, ROLLED_BACK", "1205, HY000, TRANSIENT", "1969, 70100, TIMEOUT",
        "1290, HY000, TRANSIENT", "1836, HY000, TRANSIENT", "1114, HY000, TRANSIENT", "1062, 23000, DUPLICATE",
        "1406, 22001, DATA", "1045, 28000, PERMANENT", "1146, 42S02, PERMANENT"
    })
    void codes_of_mariadb(int code, String state, Failure meaning) {
        assertThat(new MariaDbDialect(true).failure(new SQLException("", state, code)))
                .isEqualTo(meaning);
    }

    /** All connections of a pool. */
    private static final class Connections implements AutoCloseable {
        private final List<Connection> held = new ArrayList<>();

        Connections(HikariDataSource pool) throws SQLException {
            for (int i = 0; i < pool.getMaximumPoolSize(); i++) {
                held.add(pool.getConnection());
            }
        }

        int size() {
            return held.size();
        }

        @Override
        public void close() throws SQLException {
            for (Connection connection : held) {
                connection.close();
            }
        }
    }
}
