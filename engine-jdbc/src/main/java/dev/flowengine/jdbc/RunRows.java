package dev.flowengine.jdbc;

import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.Iteration;
import dev.flowengine.model.TriggerType;
import dev.flowengine.persistence.FlowKey;
import dev.flowengine.persistence.NewRun;
import dev.flowengine.persistence.NodeCounts;
import dev.flowengine.persistence.NodeRun;
import dev.flowengine.persistence.Ownership;
import dev.flowengine.persistence.Payload;
import dev.flowengine.persistence.RunHeader;
import dev.flowengine.persistence.RunInput;
import dev.flowengine.persistence.RunRecord;
import dev.flowengine.persistence.RunState;
import dev.flowengine.persistence.Standing;
import dev.flowengine.persistence.StartKind;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Rows of the tables {@code run} and {@code ownership}, as far as they are one run. */
final class RunRows {
    /** A run with what is known of who may write to it: from its row in "ownership", or from its own if it has ended. */
    static final String SELECT = "SELECT r.run_no, r.run_id, r.flow_id, r.flow_version, r.flow_name, r.start_kind,"
            + " r.start_node, r.trigger_type, r.created_at, r.input_digest, r.affected_nodes, r.active_at_start,"
            + " r.run_key, r.user_id, r.parent_run_id, r.parent_node_id, r.parent_iteration, r.redrive_of, r.keys_of,"
            + " r.status, r.started_at, r.ended_at, r.error, r.nodes_total, r.nodes_completed, r.nodes_failed,"
            + " r.nodes_skipped, r.nodes_cancelled, r.worker_id, r.epoch, r.revision, r.tries,"
            + " o.standing, o.worker_id, o.due_at, o.reason, o.epoch, o.revision, o.tries"
            + " FROM {run} r LEFT JOIN {ownership} o ON o.run_id = r.run_id ";

    private static final String INSERT =
            "INSERT INTO {run} (run_no, run_id, flow_id, flow_version, flow_name, start_kind,"
                    + " start_node, trigger_type, created_at, input_digest, affected_nodes, active_at_start,"
                    + " run_key, user_id, parent_run_id, parent_node_id, parent_iteration, redrive_of, keys_of,"
                    + " status, started_at, ended_at, error, nodes_total, nodes_completed, nodes_failed,"
                    + " nodes_skipped, nodes_cancelled, data_type, data, options_type, options, epoch, revision, tries)"
                    + " VALUES (" + Marks.of(32) + ", 0, 0, 0)";

    private static final String UPDATE = "UPDATE {run} SET status = ?, started_at = ?, ended_at = ?, error = ?,"
            + " nodes_total = ?, nodes_completed = ?, nodes_failed = ?, nodes_skipped = ?, nodes_cancelled = ?"
            + " WHERE run_no = ?";

    private static final String END = "UPDATE {run} SET status = ?, started_at = ?, ended_at = ?, error = ?,"
            + " nodes_total = ?, nodes_completed = ?, nodes_failed = ?, nodes_skipped = ?, nodes_cancelled = ?,"
            + " worker_id = ?, epoch = ?, revision = ?, tries = ? WHERE run_no = ?";

    private RunRows() {}

    static void insert(Session session, List<Numbered<NewRun>> runs) throws SQLException {
        session.each(INSERT, runs, (values, run) -> {
            values.number(run.runNo());
            bind(values, run.item().header());
            bind(values, run.item().state());
            bind(values, run.item().input().data());
            bind(values, run.item().input().options());
        });
    }

    /** Changes the states of runs that go on. */
    static void update(Session session, List<Numbered<RunState>> states) throws SQLException {
        session.eachExactlyOne(UPDATE, states, (values, state) -> {
            bind(values, state.item());
            values.number(state.runNo());
        });
    }

    /** Changes the states of runs that end, and keeps what their row in "ownership" says, which goes. */
    static void end(Session session, List<Numbered<Ended>> ends) throws SQLException {
        session.eachExactlyOne(END, ends, (values, end) -> {
            bind(values, end.item().state());
            Ownership last = end.item().ownership();
            values.text(last.workerId())
                    .number(last.epoch())
                    .number(last.revision())
                    .integer(last.tries());
            values.number(end.runNo());
        });
    }

