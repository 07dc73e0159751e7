package dev.flowengine.benchmarks.durable;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.UUID;

/** The rows the engine writes for a flow, in its own tables, written by hand: statements that are sent by {@link #flush()}. */
final class PlainRows implements AutoCloseable {
    private static final String INSERT_RUN =
            "INSERT INTO fe_run (run_no, run_id, flow_id, flow_version, flow_name, start_kind, start_node, trigger_type,"
                    + " created_at, input_digest, affected_nodes, active_at_start, status, started_at, nodes_total,"
                    + " nodes_completed, nodes_failed, nodes_skipped, nodes_cancelled, data_type, data, epoch, revision,"
                    + " tries) VALUES (?, ?, 'ten-steps', '1', 'ten-steps', 'TRIGGER', 'start', 'MANUAL', ?,"
                    + " '5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e9', '', 0, 'RUNNING', ?, 0, 0,"
                    + " 0, 0, 0, 'application/json', ?, 0, 0, 0)";
    private static final String INSERT_OWNERSHIP =
            "INSERT INTO fe_ownership (run_id, run_no, flow_id, flow_version, standing, worker_id, standing_since, epoch,"
                    + " revision, tries, pending, posted) VALUES (?, ?, 'ten-steps', '1', 'OWNED', ?, ?, 1, 0, 0, 0, 0)";
    private static final String INSERT_AUDIT =
            "INSERT INTO fe_audit (run_no, revision, pos, happened_at, actor, action,"
                    + " status, detail) VALUES (?, ?, 0, ?, ?, 'status-changed', ?, '')";
    private static final String INSERT_NODE =
            "INSERT INTO fe_node (run_no, node_id, iteration, attempt, status, seq, ready_at, fired_ports, handled, origin,"
                    + " decided_by) VALUES (?, ?, '', 0, 'QUEUED', 0, ?, '', 0, 'BODY', '')";
    private static final String UPDATE_NODE = "UPDATE fe_node SET status = 'COMPLETED', seq = ?, worker_id = ?,"
            + " started_at = ?, settled_at = ?, fired_ports = 'main', outputs = ? WHERE run_no = ? AND node_id = ?"
            + " AND iteration = '' AND attempt = 0 AND status IN ('IDLE', 'QUEUED', 'RUNNING', 'WAITING')";
    private static final String END_RUN = "UPDATE fe_run SET status = 'COMPLETED', ended_at = ?, nodes_total = ?,"
            + " nodes_completed = ?, worker_id = ?, epoch = 1, revision = ? WHERE run_no = ?";
    private static final String DELETE_OWNERSHIP = "DELETE FROM fe_ownership WHERE run_id = ?";

    private final String workerId = UUID.randomUUID().toString();
    private final PreparedStatement insertRun;
    private final PreparedStatement insertOwnership;
    private final PreparedStatement insertAudit;
    private final PreparedStatement insertNode;
    private final PreparedStatement updateNode;
    private final PreparedStatement endRun;
    private final PreparedStatement deleteOwnership;

    PlainRows(Connection connection) throws SQLException {
        insertRun = connection.prepareStatement(INSERT_RUN);
        insertOwnership = connection.prepareStatement(INSERT_OWNERSHIP);
        insertAudit = connection.prepareStatement(INSERT_AUDIT);
        insertNode = connection.prepareStatement(INSERT_NODE);
        updateNode = connection.prepareStatement(UPDATE_NODE);
        endRun = connection.prepareStatement(END_RUN);
        deleteOwnership = connection.prepareStatement(DELETE_OWNERSHIP);
    }

    /** A flow begins: its rows, that of its trigger, and that of its first step. */
    void begin(long flow, String runId) throws SQLException {
        Timestamp now = now();
        add(insertRun, flow, runId, now, now, payload(flow));
        add(insertOwnership, runId, flow, workerId, now);
        add(insertAudit, flow, 0L, now, workerId, "RUNNING");
        add(insertNode, flow, "start", now);
        add(updateNode, 1L, workerId, now, now, payload(flow), flow, "start");
        add(insertNode, flow, "step-1", now);
    }

    /** A step ends: its row, and that of the next one if there is one; else the flow ends. */
    void step(long flow, String runId, int step) throws SQLException {
        Timestamp now = now();
        add(updateNode, step + 1L, workerId, now, now, payload(flow), flow, "step-" + step);
        if (step < Contender.STEPS) {
            add(insertNode, flow, "step-" + (step + 1), now);
        } else {
            int nodes = Contender.STEPS + 1;
            add(insertAudit, flow, (long) nodes, now, workerId, "COMPLETED");
            add(endRun, now, nodes, nodes, workerId, (long) nodes, flow);
            add(deleteOwnership, runId);
        }
    }

    /** Sends what was added, each kind of statement as one batch. */
    void flush() throws SQLException {
        insertRun.executeBatch();
        insertOwnership.executeBatch();
        insertAudit.executeBatch();
        insertNode.executeBatch();
        updateNode.executeBatch();
        endRun.executeBatch();
        deleteOwnership.executeBatch();
    }

    private static void add(PreparedStatement statement, Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        statement.addBatch();
    }

    private static Timestamp now() {
        return new Timestamp(System.currentTimeMillis());
    }

    private static byte[] payload(long flow) {
        return Long.toString(flow).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws SQLException {
        insertRun.close();
        insertOwnership.close();
        insertAudit.close();
        insertNode.close();
        updateNode.close();
        endRun.close();
        deleteOwnership.close();
    }
}
