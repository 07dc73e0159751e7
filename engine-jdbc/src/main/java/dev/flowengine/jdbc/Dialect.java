package dev.flowengine.jdbc;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransactionRollbackException;
import java.sql.SQLTransientException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What one database does in its own way. The rest of the SQL is the same for all. */
abstract class Dialect {
    private static final long MOST_BYTES = 64L << 20;

    /** The folder of its scripts. */
    abstract String folder();

    /** The expression that tells the time, to the microsecond, of the moment it is evaluated. */
    abstract String now();

    /** The same evaluated once for a statement, so that an index can be searched for it. */
    String once(String instant) {
        return instant;
    }

    /** A statement that finds out who owns runs, at the cost of one look into an index for each of them. */
    String owners() {
        return "SELECT DISTINCT worker_id FROM {ownership}";
    }

    /** An instant some microseconds after another one, both as expressions. */
    abstract String later(String instant, String micros);

    /**
     * Sets isolation and timeouts for the transaction that begins.
     *
     * @param snapshot whether all statements see the same moment
     * @return what gives the connection back as it came
     */
    abstract Restore begin(Connection connection, Limits limits, boolean snapshot) throws SQLException;

    /** What else is to be set at the beginning of a transaction, together with its first statement. */
    List<String> settings(Limits limits, boolean snapshot) {
        return List.of();
    }

    /** What the error codes of this database mean; null if they say nothing the states of the standard do not say. */
    abstract @Nullable Failure ofCode(int code, String state);

    static Dialect of(DatabaseMetaData metaData) throws SQLException {
        String product = metaData.getDatabaseProductName();
        return switch (product.toLowerCase(Locale.ROOT)) {
            case "postgresql" -> new PostgresDialect();
            case "h2" -> new H2Dialect();
            case "mariadb" -> new MariaDbDialect(true);
            // What the older drivers of MariaDB call it, too.
            case "mysql" ->
                new MariaDbDialect(metaData.getDatabaseProductVersion()
                        .toLowerCase(Locale.ROOT)
                        .contains("mariadb"));
            default ->
                throw new IllegalArgumentException(
                        "the database is " + product + ", but only PostgreSQL, H2, MariaDB and MySQL are known");
        };
    }

    /** What stands in the scripts for words that differ. */
    Map<String, String> words() {
        return Map.of();
    }

    /** Follows on the name of a table whose rows are to be locked in the order of its key. */
    String byKey() {
        return "";
    }

    /** Follows on the name of a table whose rows are to be read in the order of an index. */
    String byIndex(String index) {
        return "";
    }

    /** A statement that deletes rows of some runs from a table, of which nobody else deletes: so many at most. */
    abstract String deleteSome(String table, int runs);

    /** How runs of one edition are ordered by the time they wake up, so that an index does it. */
    String soonest() {
        return "wake_at";
    }

    /** How runs "r" of one outcome are ordered by their ends, so that an index does it. */
    String oldest() {
        return "r.ended_at, r.run_id";
    }

    /**
     * Whether several statements can be sent as one, each with parameters of its own, and one be given the values of many rows
     * as arrays: see {@link Together} and {@link Columns}.
     */
    boolean takesTogether() {
        return false;
    }

    /**
     * Settings by which the transaction finds the rows that are changed by such statements by their keys, whatever is known of
     * the tables.
     */
    List<String> lookUpKeys() {
        return List.of();
    }

    /** How many bytes there may be in a row. */
    long maxRowBytes(Connection connection) throws SQLException {
        return MOST_BYTES;
    }

    int instantType() {
        return Types.TIMESTAMP_WITH_TIMEZONE;
    }

    Object toColumn(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    Optional<Instant> toInstant(ResultSet row, int column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, OffsetDateTime.class)).map(OffsetDateTime::toInstant);
    }

    /** What an error means: that of the first of its causes that means anything. */
    final Failure failure(SQLException error) {
        for (SQLException one : SqlErrors.chain(error)) {
            String state = one.getSQLState() == null ? "" : one.getSQLState();
            Failure failure = ofCode(one.getErrorCode(), state);
            failure = failure != null ? failure : ofState(state);
            failure = failure != null ? failure : ofType(one);
            if (failure != null) {
                return failure;
            }
        }
        return Failure.PERMANENT;
    }

    private static @Nullable Failure ofState(String state) {
        if (state.equals("23505")) {
            return Failure.DUPLICATE;
        }
        if (state.startsWith("40")) {
            // 40003: nobody knows whether it was.
            return state.equals("40003") ? Failure.TRANSIENT : Failure.ROLLED_BACK;
        }
        // Of those about integrity, too: a constraint somebody added is nothing a repetition gets past.
        if (state.startsWith("22") || state.startsWith("23")) {
            return Failure.DATA;
        }
        return List.of("08", "53", "57", "HYT").stream().anyMatch(state::startsWith) ? Failure.TRANSIENT : null;
    }

    private static @Nullable Failure ofType(SQLException error) {
        if (error instanceof SQLTransactionRollbackException) {
            return Failure.ROLLED_BACK;
        }
        boolean passes = error instanceof SQLTransientException || error instanceof SQLRecoverableException;
        return passes ? Failure.TRANSIENT : null;
    }

    /** Gives a connection back as it came. */
    @FunctionalInterface
    interface Restore {
        /** What was changed ends with the transaction. */
        Restore NOTHING = connection -> {};

        void restore(Connection connection) throws SQLException;
    }
}
