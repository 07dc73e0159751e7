package dev.flowengine.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/** H2, in memory and on files. */
final class H2Dialect extends Dialect {
    /** The isolation level SNAPSHOT, which JDBC has no name for. */
    private static final int SNAPSHOT = 6;

    @Override
    String folder() {
        return "h2";
    }

    @Override
    String now() {
        return "CURRENT_TIMESTAMP(6)";
    }

    @Override
    String later(String instant, String micros) {
        return "DATEADD(MICROSECOND, " + micros + ", " + instant + ")";
    }

    @Override
    String deleteSome(String table, int runs) {
        return "DELETE FROM {" + table + "} WHERE run_no IN (" + Marks.of(runs) + ") FETCH FIRST ? ROWS ONLY";
    }

    /** H2 sees that an index has the order only if all columns of the index are named. */
    @Override
    String soonest() {
        return "flow_id, flow_version, wake_at";
    }

    @Override
    String oldest() {
        return "r.status, r.ended_at, r.run_id";
    }

    /** H2 has no settings of a transaction, only of a connection; asking for them costs no round trip. */
    @Override
    Restore begin(Connection connection, Limits limits, boolean snapshot) throws SQLException {
        int isolation = connection.getTransactionIsolation();
        try (Statement statement = connection.createStatement()) {
            int lockMillis = lockTimeoutOf(statement);
            int statementSeconds = statement.getQueryTimeout();
            connection.setTransactionIsolation(snapshot ? SNAPSHOT : Connection.TRANSACTION_READ_COMMITTED);
            statement.execute("SET LOCK_TIMEOUT " + limits.lockMillis());
            statement.setQueryTimeout(limits.statementSeconds());
            return back -> restore(back, isolation, lockMillis, statementSeconds);
        }
    }

    private static void restore(Connection connection, int isolation, int lockMillis, int statementSeconds)
            throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET LOCK_TIMEOUT " + lockMillis);
            statement.setQueryTimeout(statementSeconds);
        }
        connection.setTransactionIsolation(isolation);
    }

    private static int lockTimeoutOf(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("CALL LOCK_TIMEOUT()")) {
            row.next();
            return row.getInt(1);
        }
    }

    @Override
    @Nullable
    Failure ofCode(int code, String state) {
        return switch (code) {
            case 57014 -> Failure.TIMEOUT;
            // Somebody changed the row meanwhile.
            case 90131 -> Failure.ROLLED_BACK;
            // Closed or closing, in use by another process, broken: what a restart brings along.
            case 90007, 90020, 90067, 90098, 90121 -> Failure.TRANSIENT;
            default -> null;
        };
    }
}
