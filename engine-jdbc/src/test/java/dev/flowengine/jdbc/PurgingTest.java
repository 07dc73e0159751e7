package dev.flowengine.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.persistence.PurgeRequest;
import dev.flowengine.persistence.RunBatch;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Heavy runs are removed in transactions of a bounded size, and nobody sees half of one. */
@DisplayName("R31 removing heavy runs")
class PurgingTest {
    private static final PurgeRequest ALL = PurgeRequest.keeping(ExecutionStatus.COMPLETED, 0, 1_000);

    @ParameterizedTest
    @EnumSource(Database.class)
    void a_heavy_run_is_gone_at_once_and_its_rows_go_bit_by_bit(Database kind) {
        removeHeavy(kind, 20_000, 22);
    }

    @Tag("long")
    @ParameterizedTest
    @EnumSource(Database.class)
    void a_run_of_a_hundred_thousand_nodes_is_gone_at_once(Database kind) {
        removeHeavy(kind, 100_000, 39);
    }

    /** Breaks at a round trip that is no commit on any database: of what is in doubt the caller is told. */
    private static void removeHeavy(Database kind, int nodes, int roundTrips) {
        try (Database.Opened opened = kind.open()) {
            FailingDataSource dataSource =
                    new FailingDataSource(opened.database().dataSource());
            JdbcExecutionStore store = JdbcExecutionStore.builder(dataSource).build();
            end(store, "heavy");
            addNodes(opened, nodes);

            dataSource.breakAt(roundTrips);
            assertThat(store.purge(ALL)).isEqualTo(1);
            dataSource.heal();

            assertThat(opened.database().count("node"))
                    .as("left by transactions of a bounded size")
                    .isBetween(1L, nodes - 4096L);
            assertThat(store.load("heavy")).isEmpty();
            store.create(Runs.owned("heavy"));
            assertThat(store.load("heavy").orElseThrow().nodes()).isEmpty();

            assertThat(store.purge(ALL)).isZero();
            assertThat(opened.database().count("node")).isZero();
            assertThat(opened.database().count("purged")).isZero();
            assertThat(store.find("heavy")).isPresent();
        }
    }

    @Test
    @DisplayName("R12 what takes too long is halved and tried again")
    void what_takes_too_long_is_halved_and_tried_again() {
        try (Database.Opened opened = Database.POSTGRESQL.open()) {
            JdbcExecutionStore store = JdbcExecutionStore.builder(
                            opened.database().dataSource())
                    .statementTimeout(Duration.ofMillis(500))
                    .build();
            end(store, "slow");
            addNodes(opened, 400);
            opened.database()
                    .execute("CREATE FUNCTION slow() RETURNS trigger AS"
                            + " $$ BEGIN PERFORM pg_sleep(0.005); RETURN OLD; END $$ LANGUAGE plpgsql");
            opened.database()
                    .execute("CREATE TRIGGER slow BEFORE DELETE ON fe_node FOR EACH ROW EXECUTE FUNCTION slow()");
            try {
                assertThat(store.purge(ALL)).isEqualTo(1);
                assertThat(opened.database().count("node")).isZero();
            } finally {
                opened.database().execute("DROP FUNCTION slow CASCADE");
            }
        }
    }

    private static void end(JdbcExecutionStore store, String id) {
        store.create(Runs.owned(id));
        store.apply(RunBatch.of(id, 1, 1).state(Runs.COMPLETED).build());
    }

    private static void addNodes(Database.Opened opened, int nodes) {
        opened.database()
                .execute("INSERT INTO fe_node (run_no, node_id, iteration, attempt, status, seq, ready_at, fired_ports,"
                        + " handled, origin, decided_by) SELECT r.run_no, CONCAT('n', i), '', 1, 'COMPLETED', i,"
                        + " r.created_at, '', 0, 'BODY', '' FROM fe_run r, " + opened.numbers(nodes));
    }
}
