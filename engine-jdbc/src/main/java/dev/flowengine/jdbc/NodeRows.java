package dev.flowengine.jdbc;

import dev.flowengine.model.Iteration;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.model.SkipReason;
import dev.flowengine.persistence.NodeKey;
import dev.flowengine.persistence.NodeRecord;
import dev.flowengine.persistence.NodeResult;
import dev.flowengine.persistence.NodeTimes;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Rows of the table {@code node}. */
final class NodeRows {
    private static final String INSERT = "INSERT INTO {node} (status, seq, worker_id, started_at, settled_at, due_at,"
            + " fired_ports, outputs, error, handled, skip_reason, origin, run_no, node_id, iteration, attempt,"
            + " ready_at, decided_by) VALUES (" + Marks.of(18) + ")";

    /** A row that has settled is not found, and so never changes again. */
    private static final String UPDATE = "UPDATE {node} SET status = ?, seq = ?, worker_id = ?, started_at = ?,"
            + " settled_at = ?, due_at = ?, fired_ports = ?, outputs = ?, error = ?, handled = ?, skip_reason = ?,"
            + " origin = ? WHERE run_no = ? AND node_id = ? AND iteration = ? AND attempt = ?"
            + " AND status IN ('IDLE', 'QUEUED', 'RUNNING', 'WAITING')";

    private static final String SELECT =
            "SELECT node_id, iteration, attempt, status, seq, worker_id, ready_at, started_at,"
                    + " settled_at, due_at, fired_ports, outputs, error, handled, skip_reason, origin, decided_by"
                    + " FROM {node} WHERE run_no = ?";

    private NodeRows() {}

    static void insert(Session session, List<Numbered<NodeRecord>> rows) throws SQLException {
        session.each(INSERT, rows, (values, row) -> {
            bind(values, row);
            values.instant(row.item().times().readyAt())
                    .text(Lines.ofConnections(row.item().decidedBy()));
        });
    }

    static void update(Session session, List<Numbered<NodeRecord>> rows) throws SQLException {
        session.eachExactlyOne(UPDATE, rows, NodeRows::bind);
    }

    static List<NodeRecord> of(Session session, long runNo) throws SQLException {
        return session.list(SELECT, values -> values.number(runNo), NodeRows::read);
    }

    /** The rows of some nodes of a run: their keys and statuses. */
    static Map<NodeKey, NodeStatus> statuses(Session session, long runNo, List<String> nodeIds) throws SQLException {
        Map<NodeKey, NodeStatus> statuses = new HashMap<>();
        for (List<String> ids : Marks.lists(nodeIds)) {
            session.list(
                    "SELECT node_id, iteration, attempt, status FROM {node} WHERE run_no = ? AND node_id IN ("
                            + Marks.of(ids.size()) + ")",
                    values -> values.number(runNo).texts(ids),
                    row -> statuses.put(readKey(row), row.constant(NodeStatus.class)));
        }
        return statuses;
    }

    private static void bind(Parameters values, Numbered<NodeRecord> numbered) throws SQLException {
        NodeRecord row = numbered.item();
        NodeTimes times = row.times();
        NodeResult result = row.result();
        values.text(row.status().name())
                .number(row.seq())
                .text(row.workerId())
                .instant(times.startedAt())
                .instant(times.settledAt())
                .instant(times.dueAt())
                .text(Lines.write(result.firedPorts()))
                .bytes(Outputs.write(result.outputs()))
                .text(result.error().map(Lines::of))
                .integer(result.handled() ? 1 : 0)
                .text(result.skipReason().map(SkipReason::name))
                .text(result.origin().name())
                .number(numbered.runNo())
                .text(row.key().nodeId())
                .text(row.key().iteration().toString())
                .integer(row.key().attempt());
    }

    private static NodeKey readKey(Row row) throws SQLException {
        return new NodeKey(row.text(), Iteration.parse(row.text()), row.integer());
    }

    private static NodeRecord read(Row row) throws SQLException {
        return new NodeRecord(
                readKey(row),
                row.constant(NodeStatus.class),
                row.number(),
                row.optionalText(),
                new NodeTimes(row.instant(), row.optionalInstant(), row.optionalInstant(), row.optionalInstant()),
                readResult(row),
                Lines.connections(row.text()));
    }

    private static NodeResult readResult(Row row) throws SQLException {
        return new NodeResult(
                Lines.read(row.text()),
                Outputs.read(row.bytes()),
                row.optionalText().map(Lines::error),
                row.integer() == 1,
                row.optionalConstant(SkipReason.class),
                row.constant(NodeResult.Origin.class));
    }
}
