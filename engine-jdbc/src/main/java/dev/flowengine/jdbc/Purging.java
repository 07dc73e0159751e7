package dev.flowengine.jdbc;

import dev.flowengine.persistence.PurgeRequest;
import dev.flowengine.persistence.StoreException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Removes ended runs in transactions of a bounded size, however many rows they have. A run is gone when its row in "run" is,
 * by which alone it is found; its number is noted in that transaction, and its rows in other tables go after it, bit by
 * bit. What is left over, because a process has died or the database had no time, is removed by the next call. What
 * somebody else is removing is left to them.
 */
final class Purging {
    private static final String WHAT = "removing ended runs";
    private static final List<String> TABLES = List.of("node", "step", "message", "log", "audit");
    private static final int RUNS_AT_ONCE = 256;
    private static final int ROWS_AT_ONCE = 4096;

    /** The run is no child of one that goes on whose node may not know yet what it came to: three keys, looked up for children only. */
    private static final String NOT_AWAITED = "(r.parent_run_id IS NULL OR NOT EXISTS (SELECT 1 FROM {ownership} o"
            + " JOIN {node} n ON n.run_no = o.run_no AND n.node_id = r.parent_node_id"
            + " AND n.iteration = r.parent_iteration AND n.status IN ('IDLE', 'QUEUED', 'RUNNING', 'WAITING')"
            + " WHERE o.run_id = r.parent_run_id))";

    private final Transactions transactions;
    private final PurgeRequest request;

    Purging(Transactions transactions, PurgeRequest request) {
        this.transactions = transactions;
        this.request = request;
    }

    int purge() {
        int removed = 0;
        try {
            Portion runs = new Portion(RUNS_AT_ONCE);
            boolean more = true;
            while (more && removed < request.limit()) {
                int wanted = Math.min(runs.size(), request.limit() - removed);
                int gone = inTime(runs, session -> remove(session, wanted));
                removed += Math.max(gone, 0);
                more = gone == wanted || gone == Portion.TOO_MUCH;
            }
            Portion rows = new Portion(ROWS_AT_ONCE);
            more = true;
            while (more) {
                more = inTime(rows, session -> removeRest(session, rows.size())) != 0;
            }
        } catch (StoreException e) {
            if (removed == 0 || e.isInDoubt()) {
                throw e;
            }
            transactions.warn(
                    WHAT, "removed " + removed + " runs, and left the rest for the next time: " + e.getMessage());
        }
        return removed;
    }

    /** What the work answers, or that it was too much for the time there is; then less is tried the next time. */
    private int inTime(Portion portion, Transactions.Work<Integer> work) {
        try {
            return transactions.runMany(WHAT, work);
        } catch (TooSlow e) {
            if (!portion.halve()) {
                throw StoreException.transientFailure(String.valueOf(e.getMessage()), e.getCause());
            }
            transactions.warn(WHAT, "trying " + portion.size() + " at a time: " + e.getMessage());
            return Portion.TOO_MUCH;
        } catch (RefusedByDatabase e) {
            throw StoreException.permanentFailure(
                    WHAT + ": " + e.getMessage(), e, "Check the constraints of the tables of the store.");
        }
    }

    /** Removes the rows in "run" of some runs. */
    private int remove(Session session, int wanted) throws SQLException {
        List<String> conditions = new ArrayList<>();
        request.endedBefore().ifPresent(at -> conditions.add("r.ended_at < ?"));
        Optional<End> firstTooMany =
                request.keep().isPresent() ? firstBeyond(session, request.keep().getAsLong()) : Optional.empty();
        firstTooMany.ifPresent(end -> conditions.add("r.ended_at < ? OR (r.ended_at = ? AND r.run_id <= ?)"));
        if (conditions.isEmpty()) {
            return 0;
        }
        List<Long> runs = session.list(
                doomedSql(request.flowId().isPresent(), conditions) + " FOR UPDATE SKIP LOCKED",
                values -> {
                    bindOutcome(values);
                    if (request.endedBefore().isPresent()) {
                        values.instant(request.endedBefore());
                    }
                    if (firstTooMany.isPresent()) {
                        End end = firstTooMany.get();
                        values.instant(end.at()).instant(end.at()).text(end.runId());
                    }
                    values.number(wanted);
                },
                Row::number);
        session.each("INSERT INTO {purged} (run_no) VALUES (?)", runs, Parameters::number);
        session.each("DELETE FROM {run} WHERE run_no = ?", runs, Parameters::number);
        return runs.size();
    }

    /** Finds runs that have to go, the oldest first. */
    static String doomedSql(boolean ofOneFlow, List<String> conditions) {
        String from = ofOneFlow ? "{run} r WHERE r.flow_id = ? AND" : "{run} r{by-end} WHERE";
        return "SELECT r.run_no FROM " + from + " r.status = ? AND (" + String.join(" OR ", conditions) + ") AND "
                + NOT_AWAITED + " ORDER BY {oldest} LIMIT ?";
    }

    /** Removes rows of runs that are gone; how many, or 0 if there is nothing left to remove. */
    private static int removeRest(Session session, int most) throws SQLException {
        List<Long> runs = session.list(
                "SELECT run_no FROM {purged}{by-key} ORDER BY run_no LIMIT ? FOR UPDATE SKIP LOCKED",
                values -> values.integer(RUNS_AT_ONCE / 4),
                Row::number);
        if (runs.isEmpty()) {
            return 0;
        }
        int left = most;
        for (String table : TABLES) {
            left -= session.deleteSome(table, runs, left);
            if (left <= 0) {
                return most;
            }
        }
        session.each("DELETE FROM {purged} WHERE run_no = ?", runs, Parameters::number);
        return most - left + runs.size();
    }

    /** The end of the run that ended last among those that are too many. */
    private Optional<End> firstBeyond(Session session, long keep) throws SQLException {
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
        return request.flowId().isPresent() ? "flow_id = ? AND status = ?" : "status = ?";
    }

    private void bindOutcome(Parameters values) throws SQLException {
        if (request.flowId().isPresent()) {
            values.text(request.flowId());
        }
        values.text(request.outcome().name());
    }

    /** When a run ended. */
    private record End(Instant at, String runId) {}

    /** How much is done in one transaction. */
    private static final class Portion {
        private static final int TOO_MUCH = -1;
        private int size;

        Portion(int size) {
            this.size = size;
        }

        int size() {
            return size;
        }

        /** Whether there is a smaller one. */
        boolean halve() {
            size /= 2;
            return size > 0;
        }
    }
}
