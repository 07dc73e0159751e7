package dev.flowengine.jdbc;

import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.persistence.MessageRecord;
import dev.flowengine.persistence.RunHeader;
import dev.flowengine.persistence.RunImage;
import dev.flowengine.persistence.RunInput;
import dev.flowengine.persistence.RunPage;
import dev.flowengine.persistence.RunQuery;
import dev.flowengine.persistence.RunRecord;
import dev.flowengine.persistence.RunTrail;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads runs. */
final class Reading {
    private final Session session;

    Reading(Session session) {
        this.session = session;
    }

    List<RunRecord> find(Collection<String> runIds) throws SQLException {
        List<RunRecord> runs = new ArrayList<>();
        for (List<String> ids : Marks.lists(runIds)) {
            String where = "WHERE r.run_id IN (" + Marks.of(ids.size()) + ")";
            session.list(RunRows.SELECT + where, values -> values.texts(ids), RunRows::read)
                    .forEach(run -> runs.add(run.item()));
        }
        return runs;
    }

    Optional<RunImage> load(String runId) throws SQLException {
        Optional<Numbered<RunRecord>> found =
                session.first(RunRows.SELECT + "WHERE r.run_id = ?", values -> values.text(runId), RunRows::read);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        long runNo = found.get().runNo();
        RunInput input = session.first(
                        "SELECT data_type, data, options_type, options FROM {run} WHERE run_no = ?",
                        values -> values.number(runNo),
                        RunRows::readInput)
                .orElse(RunInput.NONE);
        return Optional.of(new RunImage(
                found.get().item(),
                input,
                NodeRows.of(session, runNo),
                StepRows.of(session, runNo),
                MessageRows.pending(session, runNo)));
    }

    Optional<RunTrail> trail(String runId) throws SQLException {
        Optional<Long> runNo =
                session.first("SELECT run_no FROM {run} WHERE run_id = ?", values -> values.text(runId), Row::number);
        return runNo.isEmpty() ? Optional.empty() : Optional.of(TrailRows.of(session, runNo.get()));
    }

    List<MessageRecord> messages(String runId) throws SQLException {
        Optional<Long> runNo = session.first(
                "SELECT run_no FROM {ownership} WHERE run_id = ?", values -> values.text(runId), Row::number);
        return runNo.isEmpty() ? List.of() : MessageRows.pending(session, runNo.get());
    }

    RunPage query(RunQuery query) throws SQLException {
        List<String> conditions = new ArrayList<>();
        query.flowId().ifPresent(id -> conditions.add("r.flow_id = ?"));
        query.startNode().ifPresent(id -> conditions.add("r.start_node = ?"));
        query.userId().ifPresent(id -> conditions.add("r.user_id = ?"));
        query.redriveOf().ifPresent(id -> conditions.add("r.redrive_of = ?"));
        query.parentId().ifPresent(id -> conditions.add("r.parent_run_id = ?"));
        if (!query.statuses().isEmpty()) {
            conditions.add("r.status IN (" + Marks.of(query.statuses().size()) + ")");
        }
        query.from().ifPresent(at -> conditions.add("r.created_at >= ?"));
        query.to().ifPresent(at -> conditions.add("r.created_at < ?"));
        // The first half alone is what an index can begin at; databases do not see it in the second.
        query.after().ifPresent(place -> conditions.add("r.created_at <= ? AND (r.created_at < ? OR r.run_id < ?)"));
        String where = conditions.isEmpty() ? "" : "WHERE " + String.join(" AND ", conditions);
        List<RunRecord> found = session.list(
                RunRows.SELECT + where + " ORDER BY r.created_at DESC, r.run_id DESC LIMIT ?",
                values -> bind(values, query).number(query.limit() + 1L),
                row -> RunRows.read(row).item());
        if (found.size() <= query.limit()) {
            return new RunPage(found, Optional.empty());
        }
        List<RunRecord> page = found.subList(0, query.limit());
        RunHeader last = page.get(page.size() - 1).header();
        return new RunPage(page, Optional.of(new RunQuery.Position(last.createdAt(), last.executionId())));
    }

    private static Parameters bind(Parameters values, RunQuery query) throws SQLException {
        for (Optional<String> text :
                List.of(query.flowId(), query.startNode(), query.userId(), query.redriveOf(), query.parentId())) {
            if (text.isPresent()) {
                values.text(text);
            }
        }
        values.texts(query.statuses().stream().map(ExecutionStatus::name).toList());
        for (Optional<Instant> instant : List.of(query.from(), query.to())) {
            if (instant.isPresent()) {
                values.instant(instant);
            }
        }
        if (query.after().isPresent()) {
            RunQuery.Position place = query.after().get();
            values.instant(place.createdAt()).instant(place.createdAt()).text(place.executionId());
        }
        return values;
    }

    /** Whether there can be any run a query asks for. */
    static boolean canFind(RunQuery query) {
        return Stream.of(
                        query.flowId(),
                        query.startNode(),
                        query.userId(),
                        query.redriveOf(),
                        query.parentId(),
                        query.after().map(RunQuery.Position::executionId))
                .flatMap(Optional::stream)
                .allMatch(Inspection::isStorable);
    }
}
