package dev.flowengine.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.persistence.ClaimRequest;
import dev.flowengine.persistence.NewRun;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Claiming reads the rows of runs that go on, and of these what can be claimed; however much history there is. */
@DisplayName("R10 claiming among finished runs")
class ClaimPlanTest {
    private static final int FINISHED = Integer.getInteger("flowengine.test.finishedRuns", 50_000);
    private static final int ASLEEP = 20_000;

    @Test
    void claiming_reads_a_few_pages_however_much_history_there_is() throws SQLException {
        try (Database.Opened opened = Database.POSTGRESQL.open()) {
            JdbcExecutionStore store = opened.store();
            store.renew(Runs.WORKER, Duration.ofHours(1));
            create(store, 500);
            sleepers(opened);

            finish(opened);
            opened.database().execute("VACUUM ANALYZE");

            assertThat(plan(opened))
                    .contains("fe_ownership_by_time")
                    .doesNotContain("fe_run")
                    .doesNotContain("Seq Scan on fe_ownership");
            assertThat(pagesRead(opened)).as("of the thousands there are").isLessThan(50);
            assertThat(store.claim(new ClaimRequest(Runs.WORKER, Set.of(Runs.FLOW), 10)))
                    .hasSize(10);
        }
    }

    private static void create(JdbcExecutionStore store, int runs) {
        List<NewRun> claimable = new ArrayList<>();
        for (int i = 0; i < runs; i++) {
            claimable.add(Runs.claimable("open-" + i));
        }
        store.create(claimable);
    }

    /** Runs that go on and cannot be claimed. */
    private static void sleepers(Database.Opened opened) {
        opened.database()
                .execute("INSERT INTO fe_ownership (run_id, run_no, flow_id, flow_version, standing, reason,"
                        + " standing_since, epoch, revision, tries, pending, posted)"
                        + " SELECT 'asleep-' || i, -i, 'orders', '1', 'DORMANT', '', now(), 1, 1, 0, 0, 0"
                        + " FROM generate_series(1, " + ASLEEP + ") i");
    }

    private static void finish(Database.Opened opened) {
        opened.database()
                .execute("INSERT INTO fe_run SELECT -i, 'done-' || i, flow_id, flow_version, flow_name, start_kind,"
                        + " start_node, trigger_type, created_at, input_digest, affected_nodes, active_at_start,"
                        + " run_key, user_id, parent_run_id, parent_node_id, parent_iteration, redrive_of, keys_of,"
                        + " 'COMPLETED', created_at, created_at, error, nodes_total, nodes_completed, nodes_failed,"
                        + " nodes_skipped, nodes_cancelled, worker_id, epoch, revision, tries FROM fe_run, generate_series(1, "
                        + FINISHED
                        + ") i WHERE run_id = 'open-0'");
    }

    private static long pagesRead(Database.Opened opened) throws SQLException {
        Matcher hits = Pattern.compile("Buffers: shared hit=(\\d+)").matcher(plan(opened));
        assertThat(hits.find()).isTrue();
        return Long.parseLong(hits.group(1));
    }

    private static String plan(Database.Opened opened) throws SQLException {
        Tables tables = new Tables(new PostgresDialect(), "", "fe_", () -> Duration.ZERO);
        String explain = "EXPLAIN (ANALYZE, BUFFERS) " + tables.sql(Claiming.candidatesSql(1));
        StringBuilder plan = new StringBuilder();
        try (Connection connection = opened.database().dataSource().getConnection();
                PreparedStatement statement = connection.prepareStatement(explain)) {
            Parameters values = new Parameters(statement, new PostgresDialect());
            values.text("orders")
                    .text("1")
                    .number(40)
                    .text("orders")
                    .text("1")
                    .number(40)
                    .number(40);
            try (ResultSet lines = statement.executeQuery()) {
                while (lines.next()) {
                    plan.append(lines.getString(1)).append('\n');
                }
            }
        }
        return plan.toString();
    }
}
