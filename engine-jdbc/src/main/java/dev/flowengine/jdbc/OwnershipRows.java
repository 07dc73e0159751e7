package dev.flowengine.jdbc;

import dev.flowengine.persistence.NewRun;
import dev.flowengine.persistence.RunHeader;
import dev.flowengine.persistence.Standing;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Rows of the table {@code ownership}: who may write to runs that go on. */
final class OwnershipRows {
    private static final String INSERT = "INSERT INTO {ownership} (run_id, run_no, flow_id, flow_version, standing,"
            + " worker_id, wake_at, due_at, reason, epoch, standing_since, revision, tries, pending, posted)"
            + " VALUES (" + Marks.of(10) + ", {now}, 0, 0, 0, 0)";

    private static final String LOCK =
            "SELECT run_id, run_no, standing, worker_id, epoch, revision, tries, pending, posted, {now}"
                    + " FROM {ownership}{by-key} WHERE run_id IN (";

    private static final String KEEP = "UPDATE {ownership} SET revision = ?, tries = ?, pending = ? WHERE run_id = ?";

    private static final String HAND_BACK = "UPDATE {ownership} SET revision = ?, tries = ?, pending = ?, standing = ?,"
            + " wake_at = ?, due_at = ?, reason = ?, worker_id = NULL, standing_since = {now} WHERE run_id = ?";

    private OwnershipRows() {}

    /** Inserts the rows of new runs; those that are claimable are so from an instant on. */
    static void insert(Session session, List<Numbered<NewRun>> runs, Instant now) throws SQLException {
        session.each(INSERT, runs, (values, run) -> {
            RunHeader header = run.item().header();
            Standing standing = run.item().standing();
            values.text(header.executionId())
                    .number(run.runNo())
                    .text(header.flow().flowId())
                    .text(header.flow().version())
                    .text(Standings.name(standing))
                    .text(run.item().workerId())
                    .instant(Standings.wakeAt(standing, false, now))
                    .instant(Standings.dueAt(standing))
                    .text(Standings.reason(standing))
                    .number(epochOf(run.item()));
        });
    }

    static long epochOf(NewRun run) {
        return run.standing() instanceof Standing.Owned ? 1 : 0;
    }

    /**
     * Locks the rows of runs in the order of their ids, as everybody who locks more than one does, and waits for them.
     *
     * @return those that go on, by id
     */
    static Map<String, OpenRun> lock(Session session, Collection<String> runIds) throws SQLException {
        Map<String, OpenRun> runs = new LinkedHashMap<>();
        for (List<String> ids : Marks.lists(runIds)) {
            List<OpenRun> found = session.list(
                    LOCK + Marks.of(ids.size()) + ") ORDER BY run_id FOR UPDATE",
                    values -> values.texts(ids),
                    OpenRun::read);
            found.forEach(run -> runs.put(run.runId(), run));
        }
        return runs;
    }

    /** Writes how far runs have come. */
    static void update(Session session, Collection<OpenRun> runs) throws SQLException {
        List<OpenRun> kept = new ArrayList<>();
        List<OpenRun> handedBack = new ArrayList<>();
        for (OpenRun run : runs) {
            (run.isOwned() ? kept : handedBack).add(run);
        }
        session.eachExactlyOne(KEEP, kept, (values, run) -> {
            bindProgress(values, run);
            values.text(run.runId());
        });
        session.eachExactlyOne(HAND_BACK, handedBack, (values, run) -> {
            bindProgress(values, run);
            Standing standing = run.standing();
            values.text(Standings.name(standing))
                    .instant(Standings.wakeAt(standing, run.pending() > 0, run.lockedAt()))
                    .instant(Standings.dueAt(standing))
                    .text(Standings.reason(standing))
                    .text(run.runId());
        });
    }

    private static void bindProgress(Parameters values, OpenRun run) throws SQLException {
        values.number(run.revision()).integer(run.tries()).integer(run.pending());
    }

    static void delete(Session session, List<OpenRun> runs) throws SQLException {
        session.eachExactlyOne(
                "DELETE FROM {ownership} WHERE run_id = ?", runs, (values, run) -> values.text(run.runId()));
    }
}
