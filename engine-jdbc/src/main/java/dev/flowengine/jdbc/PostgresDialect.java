package dev.flowengine.jdbc;

import java.sql.Connection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** PostgreSQL. */
final class PostgresDialect extends Dialect {

    @Override
    String folder() {
        return "postgresql";
    }

    @Override
    String now() {
        return "clock_timestamp()";
    }

    /** What is evaluated for each row, as the clock is, is compared with each row. */
    @Override
    String once(String instant) {
        return "(SELECT " + instant + ")";
    }

    /** From one owner to the next: DISTINCT would read the rows of all runs. */
    @Override
    String owners() {
        String next =
                "SELECT o.worker_id FROM {ownership} o WHERE o.worker_id > t.worker_id ORDER BY o.worker_id LIMIT 1";
        return "WITH RECURSIVE t AS ("
                + "(SELECT worker_id FROM {ownership} WHERE worker_id IS NOT NULL ORDER BY worker_id LIMIT 1)"
                + " UNION ALL SELECT (" + next + ") FROM t WHERE t.worker_id IS NOT NULL)"
                + " SELECT worker_id FROM t";
    }

    /** PostgreSQL knows no limit of what is deleted: rows are found first, and then deleted where they are. */
    @Override
    String deleteSome(String table, int runs) {
        return "DELETE FROM {" + table + "} WHERE ctid = ANY (ARRAY(SELECT ctid FROM {" + table + "} WHERE run_no IN ("
                + Marks.of(runs) + ") LIMIT ?))";
    }

    @Override
    String later(String instant, String micros) {
        return "(" + instant + " + " + micros + " * interval '1 microsecond')";
    }

    @Override
    Restore begin(Connection connection, Limits limits, boolean snapshot) {
        return Restore.NOTHING;
    }

    /** Gone with the transaction: nothing to restore. */
    @Override
    List<String> settings(Limits limits, boolean snapshot) {
        return List.of(
                "SET TRANSACTION ISOLATION LEVEL "
                        + (snapshot ? "REPEATABLE READ, READ ONLY" : "READ COMMITTED, READ WRITE"),
                "SET LOCAL statement_timeout = " + limits.statementMillis(),
                "SET LOCAL idle_in_transaction_session_timeout = " + limits.statementMillis(),
                "SET LOCAL lock_timeout = " + limits.lockMillis());
    }

    @Override
    boolean takesTogether() {
        return true;
    }

    /** A plan that was made when a table was small, or never looked at, reads all of it, and is kept while it grows. */
    @Override
    List<String> lookUpKeys() {
        return List.of(
                "SET LOCAL enable_seqscan = off",
                "SET LOCAL enable_hashjoin = off",
                "SET LOCAL enable_mergejoin = off");
    }

    @Override
    @Nullable
    Failure ofCode(int code, String state) {
        return switch (state) {
            // A lock held for too long; a standby that took over, or used to be the primary; a transaction that lay
            // idle,
            // or took too long by the server's own limits.
            case "55P03", "25006", "25P03", "25P04" -> Failure.TRANSIENT;
            case "57014" -> Failure.TIMEOUT;
            // The password is wrong, the database is not there: states the standard puts with passing ones.
            case "28P01", "28000", "3D000" -> Failure.PERMANENT;
            // More than fits: a row, a page of an index.
            case "54000" -> Failure.DATA;
            default -> null;
        };
    }
}
