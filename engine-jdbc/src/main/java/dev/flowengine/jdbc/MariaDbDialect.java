package dev.flowengine.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** MariaDB, and MySQL where it differs. */
final class MariaDbDialect extends Dialect {
    /** What a row takes besides its texts and payloads: much less than this. */
    private static final long ROOM = 64 << 10;

    private final boolean isMariaDb;

    MariaDbDialect(boolean isMariaDb) {
        this.isMariaDb = isMariaDb;
    }

    @Override
    String folder() {
        return "mariadb";
    }

    @Override
    Map<String, String> words() {
        return Map.of("collation", isMariaDb ? "utf8mb4_nopad_bin" : "utf8mb4_0900_bin");
    }

    /** Whatever the time zone of the connection. */
    @Override
    String now() {
        return "UTC_TIMESTAMP(6)";
    }

    @Override
    String later(String instant, String micros) {
        return "DATE_ADD(" + instant + ", INTERVAL " + micros + " MICROSECOND)";
    }

    /** Without it a small table is read as a whole, and rows are locked that nobody asked for. */
    @Override
    String byKey() {
        return " FORCE INDEX (PRIMARY)";
    }

    /** Without it a large part of a table is read as a whole, and sorted, for the few rows that are asked for. */
    @Override
    String byIndex(String index) {
        return " FORCE INDEX (" + index + ")";
    }

    @Override
    String deleteSome(String table, int runs) {
        return "DELETE FROM {" + table + "} WHERE run_no IN (" + Marks.of(runs) + ") LIMIT ?";
    }

    /** The isolation is that of the next transaction only; the timeouts are the connection's, and kept in variables. */
    @Override
    Restore begin(Connection connection, Limits limits, boolean snapshot) throws SQLException {
        Map<String, String> timeouts = timeouts(limits);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET "
                    + listed(timeouts, (name, value) -> "@fe_" + name + " = @@SESSION." + name)
                    + ", "
                    + listed(timeouts, (name, value) -> "SESSION " + name + " = " + value));
            statement.execute("SET TRANSACTION ISOLATION LEVEL " + (snapshot ? "REPEATABLE READ" : "READ COMMITTED"));
        }
        return back -> restore(back, timeouts);
    }

    /** MariaDB counts statements in seconds with fractions, MySQL in milliseconds, and only queries; it knows no idleness. */
    private Map<String, String> timeouts(Limits limits) {
        String lock = String.valueOf(limits.lockSeconds());
        return isMariaDb
                ? Map.of(
                        "innodb_lock_wait_timeout", lock,
                        "max_statement_time", String.valueOf(limits.statementMillis() / 1000.0),
                        "idle_transaction_timeout", String.valueOf(limits.statementSeconds()))
                : Map.of(
                        "innodb_lock_wait_timeout",
                        lock,
                        "max_execution_time",
                        String.valueOf(limits.statementMillis()));
    }

    private static void restore(Connection connection, Map<String, String> timeouts) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET " + listed(timeouts, (name, value) -> "SESSION " + name + " = @fe_" + name));
        }
    }

    private static String listed(Map<String, String> timeouts, BinaryOperator<String> setting) {
        return timeouts.entrySet().stream()
                .map(entry -> setting.apply(entry.getKey(), entry.getValue()))
                .collect(Collectors.joining(", "));
    }

    /** A row travels in one packet. */
    @Override
    long maxRowBytes(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT @@max_allowed_packet")) {
            row.next();
            return Math.min(super.maxRowBytes(connection), row.getLong(1) - ROOM);
        }
    }

    @Override
    int instantType() {
        return Types.TIMESTAMP;
    }

    /** Without a zone, so that no driver converts it. */
    @Override
    Object toColumn(Instant instant) {
        return LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
    }

    @Override
    Optional<Instant> toInstant(ResultSet row, int column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, LocalDateTime.class))
                .map(time -> time.toInstant(ZoneOffset.UTC));
    }

    @Override
    @Nullable
    Failure ofCode(int code, String state) {
        return switch (code) {
            case 1062 -> Failure.DUPLICATE;
            // A deadlock; a row that changed under a snapshot.
            case 1213, 1020 -> Failure.ROLLED_BACK;
            // Out of time.
            case 1969, 3024 -> Failure.TIMEOUT;
            // A row held for too long; killed; too many connections; going down; read-only, such as a
            // replica
            // that used to be the primary; the disk is full.
            case 1205, 1317, 1927, 1040, 1203, 1226, 1053, 1290, 1836, 1021, 1114 -> Failure.TRANSIENT;
            // Not in this character set; too long; out of range; more than a packet or a row holds.
            case 1366, 1406, 1264, 1292, 1153, 1118 -> Failure.DATA;
            case 1045, 1049 -> Failure.PERMANENT;
            default -> null;
        };
    }
}
