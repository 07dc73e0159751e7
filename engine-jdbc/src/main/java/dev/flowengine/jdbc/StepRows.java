package dev.flowengine.jdbc;

import dev.flowengine.model.Iteration;
import dev.flowengine.persistence.Payload;
import dev.flowengine.persistence.StepKey;
import dev.flowengine.persistence.StepRecord;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Rows of the table {@code step}. */
final class StepRows {
    private static final String INSERT =
            "INSERT INTO {step} (run_no, node_id, iteration, step_name, result_type, result, recorded_at) VALUES ("
                    + Marks.of(7) + ")";

    private StepRows() {}

    static void insert(Session session, List<Numbered<StepRecord>> steps) throws SQLException {
        session.each(INSERT, steps, (values, numbered) -> {
            StepRecord step = numbered.item();
            values.number(numbered.runNo())
                    .text(step.key().nodeId())
                    .text(step.key().iteration().toString())
                    .text(step.key().name())
                    .text(step.result().contentType())
                    .bytes(step.result().bytes())
                    .instant(step.recordedAt());
        });
    }

    static boolean isThere(Session session, long runNo, StepKey key) throws SQLException {
        return session.first(
                        "SELECT run_no FROM {step} WHERE run_no = ? AND node_id = ? AND iteration = ? AND step_name = ?",
                        values -> values.number(runNo)
                                .text(key.nodeId())
                                .text(key.iteration().toString())
                                .text(key.name()),
                        Row::number)
                .isPresent();
    }

    static List<StepRecord> of(Session session, long runNo) throws SQLException {
        return session.list(
                "SELECT node_id, iteration, step_name, result_type, result, recorded_at FROM {step} WHERE run_no = ?",
                values -> values.number(runNo),
                row -> new StepRecord(readKey(row), readResult(row), row.instant()));
    }

    static Set<StepKey> keys(Session session, long runNo) throws SQLException {
        return new HashSet<>(session.list(
                "SELECT node_id, iteration, step_name FROM {step} WHERE run_no = ?",
                values -> values.number(runNo),
                StepRows::readKey));
    }

    private static StepKey readKey(Row row) throws SQLException {
        return new StepKey(row.text(), Iteration.parse(row.text()), row.text());
    }

    private static Payload readResult(Row row) throws SQLException {
        return Payload.of(row.text(), Objects.requireNonNull(row.bytes(), "a step has a result"));
    }
}
