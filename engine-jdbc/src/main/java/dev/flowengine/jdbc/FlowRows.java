package dev.flowengine.jdbc;

import dev.flowengine.persistence.ConnectionRecord;
import dev.flowengine.persistence.FlowKey;
import dev.flowengine.persistence.FlowNodeRecord;
import dev.flowengine.persistence.FlowRecord;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Structures of flows: rows of the tables {@code flow}, {@code flow_node} and {@code flow_connection}. */
final class FlowRows {
    private static final String OF_EDITION = " WHERE flow_id = ? AND flow_version = ?";

    private FlowRows() {}

    /** Who writes the same edition meanwhile is told by the key of the table, and found when this is done again. */
    static FlowRecord register(Session session, FlowRecord flow) throws SQLException {
        Optional<FlowRecord> there = read(session, flow.key());
        if (there.isPresent()) {
            return there.get();
        }
        session.update(
                "INSERT INTO {flow} (flow_id, flow_version, flow_name, digest) VALUES (?, ?, ?, ?)",
                values -> bind(values, flow.key()).text(flow.name()).text(flow.digest()));
        session.each(
                "INSERT INTO {flow_node} (flow_id, flow_version, pos, node_id, kind, signature) VALUES (" + Marks.of(6)
                        + ")",
                places(flow.nodes()),
                (values, pos) -> {
                    FlowNodeRecord node = flow.nodes().get(pos);
                    bind(values, flow.key()).integer(pos);
                    values.text(node.nodeId()).text(node.kind()).text(node.signature());
                });
        session.each(
                "INSERT INTO {flow_connection} (flow_id, flow_version, pos, from_node, from_port, to_node, to_port)"
                        + " VALUES (" + Marks.of(7) + ")",
                places(flow.connections()),
                (values, pos) -> {
                    ConnectionRecord one = flow.connections().get(pos);
                    bind(values, flow.key()).integer(pos);
                    values.text(one.from()).text(one.fromPort()).text(one.to()).text(one.toPort());
                });
        return flow;
    }

    static Optional<FlowRecord> read(Session session, FlowKey key) throws SQLException {
        Optional<List<String>> head = session.first(
                "SELECT flow_name, digest FROM {flow}" + OF_EDITION,
                values -> bind(values, key),
                row -> List.of(row.text(), row.text()));
        if (head.isEmpty()) {
            return Optional.empty();
        }
        List<FlowNodeRecord> nodes = session.list(
                "SELECT node_id, kind, signature FROM {flow_node}" + OF_EDITION + " ORDER BY pos",
                values -> bind(values, key),
                row -> new FlowNodeRecord(row.text(), row.text(), row.text()));
        List<ConnectionRecord> connections = session.list(
                "SELECT from_node, from_port, to_node, to_port FROM {flow_connection}" + OF_EDITION + " ORDER BY pos",
                values -> bind(values, key),
                row -> new ConnectionRecord(row.text(), row.text(), row.text(), row.text()));
        return Optional.of(new FlowRecord(key, head.get().get(0), head.get().get(1), nodes, connections));
    }

    private static Parameters bind(Parameters values, FlowKey key) throws SQLException {
        return values.text(key.flowId()).text(key.version());
    }

    private static List<Integer> places(List<?> list) {
        return IntStream.range(0, list.size()).boxed().toList();
    }
}
