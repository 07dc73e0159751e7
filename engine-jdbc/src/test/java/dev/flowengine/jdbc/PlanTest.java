package dev.flowengine.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.persistence.Claim;
import dev.flowengine.persistence.ClaimRequest;
import dev.flowengine.persistence.NewRun;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a claim reads does not grow with the runs it cannot hand out: ended, asleep, due later, of flows nobody asks for,
 * whether somebody died over them or not, or owned by the living. The databases say themselves how much they have read.
 */
@DisplayName("R10 what statements read")
class PlanTest {
    private static final int MOST_READ = 400;

    @ParameterizedTest
    @EnumSource(Database.class)
    void a_claim_reads_a_few_rows_however_many_others_there_are(Database kind) throws SQLException {
        claimAmong(kind, 50_000, 5_000);
    }

    @Tag("long")
    @ParameterizedTest
    @EnumSource(Database.class)
    void a_claim_reads_a_few_rows_among_a_million(Database kind) throws SQLException {
        claimAmong(kind, 1_000_000, 50_000);
    }

    private static void claimAmong(Database kind, int finished, int others) throws SQLException {
        try (Database.Opened opened = kind.open()) {
            JdbcExecutionStore store = opened.store();
            store.renew(Runs.WORKER, Duration.ofHours(1));
            store.renew("another", Duration.ofHours(1));
            finish(opened, finished);
            open(opened, others, "asleep", "orders", "'DORMANT', NULL, NULL");
            open(opened, others, "due", "orders", "'DUE', NULL, " + inAnHour(opened));
            open(
                    opened,
                    others,
                    "unknown",
                    "bills",
                    "'CLAIMABLE', NULL, " + opened.dialect().now());
            open(opened, others, "living", "orders", "'OWNED', 'another', NULL");
            open(opened, others, "unknown-orphan", "bills", "'OWNED', 'dead', NULL");
            analyze(opened);

            assertThat(read(opened)).as("with nothing to claim").isLessThan(MOST_READ);
            assertThat(store.claim(new ClaimRequest(Runs.WORKER, Set.of(Runs.FLOW), 10)))
                    .isEmpty();

            create(store, 500);

            assertThat(read(opened)).as("with much to claim").isLessThan(MOST_READ);
            assertThat(store.claim(new ClaimRequest(Runs.WORKER, Set.of(Runs.FLOW), 10)))
                    .hasSize(10)
                    .extracting(Claim::executionId)
                    .allMatch(id -> id.startsWith("open-"));
        }
    }

    @ParameterizedTest
    @EnumSource(Database.class)
    void clearing_away_reads_what_has_expired(Database kind) throws SQLException {
        try (Database.Opened opened = kind.open()) {
            opened.database()
                    .execute("INSERT INTO fe_mark (mark_id, keep_until) SELECT CONCAT('m', i), " + inAnHour(opened)
                            + " FROM " + opened.numbers(20_000));
            opened.database()
                    .execute("INSERT INTO fe_mark (mark_id, keep_until) SELECT CONCAT('old', i), "
                            + opened.dialect().now() + " FROM " + opened.numbers(5));
            analyze(opened);

            assertThat(read(opened, JdbcAbilities.expiredSql("mark", "mark_id"), values -> {}))
                    .isLessThan(MOST_READ);
        }
    }

    @ParameterizedTest
    @EnumSource(Database.class)
    @DisplayName("S45 a purge reads what it removes, however many nodes have started runs or still wait for some")
    void a_purge_among_children(Database kind) throws SQLException {
        try (Database.Opened opened = kind.open()) {
            finish(opened, 20_000);
            open(opened, 5_000, "parent", "orders", "'OWNED', 'another', NULL");
            opened.database()
                    .execute(
                            "UPDATE fe_run SET parent_run_id = 'parent-1', parent_node_id = 'call', parent_iteration = run_id");
            nodes(opened, "CONCAT('done-', i)", "COMPLETED", 20_000);
            nodes(opened, "CONCAT('open-', i)", "WAITING", 5_000);
            analyze(opened);

            assertThat(read(
                            opened,
                            Purging.doomedSql(false, List.of("r.ended_at < ?")),
                            values -> values.text("COMPLETED")
                                    .instant(Optional.of(Instant.now().plusSeconds(3_600)))
                                    .number(10)))
                    .isLessThan(MOST_READ);
        }
    }

    private static void nodes(Database.Opened opened, String iteration, String status, int rows) {
        opened.database()
                .execute("INSERT INTO fe_node (run_no, node_id, iteration, attempt, status, seq, ready_at, fired_ports,"
                        + " handled, origin, decided_by) SELECT -1, 'call', " + iteration + ", 1, '" + status
                        + "', 0, " + opened.dialect().now() + ", '', 0, 'BODY', '' FROM " + opened.numbers(rows));
    }

    private static String inAnHour(Database.Opened opened) {
        return opened.dialect().later(opened.dialect().now(), "3600000000");
    }

