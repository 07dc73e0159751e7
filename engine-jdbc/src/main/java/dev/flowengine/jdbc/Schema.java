package dev.flowengine.jdbc;

import dev.flowengine.persistence.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The tables of a store: the scripts that make them, and which of them were run. */
final class Schema {
    /** The version this library works with. */
    static final int VERSION = 1;

    private static final Logger LOG = LoggerFactory.getLogger(Schema.class);

    private final DataSource dataSource;
    private final Dialect dialect;
    private final Tables tables;
    private final Limits limits;

    Schema(DataSource dataSource, Dialect dialect, Tables tables, Limits limits) {
        this.dataSource = dataSource;
        this.limits = limits;
        this.dialect = dialect;
        this.tables = tables;
    }

    /** Runs the scripts that were not run yet. Several processes may do so at once: each script can be run again. */
    void migrate() {
        int from = version().orElse(0);
        for (int next = from + 1; next <= VERSION; next++) {
            LOG.info("bringing the tables {}* to version {}", tables.qualifier(), next);
            migrateTo(next);
        }
    }

    /** Others may run the same script: where tables are not made in a transaction, the two get in each other's way. */
    private void migrateTo(int next) {
        Optional<SQLException> failure = run(script(next));
        for (int attempt = 1; failure.isPresent() && version().orElse(0) < next; attempt++) {
            SQLException cause = failure.get();
            String what = "the tables " + tables.qualifier() + "* could not be brought to version " + next + ": "
                    + cause.getMessage();
            if (dialect.failure(cause) == Failure.TRANSIENT || dialect.failure(cause) == Failure.TIMEOUT) {
                throw StoreException.transientFailure(what, cause);
            }
            if (attempt == Transactions.MOST_ATTEMPTS) {
                throw StoreException.permanentFailure(
                        what, cause, "Run " + path(next) + " by hand, as somebody who may create tables.");
            }
            LOG.info("{}; trying again, attempt {}", what, attempt);
            Transactions.pause(attempt);
            failure = run(script(next));
        }
    }

    /** Refuses to go on with any version but the one this library works with. */
    void check() {
        OptionalInt found = version();
        if (found.isEmpty()) {
            throw wrong(
                    "there are no tables " + tables.qualifier() + "* of a store",
                    "Run " + path(1)
                            + " from the jar of engine-jdbc, or set createSchema(true); check schema and prefix.");
        }
        if (found.getAsInt() < VERSION) {
            throw wrong(
                    "the tables " + tables.qualifier() + "* have version " + found.getAsInt()
                            + ", but this library needs " + VERSION,
                    "Run the scripts from " + path(found.getAsInt() + 1) + " on, or set createSchema(true).");
        }
        if (found.getAsInt() > VERSION) {
            throw wrong(
                    "the tables " + tables.qualifier() + "* have version " + found.getAsInt()
                            + ", but this library knows only " + VERSION,
                    "Use the newer version of engine-jdbc that made them.");
        }
    }

    /** The script of a version, as it is to be run. */
    List<String> script(int version) {
        return statements(fill(read(path(version))));
    }

    private OptionalInt version() {
        try (Connection connection = dataSource.getConnection()) {
            return version(connection);
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    private OptionalInt version(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return within(limits, statement, () -> {
                try (ResultSet row = statement.executeQuery(tables.sql("SELECT MAX(version) FROM {schema_version}"))) {
                    row.next();
                    int version = row.getInt(1);
                    return row.wasNull() ? OptionalInt.empty() : OptionalInt.of(version);
                }
            });
        } catch (SQLException e) {
            if (dialect.failure(e) != Failure.PERMANENT) {
                throw e;
            }
            // The table is not there: each database says so in its own way.
            LOG.debug("no version of the tables {}*", tables.qualifier(), e);
            return OptionalInt.empty();
        } finally {
            if (!connection.getAutoCommit()) {
                connection.rollback();
            }
        }
    }

    /** The failure, if there was one. */
    private Optional<SQLException> run(List<String> statements) {
        try (Connection connection = dataSource.getConnection()) {
            boolean autoCommit = connection.getAutoCommit();
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                return within(limits.forTables(), statement, () -> {
                    for (String one : statements) {
                        statement.execute(one);
                    }
                    connection.commit();
                    return Optional.empty();
                });
            } catch (SQLException e) {
                connection.rollback();
                return Optional.of(e);
            } finally {
                connection.setAutoCommit(autoCommit);
            }
        } catch (SQLException e) {
            return Optional.of(e);
        }
    }

    /** Nobody waits at the start for a lock that others hold, without a word; some databases keep a timeout for later. */
    private static <T> T within(Limits limits, Statement statement, Asking<T> work) throws SQLException {
        int before = statement.getQueryTimeout();
        statement.setQueryTimeout(limits.statementSeconds());
        try {
            return work.ask();
        } finally {
            statement.setQueryTimeout(before);
        }
    }

    private String path(int version) {
        return "dev/flowengine/jdbc/" + dialect.folder() + "/V" + version + "__flowengine.sql";
    }

    private static String read(String path) {
        try (InputStream in = Schema.class.getResourceAsStream("/" + path)) {
            return new String(Objects.requireNonNull(in, path).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String fill(String script) {
        String filled = script.replace("${tables}", tables.qualifier()).replace("${prefix}", tables.prefix());
        for (Map.Entry<String, String> word : dialect.words().entrySet()) {
            filled = filled.replace("${" + word.getKey() + "}", word.getValue());
        }
        return filled;
    }

    /** The scripts are ours: no semicolon stands in a text, and a comment takes a whole line. */
    private static List<String> statements(String script) {
        List<String> statements = new ArrayList<>();
        StringBuilder statement = new StringBuilder();
        for (String line : script.lines().toList()) {
            if (line.isBlank() || line.startsWith("--")) {
                continue;
            }
            statement.append(line).append('\n');
            if (line.endsWith(";")) {
                statements.add(statement.substring(0, statement.length() - 2));
                statement.setLength(0);
            }
        }
        return statements;
    }

    private StoreException failure(SQLException e) {
        String message = "the database could not be asked for the tables of the store: " + e.getMessage();
        return dialect.failure(e) == Failure.PERMANENT
                ? StoreException.permanentFailure(message, e, "Check the data source.")
                : StoreException.transientFailure(message, e);
    }

    private static StoreException wrong(String message, String resolution) {
        return StoreException.permanentFailure(message + ". " + resolution, null, resolution);
    }

    /** Asks the database something. */
    @FunctionalInterface
    private interface Asking<T> {
        T ask() throws SQLException;
    }
}
