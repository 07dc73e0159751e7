package dev.flowengine.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.model.NodeStatus;
import dev.flowengine.persistence.ConnectionRecord;
import dev.flowengine.persistence.FlowNodeRecord;
import dev.flowengine.persistence.FlowRecord;
import dev.flowengine.persistence.NodeResult;
import dev.flowengine.persistence.RunBatch;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The view for people: which dependency was satisfied, and when. */
class DependencyViewTest {

    @ParameterizedTest
    @EnumSource(Database.class)
    void a_dependency_is_satisfied_by_a_node_that_has_completed_and_fired_its_port(Database kind) throws SQLException {
        try (Database.Opened opened = kind.open()) {
            JdbcExecutionStore store = opened.store();
            store.register(new FlowRecord(
                    Runs.FLOW,
                    "Orders",
                    "d",
                    List.of(new FlowNodeRecord("check", "BRANCH", ""), new FlowNodeRecord("ship", "NODE", "")),
                    List.of(
                            new ConnectionRecord("check", "true", "ship", "main"),
                            new ConnectionRecord("check", "tru", "ask", "main"),
                            new ConnectionRecord("check", "false", "refund", "main"),
                            new ConnectionRecord("ship", "main", "tell", "main"))));
            store.create(Runs.owned("r"));
            store.apply(RunBatch.of("r", 1, 1)
                    .insert(Runs.queued("check")
                            .settled(
                                    NodeStatus.COMPLETED,
                                    NodeResult.fired(Map.of(), List.of("first", "true")),
                                    Runs.NOON))
                    .insert(Runs.queued("ship"))
                    .build());

            assertThat(satisfied(opened)).containsExactly("check.true -> ship");
        }
    }

    private static List<String> satisfied(Database.Opened opened) throws SQLException {
        List<String> found = new ArrayList<>();
        try (Connection connection = opened.database().dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT from_node, from_port, to_node, satisfied_at FROM fe_satisfied_dependency"
                                + " WHERE run_id = 'r'")) {
            while (rows.next()) {
                found.add(rows.getString(1) + "." + rows.getString(2) + " -> " + rows.getString(3));
                assertThat(Optional.ofNullable(rows.getObject(4))).isPresent();
            }
        }
        return found;
    }
}
