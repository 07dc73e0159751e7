package dev.flowengine.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.persistence.BatchAnswer;
import dev.flowengine.persistence.ClaimRequest;
import dev.flowengine.persistence.Message;
import dev.flowengine.persistence.MessageType;
import dev.flowengine.persistence.PurgeRequest;
import dev.flowengine.persistence.RunBatch;
import dev.flowengine.persistence.RunQuery;
import dev.flowengine.persistence.StoreException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The connections are the host's: they go back as they came, and nobody waits for a row for ever. */
class HostConnectionsTest {

    @ParameterizedTest
    @EnumSource(Database.class)
    void a_connection_goes_back_as_it_came(Database kind) throws SQLException {
        try (Database.Opened opened = kind.open();
                Connection connection = opened.database().dataSource().getConnection()) {
            for (boolean autoCommit : new boolean[] {true, false}) {
                connection.setAutoCommit(true);
                connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
                connection.setAutoCommit(autoCommit);
                String before = settings(kind, connection);

                useAll(JdbcExecutionStore.builder(new OneConnection(connection)).build(), "run-" + autoCommit);

                assertThat(connection.getAutoCommit()).isEqualTo(autoCommit);
                assertThat(settings(kind, connection)).isEqualTo(before);
            }
            connection.setAutoCommit(true);
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        }
    }

    private static void useAll(JdbcExecutionStore store, String id) {
        store.renew(Runs.WORKER, Duration.ofMinutes(1));
        store.create(Runs.owned(id).withNodes(List.of(Runs.queued("a"))));
        store.apply(RunBatch.of(id, 1, 1).update(Runs.completed("a")).build());
        // Undone, and judged after looking.
        assertThat(store.apply(RunBatch.of(id, 1, 2)
                                .update(Runs.completed("nobody"))
                                .build())
                        .outcome())
                .isEqualTo(BatchAnswer.Outcome.REJECTED);
        store.post(id, Message.control("m", MessageType.PAUSE, "", ""));
        store.load(id);
        store.query(RunQuery.all(5));
        store.release(Runs.WORKER, List.of(id));
        assertThat(store.claim(new ClaimRequest(Runs.WORKER, Set.of(Runs.FLOW), 5)))
                .hasSize(1);
        store.apply(RunBatch.of(id, 2, 2).state(Runs.COMPLETED).build());
        assertThat(store.purge(PurgeRequest.keeping(ExecutionStatus.COMPLETED, 0, 5)))
                .isEqualTo(1);
        store.retire(Runs.WORKER);
    }

    private static String settings(Database kind, Connection connection) throws SQLException {
        String query = switch (kind) {
            case H2 -> "SELECT LOCK_TIMEOUT()";
            case POSTGRESQL ->
                "SELECT current_setting('lock_timeout') || current_setting('statement_timeout')"
                        + " || current_setting('idle_in_transaction_session_timeout')";
            case MARIADB ->
                "SELECT CONCAT(@@innodb_lock_wait_timeout, ' ', @@max_statement_time, ' ', @@idle_transaction_timeout)";
        };
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1) + " isolation " + connection.getTransactionIsolation() + " timeout "
                    + statement.getQueryTimeout();
        } finally {
            if (!connection.getAutoCommit()) {
                connection.rollback();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Database.class)
    @DisplayName("R13 a lock held by others ends a call as a failure that may pass")
    void nobody_waits_for_a_row_for_ever(Database kind) throws SQLException {
        try (Database.Opened opened = kind.open();
                Connection other = opened.database().dataSource().getConnection()) {
            JdbcExecutionStore store = JdbcExecutionStore.builder(
                            opened.database().dataSource())
                    .lockTimeout(Duration.ofMillis(50))
                    .build();
            store.create(Runs.owned("r"));
            other.setAutoCommit(false);
            try (Statement statement = other.createStatement()) {
                statement.executeQuery("SELECT * FROM fe_ownership WHERE run_id = 'r' FOR UPDATE");

                assertThatExceptionOfType(StoreException.class)
                        .isThrownBy(() -> store.apply(RunBatch.of("r", 1, 1).build()))
                        .matches(StoreException::isTransient)
                        .matches(e -> !e.isInDoubt());
            } finally {
                other.rollback();
                other.setAutoCommit(true);
            }

            assertThat(store.apply(RunBatch.of("r", 1, 1).build())).isEqualTo(BatchAnswer.applied());
        }
    }
}