    private static void create(JdbcExecutionStore store, int runs) {
        List<NewRun> claimable = new ArrayList<>();
        for (int i = 0; i < runs; i++) {
            claimable.add(Runs.claimable("open-" + i));
        }
        store.create(claimable);
    }

    private static void finish(Database.Opened opened, int runs) {
        String now = opened.dialect().now();
        opened.database()
                .execute("INSERT INTO fe_run (run_no, run_id, flow_id, flow_version, flow_name, start_kind, start_node,"
                        + " trigger_type, created_at, input_digest, affected_nodes, active_at_start, status, ended_at,"
                        + " nodes_total, nodes_completed, nodes_failed, nodes_skipped, nodes_cancelled, epoch, revision,"
                        + " tries) SELECT -i, CONCAT('done-', i), 'orders', '1', 'orders', 'FLOW', 'placed', 'MANUAL', "
                        + now + ", '', '', 0, 'COMPLETED', " + now + ", 0, 0, 0, 0, 0, 1, 1, 0 FROM "
                        + opened.numbers(runs));
    }

    private static void open(Database.Opened opened, int runs, String name, String flow, String standing) {
        opened.database()
                .execute(
                        "INSERT INTO fe_ownership (run_id, run_no, flow_id, flow_version, standing, worker_id, wake_at,"
                                + " standing_since, epoch, revision, tries, pending, posted) SELECT CONCAT('" + name
                                + "-', i), -i, '" + flow + "', '1', " + standing + ", "
                                + opened.dialect().now() + ", 1, 1, 0, 0, 0 FROM " + opened.numbers(runs));
    }

    private static void analyze(Database.Opened opened) {
        switch (opened.kind()) {
            case POSTGRESQL -> opened.database().execute("VACUUM ANALYZE");
            case H2 -> opened.database().execute("ANALYZE");
            case MARIADB ->
                opened.database().execute("ANALYZE TABLE fe_run, fe_ownership, fe_worker, fe_mark, fe_node");
        }
    }

    /** How many rows or pages the statements of a claim have read that look for candidates. */
    private static long read(Database.Opened opened) throws SQLException {
        return read(opened, Claiming.wakingSql(1), values -> Claiming.bindWaking(values, List.of(Runs.FLOW), 40))
                + read(opened, opened.dialect().owners(), values -> {})
                + read(
                        opened,
                        Claiming.orphanedSql(1),
                        values -> Claiming.bindOrphaned(values, "dead", List.of(Runs.FLOW), 40));
    }

    private static long read(Database.Opened opened, String template, Session.Binding binding) throws SQLException {
        String sql = new Tables(opened.dialect(), "", "fe_", () -> Duration.ZERO).sql(template);
        String explain = switch (opened.kind()) {
            case POSTGRESQL -> "EXPLAIN (ANALYZE, BUFFERS) " + sql;
            case H2 -> "EXPLAIN ANALYZE " + sql;
            case MARIADB -> sql;
        };
        try (Connection connection = opened.database().dataSource().getConnection();
                Statement status = connection.createStatement();
                PreparedStatement statement = connection.prepareStatement(explain)) {
            if (opened.kind() == Database.MARIADB) {
                status.execute("FLUSH STATUS");
            }
            binding.bind(new StatementParameters(statement, opened.dialect()));
            String plan = text(statement.executeQuery());
            return switch (opened.kind()) {
                case POSTGRESQL -> first("Buffers: shared (?:hit=(\\d+))?(?: read=(\\d+))?", plan);
                case H2 -> sum("scanCount: (\\d+)", plan);
                case MARIADB ->
                    sum(
                            "Handler_read\\w+ (\\d+)",
                            text(status.executeQuery("SHOW SESSION STATUS LIKE 'Handler_read%'")));
            };
        }
    }

    private static String text(ResultSet rows) throws SQLException {
        StringBuilder text = new StringBuilder();
        while (rows.next()) {
            for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                text.append(rows.getString(i)).append(' ');
            }
            text.append('\n');
        }
        return text.toString();
    }

    /** The numbers of the first match together: those of the whole statement. */
    private static long first(String pattern, String plan) {
        Matcher matcher = Pattern.compile(pattern).matcher(plan);
        assertThat(matcher.find()).as(plan).isTrue();
        long sum = 0;
        for (int i = 1; i <= matcher.groupCount(); i++) {
            sum += matcher.group(i) == null ? 0 : Long.parseLong(matcher.group(i));
        }
        return sum;
    }

    private static long sum(String pattern, String plan) {
        Matcher matcher = Pattern.compile(pattern).matcher(plan);
        long sum = 0;
        while (matcher.find()) {
            sum += Long.parseLong(matcher.group(1));
        }
        // H2 counts nothing when it goes from one value of an index to the next.
        assertThat(sum > 0 || plan.contains("/* distinct */")).as(plan).isTrue();
        return sum;
    }
}
