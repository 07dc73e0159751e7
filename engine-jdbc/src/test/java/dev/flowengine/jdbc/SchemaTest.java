package dev.flowengine.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.flowengine.persistence.StoreException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The tables of a store: made on demand, never taken for what they are not. */
class SchemaTest {

    @ParameterizedTest
    @EnumSource(Database.class)
    void missing_tables_are_told_with_the_script_that_makes_them(Database kind) {
        try (Database.Opened opened = kind.open()) {
            assertThatExceptionOfType(StoreException.class)
                    .isThrownBy(() -> builder(opened).tablePrefix("nowhere_").build())
                    .withMessageContaining("there are no tables nowhere_*")
                    .matches(e -> !e.isTransient())
                    .extracting(StoreException::suggestedResolution)
                    .asString()
                    .contains("V1__flowengine.sql", "createSchema(true)");
        }
    }

    @Test
    void one_line_makes_the_tables_and_finds_them_again() {
        try (TestDatabase empty = H2Databases.inMemory()) {
            assertThat(JdbcExecutionStore.create(empty.dataSource()).backlog()).isEmpty();
            assertThat(JdbcExecutionStore.create(empty.dataSource()).backlog()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Database.class)
    void tables_of_another_version_are_refused(Database kind) {
        try (Database.Opened opened = kind.open()) {
            builder(opened).tablePrefix("aged_").createSchema(true).build();
            opened.database().execute("UPDATE aged_schema_version SET version = 0");
            assertThatExceptionOfType(StoreException.class)
                    .isThrownBy(() -> builder(opened).tablePrefix("aged_").build())
                    .withMessageContaining("have version 0, but this library needs 1");

            opened.database().execute("UPDATE aged_schema_version SET version = 99");
            assertThatExceptionOfType(StoreException.class)
                    .isThrownBy(() -> builder(opened)
                            .tablePrefix("aged_")
                            .createSchema(true)
                            .build())
                    .withMessageContaining("have version 99, but this library knows only 1")
                    .matches(e -> !e.isTransient());
            opened.database().execute("UPDATE aged_schema_version SET version = 1");
        }
    }

    @ParameterizedTest
    @EnumSource(Database.class)
    void stores_with_other_prefixes_and_schemas_know_nothing_of_each_other(Database kind) {
        try (Database.Opened opened = kind.open()) {
            opened.database().execute("CREATE SCHEMA IF NOT EXISTS apart");
            List<JdbcExecutionStore> stores = List.of(
                    opened.store(),
                    builder(opened).tablePrefix("two_").createSchema(true).build(),
                    builder(opened).schema("apart").createSchema(true).build());

            for (JdbcExecutionStore store : stores) {
                assertThat(store.find("same")).isEmpty();
                store.create(Runs.owned("same"));
                assertThat(store.find("same")).isPresent();
            }
            opened.database().execute("DROP SCHEMA apart" + (kind == Database.MARIADB ? "" : " CASCADE"));
            TestDatabase.TABLES.forEach(table -> opened.database().execute("DELETE FROM two_" + table));
        }
    }

    @ParameterizedTest
    @EnumSource(Database.class)
    void the_script_of_the_jar_can_be_run_by_hand_and_again(Database kind) throws SQLException {
        try (Database.Opened opened = kind.open()) {
            Dialect dialect;
            try (var connection = opened.database().dataSource().getConnection()) {
                dialect = Dialect.of(connection.getMetaData());
            }
            Tables tables = new Tables(dialect, "", "hand_", () -> Duration.ZERO);
            Schema schema = new Schema(opened.database().dataSource(), dialect, tables, Limits.DEFAULT);
            for (int round = 0; round < 2; round++) {
                schema.script(Schema.VERSION).forEach(opened.database()::execute);
            }

            assertThat(builder(opened).tablePrefix("hand_").build().backlog()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"H2, race1_", "H2, race2_", "H2, race3_", "POSTGRESQL, race_", "MARIADB, race_"})
    void many_processes_may_create_the_tables_at_once(Database kind, String prefix) throws Exception {
        int threads = 6;
        CyclicBarrier beginning = new CyclicBarrier(threads);
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try (Database.Opened opened = kind.open()) {
            List<Future<JdbcExecutionStore>> stores = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                stores.add(executor.submit(() -> {
                    beginning.await();
                    return builder(opened)
                            .tablePrefix(prefix)
                            .createSchema(true)
                            .build();
                }));
            }

            for (Future<JdbcExecutionStore> store : stores) {
                assertThat(store.get().backlog()).isEmpty();
            }
        } finally {
            executor.shutdownNow();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1a", "a b", "a\"", "a;DROP TABLE run", "größe", "a.b"})
    void names_that_would_need_quotes_are_refused(String name) {
        try (Database.Opened opened = Database.H2.open()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> builder(opened).tablePrefix(name));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> builder(opened).schema(name));
        }
    }

    @Test
    void a_database_that_cannot_be_reached_is_a_failure_that_may_pass() {
        JdbcDataSource nowhere = new JdbcDataSource();
        nowhere.setURL("jdbc:h2:tcp://127.0.0.1:1/nowhere");

        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> JdbcExecutionStore.builder(nowhere).build())
                .matches(StoreException::isTransient)
                .matches(e -> !e.isInDoubt());
    }

    @Test
    @DisplayName("R13 tables that somebody else has locked are a failure at the start, not a silence")
    void nobody_waits_for_the_tables_for_ever() throws SQLException {
        try (Database.Opened opened = Database.POSTGRESQL.open();
                Connection other = opened.database().dataSource().getConnection()) {
            other.setAutoCommit(false);
            try (Statement statement = other.createStatement()) {
                statement.execute("LOCK TABLE fe_schema_version IN ACCESS EXCLUSIVE MODE");

                assertThatExceptionOfType(StoreException.class)
                        .isThrownBy(() -> builder(opened)
                                .statementTimeout(Duration.ofMillis(1))
                                .build())
                        .matches(StoreException::isTransient);
            } finally {
                other.rollback();
                other.setAutoCommit(true);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, 86_400_001L, Integer.MAX_VALUE, Long.MAX_VALUE})
    void timeouts_that_no_database_understands_are_refused(long millis) {
        try (Database.Opened opened = Database.H2.open()) {
            Duration timeout = Duration.ofMillis(millis);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> builder(opened).statementTimeout(timeout));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> builder(opened).lockTimeout(timeout));
        }
    }

    private static JdbcExecutionStoreBuilder builder(Database.Opened opened) {
        return JdbcExecutionStore.builder(opened.database().dataSource());
    }
}
