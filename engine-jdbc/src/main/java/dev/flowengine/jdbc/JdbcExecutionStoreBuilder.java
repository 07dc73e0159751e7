package dev.flowengine.jdbc;

import dev.flowengine.persistence.StoreException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import javax.sql.DataSource;

/** Describes a {@link JdbcExecutionStore}; not thread-safe. */
public final class JdbcExecutionStoreBuilder {
    /** Names that need no quotes on any of the databases, short enough for names of indexes. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_]{0,29}");

    private final DataSource dataSource;
    private String schema = "";
    private String tablePrefix = "fe_";
    private boolean createSchema;
    private Limits limits = Limits.DEFAULT;
    private long mostResults = 100_000;
    private Supplier<Duration> offset = () -> Duration.ZERO;

    JdbcExecutionStoreBuilder(DataSource dataSource) {
        this.dataSource = Objects.requireNonNull(dataSource, "dataSource");
    }

    /**
     * Sets the schema (of MariaDB and MySQL, the database) of the tables, which must be there; that of the connections by
     * default.
     *
     * @param name a name that needs no quotes
     * @return this
     */
    public JdbcExecutionStoreBuilder schema(String name) {
        this.schema = checked("schema", name);
        return this;
    }

    /**
     * Sets what the names of all tables and indexes begin with; {@code fe_} by default.
     *
     * @param prefix a name that needs no quotes
     * @return this
     */
    public JdbcExecutionStoreBuilder tablePrefix(String prefix) {
        this.tablePrefix = checked("table prefix", prefix);
        return this;
    }

    /**
     * Sets whether missing tables are created, and old ones brought to the version of this library, when the store is built;
     * false by default. The scripts are in the jar, under {@code dev/flowengine/jdbc}, for those who run them themselves.
     *
     * @param create true to do so
     * @return this
     */
    public JdbcExecutionStoreBuilder createSchema(boolean create) {
        this.createSchema = create;
        return this;
    }

    /**
     * Sets the longest time of one statement; 15 seconds by default, and ten times as much for making tables. A transaction of
     * a process that stands still is undone by PostgreSQL and MariaDB after as long, so that others can go on.
     *
     * @param timeout between a millisecond and a day; rounded up to seconds where the database knows nothing smaller
     * @return this
     */
    public JdbcExecutionStoreBuilder statementTimeout(Duration timeout) {
        this.limits = new Limits(timeout, limits.lock());
        return this;
    }

    /**
     * Sets the longest wait for a row that somebody else holds; 5 seconds by default.
     *
     * @param timeout between a millisecond and a day; rounded up to seconds where the database knows nothing smaller
     * @return this
     */
    public JdbcExecutionStoreBuilder lockTimeout(Duration timeout) {
        this.limits = new Limits(limits.statement(), timeout);
        return this;
    }

    /**
     * Bounds how many results of nodes are kept to be used again, if engines keep them here; 100,000 by default. Of more, those go first
     * that would expire first. They are counted now and then, so that there may be some hundreds more.
     *
     * @param most at least 0
     * @return this
     */
    public JdbcExecutionStoreBuilder maxCachedResults(long most) {
        if (most < 0) {
            throw new IllegalArgumentException("maxCachedResults is " + most + ", but must be at least 0");
        }
        this.mostResults = most;
        return this;
    }

    /** Sets the store's time ahead of that of the database, so that tests need not wait. */
    JdbcExecutionStoreBuilder clockOffset(Supplier<Duration> ahead) {
        this.offset = ahead;
        return this;
    }

    /**
     * Creates the store, after a look at the tables.
     *
     * @return a store
     * @throws StoreException if the database cannot be asked, or its tables are missing or of another version
     * @throws IllegalArgumentException if the database is none of those known
     */
    public JdbcExecutionStore build() {
        Database database = ask();
        Tables tables = new Tables(database.dialect(), schema, tablePrefix, offset);
        Schema found = new Schema(dataSource, database.dialect(), tables, limits);
        if (createSchema) {
            found.migrate();
        }
        found.check();
        return new JdbcExecutionStore(
                new Transactions(dataSource, database.dialect(), tables, limits), database.mostBytes(), mostResults);
    }

    /** Gives the connection back before others are asked for: there may be only one. */
    private Database ask() {
        try (Connection connection = dataSource.getConnection()) {
            Dialect dialect = Dialect.of(connection.getMetaData());
            return new Database(dialect, dialect.maxRowBytes(connection));
        } catch (SQLException e) {
            throw StoreException.transientFailure("the database could not be asked what it is: " + e.getMessage(), e);
        }
    }

    private static String checked(String what, String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("the " + what + " is '" + name
                    + "', but must be a letter and up to 29 letters, digits or underscores");
        }
        return name;
    }

    /** What the database is, and how much fits into a row. */
    private record Database(Dialect dialect, long mostBytes) {}
}
