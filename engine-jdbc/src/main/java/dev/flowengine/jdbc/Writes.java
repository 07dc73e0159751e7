package dev.flowengine.jdbc;

import dev.flowengine.model.LogLine;
import dev.flowengine.persistence.AuditRecord;
import dev.flowengine.persistence.NodeRecord;
import dev.flowengine.persistence.RunBatch;
import dev.flowengine.persistence.RunState;
import dev.flowengine.persistence.StepRecord;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Collects what batches write, and writes it table by table, however many runs it belongs to. */
final class Writes {
    private final List<Numbered<NodeRecord>> inserted = new ArrayList<>();
    private final List<Numbered<NodeRecord>> updated = new ArrayList<>();
    private final List<Numbered<StepRecord>> steps = new ArrayList<>();
    private final List<TrailRows.Placed<LogLine>> logs = new ArrayList<>();
    private final List<TrailRows.Placed<AuditRecord>> audit = new ArrayList<>();
    private final Map<OpenRun, Set<String>> consumed = new LinkedHashMap<>();

    void add(OpenRun run, RunBatch batch) {
        long number = run.runNo();
        batch.inserted().forEach(row -> inserted.add(new Numbered<>(number, row)));
        batch.updated().forEach(row -> updated.add(new Numbered<>(number, row)));
        batch.steps().forEach(step -> steps.add(new Numbered<>(number, step)));
        for (int i = 0; i < batch.logs().size(); i++) {
            logs.add(new TrailRows.Placed<>(
                    number, batch.revision(), i, batch.logs().get(i)));
        }
        for (int i = 0; i < batch.audit().size(); i++) {
            audit.add(new TrailRows.Placed<>(
                    number, batch.revision(), i, batch.audit().get(i)));
        }
        if (!batch.consumed().isEmpty()) {
            consumed.computeIfAbsent(run, any -> new LinkedHashSet<>()).addAll(batch.consumed());
        }
    }

    /** Inserts come first: a row may be inserted by one batch and updated by the next. */
    void write(Session session, Collection<OpenRun> runs) throws SQLException {
        NodeRows.insert(session, inserted);
        NodeRows.update(session, updated);
        StepRows.insert(session, steps);
        TrailRows.insertLogs(session, logs);
        TrailRows.insertAudit(session, audit);
        for (Map.Entry<OpenRun, Set<String>> entry : consumed.entrySet()) {
            OpenRun run = entry.getKey();
            run.consumed(MessageRows.consume(session, run.runNo(), entry.getValue()));
        }
        writeRuns(session, runs.stream().filter(OpenRun::isChanged).toList());
    }

    private static void writeRuns(Session session, List<OpenRun> changed) throws SQLException {
        List<Numbered<RunState>> states = new ArrayList<>();
        List<Numbered<RunRows.Ended>> ends = new ArrayList<>();
        List<OpenRun> ended = new ArrayList<>();
        List<OpenRun> open = new ArrayList<>();
        for (OpenRun run : changed) {
            if (run.hasEnded()) {
                ended.add(run);
                ends.add(new Numbered<>(
                        run.runNo(), new RunRows.Ended(run.state().orElseThrow(), run.lastOwnership())));
            } else {
                open.add(run);
                run.state().ifPresent(state -> states.add(new Numbered<>(run.runNo(), state)));
            }
        }
        RunRows.update(session, states);
        RunRows.end(session, ends);
        MessageRows.deleteAll(session, ended);
        OwnershipRows.delete(session, ended);
        OwnershipRows.update(session, open);
    }
}
