package dev.flowengine.jdbc;

import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.Iteration;
import dev.flowengine.model.LogLevel;
import dev.flowengine.model.LogLine;
import dev.flowengine.persistence.AuditRecord;
import dev.flowengine.persistence.RunTrail;
import java.sql.SQLException;
import java.util.List;

/** Rows of the tables {@code log} and {@code audit}: in the order of the batches, and of each batch. */
final class TrailRows {
    private static final String INSERT_LOG =
            "INSERT INTO {log} (run_no, revision, pos, node_id, iteration, attempt, logged_at, log_level, line) VALUES ("
                    + Marks.of(9) + ")";
    private static final String INSERT_AUDIT =
            "INSERT INTO {audit} (run_no, revision, pos, happened_at, actor, action, status, detail) VALUES ("
                    + Marks.of(8) + ")";

    private TrailRows() {}

    static void insertLogs(Session session, List<Placed<LogLine>> lines) throws SQLException {
        session.each(INSERT_LOG, lines, (values, placed) -> {
            LogLine line = placed.item();
            placed.bind(values);
            values.text(line.nodeId())
                    .text(line.iteration().toString())
                    .integer(line.attempt())
                    .instant(line.instant())
                    .text(line.level().name())
                    .text(line.text());
        });
    }

    static void insertAudit(Session session, List<Placed<AuditRecord>> rows) throws SQLException {
        session.each(INSERT_AUDIT, rows, (values, placed) -> {
            AuditRecord row = placed.item();
            placed.bind(values);
            values.instant(row.at())
                    .text(row.actor())
                    .text(row.action())
                    .text(row.status().map(ExecutionStatus::name))
                    .text(row.detail());
        });
    }

    static RunTrail of(Session session, long runNo) throws SQLException {
        List<LogLine> logs = session.list(
                "SELECT node_id, iteration, attempt, logged_at, log_level, line FROM {log} WHERE run_no = ?"
                        + " ORDER BY revision, pos",
                values -> values.number(runNo),
                row -> new LogLine(
                        row.text(),
                        Iteration.parse(row.text()),
                        row.integer(),
                        row.instant(),
                        row.constant(LogLevel.class),
                        row.text()));
        List<AuditRecord> audit = session.list(
                "SELECT happened_at, actor, action, status, detail FROM {audit} WHERE run_no = ?"
                        + " ORDER BY revision, pos",
                values -> values.number(runNo),
                row -> new AuditRecord(
                        row.instant(),
                        row.text(),
                        row.text(),
                        row.optionalConstant(ExecutionStatus.class),
                        row.text()));
        return new RunTrail(logs, audit);
    }

    /**
     * A row with its place in the trail of its run.
     *
     * @param runNo the run
     * @param revision the batch it came with; 0 for what the run was created with
     * @param pos its place in that batch
     * @param item the row
     */
    record Placed<T>(long runNo, long revision, int pos, T item) {

        private void bind(Parameters values) throws SQLException {
            values.number(runNo).number(revision).integer(pos);
        }
    }
}
