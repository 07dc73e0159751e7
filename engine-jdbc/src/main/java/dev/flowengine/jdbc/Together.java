package dev.flowengine.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Statements that wait until they are sent as one, in their order: a round trip to the database takes longer than most of them.
 * For drivers that take several statements at once, each with parameters of its own.
 */
final class Together {
    /** How many rows come from the database at once. */
    private static final int ROWS_AT_ONCE = 512;

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
        if (!waiting.isEmpty()) {
            List<Waiting> sent = take();
            try (PreparedStatement statement = prepared(connection, sent)) {
                execute(statement, dialect, sent);
                requireAll(statement, sent);
            }
        }
    }

    /**
     * Sends what waits, and after it what finds rows.
     *
     * @param query finds rows
     * @param values sets its parameters
     * @param reader reads them
     * @param <T> what it makes of them
     * @return what it made of them
     * @throws TryAgain if a row is not there that has to be
     */
    <T> T query(Connection connection, Dialect dialect, String query, Session.Binding values, Reader<T> reader)
            throws SQLException {
        List<Waiting> before = take();
        List<Waiting> sent = new ArrayList<>(before);
        sent.add(new Waiting(query, 0, false, values));
        try (PreparedStatement statement = prepared(connection, sent)) {
            // Otherwise drivers hold all rows in their own form, too, before the first one is read.
            statement.setFetchSize(ROWS_AT_ONCE);
            execute(statement, dialect, sent);
            requireAll(statement, before);
            try (ResultSet found = statement.getResultSet()) {
                return reader.read(found);
            }
        }
    }

    private List<Waiting> take() {
        List<Waiting> taken = List.copyOf(waiting);
        waiting.clear();
        rows = 0;
        return taken;
    }

    private static PreparedStatement prepared(Connection connection, List<Waiting> sent) throws SQLException {
        return connection.prepareStatement(
                String.join(";\n", sent.stream().map(Waiting::sql).toList()));
    }

    private static void execute(PreparedStatement statement, Dialect dialect, List<Waiting> sent) throws SQLException {
        Parameters values = new StatementParameters(statement, dialect);
        for (Waiting each : sent) {
            each.values().bind(values);
        }
        statement.execute();
    }

    /** Goes past the results of what writes. */
    private static void requireAll(PreparedStatement statement, List<Waiting> writes) throws SQLException {
        for (Waiting each : writes) {
            if (each.isStrict() && statement.getUpdateCount() != each.items()) {
                throw Session.notThere();
            }
            statement.getMoreResults();
        }
    }

    /** Reads what was found. */
    @FunctionalInterface
    interface Reader<T> {
        T read(ResultSet found) throws SQLException;
    }

    private record Waiting(String sql, int items, boolean isStrict, Session.Binding values) {}
}