    static Numbered<RunRecord> read(Row row) throws SQLException {
        long number = row.number();
        RunHeader header = readHeader(row);
        RunState state = readState(row);
        Ownership last = new Ownership(Standing.ended(), row.optionalText(), row.number(), row.number(), row.integer());
        Optional<String> standing = row.optionalText();
        Ownership ownership = standing.isEmpty() ? last : readOwnership(standing.get(), row);
        return new Numbered<>(number, new RunRecord(header, state, ownership));
    }

    static RunInput readInput(Row row) throws SQLException {
        return new RunInput(readPayload(row), readPayload(row));
    }

    static Optional<Payload> readPayload(Row row) throws SQLException {
        Optional<String> type = row.optionalText();
        byte[] bytes = row.bytes();
        return bytes == null ? Optional.empty() : type.map(name -> Payload.of(name, bytes));
    }

    private static Ownership readOwnership(String standing, Row row) throws SQLException {
        Optional<String> worker = row.optionalText();
        Optional<Instant> due = row.optionalInstant();
        Optional<String> reason = row.optionalText();
        return new Ownership(Standings.read(standing, due, reason), worker, row.number(), row.number(), row.integer());
    }

    private static void bind(Parameters values, RunHeader header) throws SQLException {
        values.text(header.executionId())
                .text(header.flow().flowId())
                .text(header.flow().version())
                .text(header.flowName())
                .text(header.startKind().name())
                .text(header.startNode())
                .text(header.triggerType().name())
                .instant(header.createdAt())
                .text(header.inputDigest())
                .text(Lines.write(header.affectedNodes()))
                .integer(header.activeAtStart())
                .text(header.key())
                .text(header.userId())
                .text(header.parent().map(NodeRun::executionId))
                .text(header.parent().map(NodeRun::nodeId))
                .text(header.parent().map(parent -> parent.iteration().toString()))
                .text(header.redriveOf())
                .text(header.keysOf());
    }

    private static RunHeader readHeader(Row row) throws SQLException {
        return new RunHeader(
                row.text(),
                new FlowKey(row.text(), row.text()),
                row.text(),
                row.constant(StartKind.class),
                row.text(),
                row.constant(TriggerType.class),
                row.instant(),
                row.text(),
                Lines.read(row.text()),
                row.integer(),
                row.optionalText(),
                row.optionalText(),
                readParent(row),
                row.optionalText(),
                row.optionalText());
    }

    private static Optional<NodeRun> readParent(Row row) throws SQLException {
        Optional<String> run = row.optionalText();
        Optional<String> node = row.optionalText();
        Optional<String> iteration = row.optionalText();
        return run.map(id -> new NodeRun(id, node.orElseThrow(), Iteration.parse(iteration.orElseThrow())));
    }

    private static void bind(Parameters values, RunState state) throws SQLException {
        NodeCounts counts = state.counts();
        values.text(state.status().name())
                .instant(state.startedAt())
                .instant(state.endedAt())
                .text(state.error().map(Lines::of))
                .integer(counts.total())
                .integer(counts.completed())
                .integer(counts.failed())
                .integer(counts.skipped())
                .integer(counts.cancelled());
    }

    private static RunState readState(Row row) throws SQLException {
        return new RunState(
                row.constant(ExecutionStatus.class),
                row.optionalInstant(),
                row.optionalInstant(),
                row.optionalText().map(Lines::error),
                new NodeCounts(row.integer(), row.integer(), row.integer(), row.integer(), row.integer()));
    }

    private static void bind(Parameters values, Optional<Payload> payload) throws SQLException {
        values.text(payload.map(Payload::contentType))
                .bytes(payload.map(Payload::bytes).orElse(null));
    }

    /** How a run ended. */
    record Ended(RunState state, Ownership ownership) {}
}
