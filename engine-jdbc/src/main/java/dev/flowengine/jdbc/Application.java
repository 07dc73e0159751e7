package dev.flowengine.jdbc;

import dev.flowengine.model.NodeStatus;
import dev.flowengine.persistence.BatchAnswer;
import dev.flowengine.persistence.NodeKey;
import dev.flowengine.persistence.NodeRecord;
import dev.flowengine.persistence.Rejection;
import dev.flowengine.persistence.Rejection.Reason;
import dev.flowengine.persistence.RunBatch;
import dev.flowengine.persistence.StepKey;
import dev.flowengine.persistence.StepRecord;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Batches in one transaction. The rows of their runs in "ownership" are locked first, so that nobody else writes to these
 * runs; then each batch is judged by what is known of its run, and what is accepted is written together.
 *
 * <p>That rows to insert are not there, and rows to update are, is taken for granted at first, because it is so: the keys of
 * the tables and the counts of the updates tell if it is not. Then everything is undone and done again, after looking.
 */
final class Application {
    private final Session session;
    private final Keeping keeping;
    private final boolean looks;
    private final Map<OpenRun, Map<NodeKey, NodeStatus>> rows = new HashMap<>();
    private final Map<OpenRun, Set<StepKey>> steps = new HashMap<>();
    private Map<String, OpenRun> runs = Map.of();

    private Application(Session session, Keeping keeping) {
        this.session = session;
        this.keeping = keeping;
        this.looks = session.isRepeated();
    }

    /** The answers for batches, once the transaction is committed. */
    static List<BatchAnswer> apply(Session session, Keeping keeping, List<RunBatch> batches) throws SQLException {
        return new Application(session, keeping).apply(batches);
    }

    private List<BatchAnswer> apply(List<RunBatch> batches) throws SQLException {
        List<String> ids = batches.stream()
                .map(RunBatch::executionId)
                .filter(Inspection::isStorable)
                .toList();
        runs = new HashMap<>(OwnershipRows.lock(session, ids));
        addEnded(ids.stream().filter(id -> !runs.containsKey(id)).toList());
        if (looks) {
            look(batches);
        }
        Writes writes = new Writes();
        List<BatchAnswer> answers = new ArrayList<>();
        for (RunBatch batch : batches) {
            OpenRun run = runs.get(batch.executionId());
            if (run == null) {
                answers.add(BatchAnswer.fenced());
                continue;
            }
            BatchAnswer answer = judge(batch, run);
            if (answer.outcome() == BatchAnswer.Outcome.APPLIED && batch.revision() > run.revision()) {
                writes.add(run, batch);
                remember(batch, run);
                run.accept(batch);
            }
            answers.add(answer);
        }
        writes.write(session, runs.values());
        return answers;
    }

    private void addEnded(List<String> missing) throws SQLException {
        for (List<String> ids : Marks.lists(missing)) {
            List<OpenRun> ended = session.list(
                    "SELECT run_id, epoch, revision FROM {run} WHERE run_id IN (" + Marks.of(ids.size())
                            + ") AND ended_at IS NOT NULL",
                    values -> values.texts(ids),
                    row -> OpenRun.ended(row.text(), row.number(), row.number()));
            ended.forEach(run -> runs.put(run.runId(), run));
        }
    }

    /** Reads which of the rows and steps that are to be written are there. */
    private void look(List<RunBatch> batches) throws SQLException {
        Map<OpenRun, List<String>> nodes = new HashMap<>();
        for (RunBatch batch : batches) {
            OpenRun run = runs.get(batch.executionId());
            if (run != null && run.isOwned()) {
                List<String> ids = nodes.computeIfAbsent(run, any -> new ArrayList<>());
                Stream.of(batch.inserted(), batch.updated())
                        .flatMap(List::stream)
                        .map(row -> row.key().nodeId())
                        .filter(Inspection::isStorable)
                        .forEach(ids::add);
            }
        }
        for (Map.Entry<OpenRun, List<String>> entry : nodes.entrySet()) {
            OpenRun run = entry.getKey();
            rows.put(run, NodeRows.statuses(session, run.runNo(), entry.getValue()));
            steps.put(run, new HashSet<>(StepRows.keys(session, run.runNo())));
        }
    }

    private BatchAnswer judge(RunBatch batch, OpenRun run) {
        if (batch.epoch() == run.epoch() && batch.revision() <= run.revision()) {
            return BatchAnswer.applied();
        }
        if (!run.isOwned() || batch.epoch() != run.epoch()) {
            return BatchAnswer.fenced();
        }
        if (batch.revision() != run.revision() + 1) {
            return BatchAnswer.rejected(
                    Reason.OUT_OF_ORDER, "revision " + batch.revision() + " follows on " + run.revision());
        }
        Optional<Rejection> refusal = keeping.refusal(batch);
        if (refusal.isEmpty() && looks) {
            refusal = judgeRows(batch, rows.getOrDefault(run, Map.of()), steps.getOrDefault(run, Set.of()));
        }
        return refusal.map(found -> BatchAnswer.rejected(found.reason(), found.detail()))
                .orElse(BatchAnswer.applied());
    }

    private static Optional<Rejection> judgeRows(
            RunBatch batch, Map<NodeKey, NodeStatus> there, Set<StepKey> recorded) {
        for (NodeRecord row : batch.inserted()) {
            if (there.containsKey(row.key())) {
                return rejection(Reason.DUPLICATE_NODE, "a row is there already: " + row.key());
            }
        }
        for (NodeRecord row : batch.updated()) {
            NodeStatus status = there.get(row.key());
            if (status == null) {
                return rejection(Reason.UNKNOWN_NODE, "a row is not there: " + row.key());
            }
            if (status.isSettled()) {
                return rejection(Reason.NODE_SETTLED, "a row is " + status + " already: " + row.key());
            }
        }
        for (StepRecord step : batch.steps()) {
            if (recorded.contains(step.key())) {
                return rejection(Reason.DUPLICATE_STEP, "a step is recorded already: " + step.key());
            }
        }
        return Optional.empty();
    }

    private static Optional<Rejection> rejection(Reason reason, String detail) {
        return Optional.of(new Rejection(reason, detail));
    }

    /** What a batch writes is there for those that follow on it in the same transaction. */
    private void remember(RunBatch batch, OpenRun run) {
        if (looks) {
            Map<NodeKey, NodeStatus> there = rows.computeIfAbsent(run, any -> new HashMap<>());
            Stream.of(batch.inserted(), batch.updated())
                    .flatMap(List::stream)
                    .forEach(row -> there.put(row.key(), row.status()));
            Set<StepKey> recorded = steps.computeIfAbsent(run, any -> new HashSet<>());
            batch.steps().forEach(step -> recorded.add(step.key()));
        }
    }
}
