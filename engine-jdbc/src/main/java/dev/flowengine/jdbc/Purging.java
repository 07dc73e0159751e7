package dev.flowengine.jdbc;

import dev.flowengine.persistence.PurgeRequest;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Removes ended runs, a bounded number at a time. Runs that somebody else is removing are left to them. */
final class Purging {
    private static final List<String> TABLES = List.of("node", "step", "message", "log", "audit", "run");

    private final Session session;
    private final PurgeRequest request;

    Purging(Session session, PurgeRequest request) {
        this.session = session;
        this.request = request;
    }

    int purge() throws SQLException {
        List<String> conditions = new ArrayList<>();
        request.endedBefore().ifPresent(at -> conditions.add("ended_at < ?"));
        Optional<End> firstTooMany =
                request.keep().isPresent() ? firstBeyond(request.keep().getAsLong()) : Optional.empty();
        firstTooMany.ifPresent(end -> conditions.add("ended_at < ? OR (ended_at = ? AND run_id <= ?)"));
        if (conditions.isEmpty()) {
            return 0;
        }
        List<Long> runs = session.list(
                "SELECT run_no FROM {run} WHERE " + ofOutcome() + " AND (" + String.join(" OR ", conditions)
                        + ") ORDER BY ended_at, run_id LIMIT ? FOR UPDATE SKIP LOCKED",
                values -> {
                    bindOutcome(values);
                    if (request.endedBefore().isPresent()) {
                        values.instant(request.endedBefore());
                    }
                    if (firstTooMany.isPresent()) {
                        End end = firstTooMany.get();
                        values.instant(end.at()).instant(end.at()).text(end.runId());
                    }
                    values.number(request.limit());
                },
                Row::number);
        for (String table : TABLES) {
            session.each("DELETE FROM {" + table + "} WHERE run_no = ?", runs, Parameters::number);
        }
        return runs.size();
    }

    /** The end of the run that ended last among those that are too many. */
    private Optional<End> firstBeyond(long keep) throws SQLException {
        return session.first(
                "SELECT ended_at, run_id FROM {run} WHERE " + ofOutcome()
                        + " ORDER BY ended_at DESC, run_id DESC LIMIT 1 OFFSET ?",
                values -> {
                    bindOutcome(values);
                    values.number(keep);
                },
                row -> new End(row.instant(), row.text()));
    }

    private String ofOutcome() {
        return request.flowId().isPresent() ? "status = ? AND flow_id = ?" : "status = ?";
    }

    private void bindOutcome(Parameters values) throws SQLException {
        values.text(request.outcome().name());
        if (request.flowId().isPresent()) {
            values.text(request.flowId());
        }
    }

    /** When a run ended. */
    private record End(Instant at, String runId) {}
}
