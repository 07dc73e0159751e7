package dev.flowengine.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Statements that wait until they are sent as one, in their order: a round trip to the database takes longer than most of them.
 * For drivers that take several statements at once, each with parameters of its own.
 */
final class Together {
    private final List<Waiting> waiting = new ArrayList<>();
    private int rows;

    /** How many rows wait to be written. */
    int rows() {
        return rows;
    }

    /**
     * Adds a statement.
     *
     * @param sql the statement
     * @param items how many rows it writes
     * @param isStrict whether it has to find each of them
     * @param values sets its parameters
     */
    void add(String sql, int items, boolean isStrict, Session.Binding values) {
        waiting.add(new Waiting(sql, items, isStrict, values));
        rows += items;
    }

    /**
     * Sends what waits.
     *
     * @throws TryAgain if a row is not there that has to be
     */
    void send(Connection connection, Dialect dialect) throws SQLException {
        if (waiting.isEmpty()) {
            return;
        }
        List<Waiting> sent = List.copyOf(waiting);
        waiting.clear();
        rows = 0;
        String sql = String.join(";\n", sent.stream().map(Waiting::sql).toList());
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            Parameters values = new StatementParameters(statement, dialect);
            for (Waiting each : sent) {
                each.values().bind(values);
            }
            statement.execute();
            for (Waiting each : sent) {
                if (each.isStrict() && statement.getUpdateCount() != each.items()) {
                    throw Session.notThere();
                }
                statement.getMoreResults();
            }
        }
    }

    private record Waiting(String sql, int items, boolean isStrict, Session.Binding values) {}
}
