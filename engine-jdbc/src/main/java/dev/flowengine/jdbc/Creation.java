package dev.flowengine.jdbc;

import dev.flowengine.persistence.AuditRecord;
import dev.flowengine.persistence.CreateAnswer;
import dev.flowengine.persistence.NewRun;
import dev.flowengine.persistence.NodeRecord;
import dev.flowengine.persistence.Ownership;
import dev.flowengine.persistence.Rejection;
import dev.flowengine.persistence.RunHeader;
import dev.flowengine.persistence.RunRecord;
import dev.flowengine.persistence.Standing;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * New runs in one transaction. Who else creates one of the same id or key meanwhile is told by the keys of the table; then
 * everything is undone and done again, and the other one is found.
 */
final class Creation {
    private final Session session;
    private final Keeping keeping;
    private final RunNumbers numbers;
    private final Map<String, RunRecord> byId = new HashMap<>();
    private final Map<RunKey, RunRecord> byKey = new HashMap<>();

    private Creation(Session session, Keeping keeping, RunNumbers numbers) {
        this.session = session;
        this.keeping = keeping;
        this.numbers = numbers;
    }

    /** The answers for runs, once the transaction is committed. */
    static List<CreateAnswer> create(Session session, Keeping keeping, RunNumbers numbers, List<NewRun> runs)
            throws SQLException {
        return new Creation(session, keeping, numbers).create(runs);
    }

    private List<CreateAnswer> create(List<NewRun> runs) throws SQLException {
        List<Optional<Rejection>> refusals = runs.stream().map(keeping::refusal).toList();
        List<RunHeader> headers = new ArrayList<>();
        for (int i = 0; i < runs.size(); i++) {
            if (refusals.get(i).isEmpty()) {
                headers.add(runs.get(i).header());
            }
        }
        findThoseThere(headers);
        List<Numbered<NewRun>> created = new ArrayList<>();
        List<CreateAnswer> answers = new ArrayList<>();
        for (int i = 0; i < runs.size(); i++) {
            CreateAnswer answer = answer(runs.get(i), refusals.get(i));
            if (answer.outcome() == CreateAnswer.Outcome.CREATED) {
                created.add(new Numbered<>(numbers.next(), runs.get(i)));
                add(new RunRecord(runs.get(i).header(), runs.get(i).state(), ownership(runs.get(i))));
            }
            answers.add(answer);
        }
        write(created);
        return answers;
    }

    private CreateAnswer answer(NewRun run, Optional<Rejection> refusal) {
        if (refusal.isPresent()) {
            return CreateAnswer.rejected(refusal.get().reason(), refusal.get().detail());
        }
        RunRecord there = byId.get(run.header().executionId());
        if (there == null) {
            there = RunKey.of(run.header()).map(byKey::get).orElse(null);
        }
        return there == null ? CreateAnswer.created(OwnershipRows.epochOf(run)) : CreateAnswer.existing(there);
    }

    private void findThoseThere(List<RunHeader> headers) throws SQLException {
        List<String> ids = headers.stream().map(RunHeader::executionId).toList();
        for (List<String> list : Marks.lists(ids)) {
            String where = "WHERE r.run_id IN (" + Marks.of(list.size()) + ")";
            session.list(RunRows.SELECT + where, values -> values.texts(list), RunRows::read)
                    .forEach(run -> add(run.item()));
        }
        Map<String, List<String>> keys = new HashMap<>();
        headers.forEach(header -> header.key()
                .ifPresent(key -> keys.computeIfAbsent(header.flow().flowId(), any -> new ArrayList<>())
                        .add(key)));
        for (Map.Entry<String, List<String>> entry : keys.entrySet()) {
            for (List<String> list : Marks.lists(entry.getValue())) {
                String where = "WHERE r.flow_id = ? AND r.run_key IN (" + Marks.of(list.size()) + ")";
                session.list(
                                RunRows.SELECT + where,
                                values -> values.text(entry.getKey()).texts(list),
                                RunRows::read)
                        .forEach(run -> add(run.item()));
            }
        }
    }

    private void add(RunRecord run) {
        byId.put(run.executionId(), run);
        RunKey.of(run.header()).ifPresent(key -> byKey.put(key, run));
    }

    private void write(List<Numbered<NewRun>> created) throws SQLException {
        if (created.isEmpty()) {
            return;
        }
        boolean asksForTime = created.stream().anyMatch(run -> !(run.item().standing() instanceof Standing.Owned));
        Instant now = asksForTime ? session.now() : Instant.EPOCH;
        List<Numbered<NodeRecord>> nodes = new ArrayList<>();
        List<TrailRows.Placed<AuditRecord>> audit = new ArrayList<>();
        for (Numbered<NewRun> run : created) {
            run.item().nodes().forEach(row -> nodes.add(new Numbered<>(run.runNo(), row)));
            List<AuditRecord> rows = run.item().audit();
            for (int i = 0; i < rows.size(); i++) {
                audit.add(new TrailRows.Placed<>(run.runNo(), 0, i, rows.get(i)));
            }
        }
        RunRows.insert(session, created);
        OwnershipRows.insert(session, created, now);
        NodeRows.insert(session, nodes);
        TrailRows.insertAudit(session, audit);
    }

    private static Ownership ownership(NewRun run) {
        return new Ownership(run.standing(), run.workerId(), OwnershipRows.epochOf(run), 0, 0);
    }

    /** What a run is known by to who started it. */
    private record RunKey(String flowId, String key) {
        static Optional<RunKey> of(RunHeader header) {
            return header.key().map(key -> new RunKey(header.flow().flowId(), key));
        }
    }
}
