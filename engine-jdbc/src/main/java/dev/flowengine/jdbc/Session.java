package dev.flowengine.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a transaction does its work with. */
final class Session {
    /** How many rows go to the database at once: their payloads are in memory twice. */
    private static final int CHUNK = 256;
    /** From how many rows on one statement for all of them is less work than one for each. */
    private static final int WORTH_COLUMNS = 6;

    private final Connection connection;
    private final Dialect dialect;
    private final Tables tables;
    private final int attempt;
    private final Together together = new Together();
    private boolean looksUpKeys;

    Session(Connection connection, Dialect dialect, Tables tables, int attempt) {
        this.connection = connection;
        this.dialect = dialect;
        this.tables = tables;
        this.attempt = attempt;
    }

    /** Whether an earlier transaction for the same work was undone. */
    boolean isRepeated() {
        return attempt > 1;
    }

    /** Has settings of the transaction made with its first statement. */
    void begin(List<String> settings) {
        settings.forEach(setting -> together.add(setting, 0, false, values -> {}));
    }

    /** Has everything written that was to be written: to be called at the end. */
    void finish() throws SQLException {
        together.send(connection, dialect);
    }

    static TryAgain notThere() {
        return new TryAgain("a row to write was not there");
    }

    Instant now() throws SQLException {
        return first("SELECT {now}", values -> {}, Row::instant).orElseThrow();
    }

    /** Deletes rows of some runs from a table, of which nobody else deletes: so many at most. */
    int deleteSome(String table, List<Long> runs, int most) throws SQLException {
        return update(dialect.deleteSome(table, runs.size()), values -> {
            for (long run : runs) {
                values.number(run);
            }
            values.integer(most);
        });
    }

    /** Whoever owns runs; one of them may be nobody. */
    List<Optional<String>> ownersOfRuns() throws SQLException {
        return list(dialect.owners(), values -> {}, Row::optionalText);
    }

    <T> List<T> list(String template, Binding binding, Row.Reader<T> reader) throws SQLException {
        return together.query(connection, dialect, tables.sql(template), binding, found -> {
            List<T> rows = new ArrayList<>();
            Row row = new Row(found, dialect);
            while (found.next()) {
                row.rewind();
                rows.add(reader.read(row));
            }
            return rows;
        });
    }

    <T> Optional<T> first(String template, Binding binding, Row.Reader<T> reader) throws SQLException {
        return list(template, binding, reader).stream().findFirst();
    }

    int update(String template, Binding binding) throws SQLException {
        finish();
        try (PreparedStatement statement = connection.prepareStatement(tables.sql(template))) {
            binding.bind(new StatementParameters(statement, dialect));
            return statement.executeUpdate();
        }
    }

    /** Writes a row for each item: by the next statement that reads, or the end, at the latest. */
    <T> void each(String template, List<T> items, ItemBinding<T> binding) throws SQLException {
        if (mayWait()) {
            writeLater(template, items, binding, false);
        } else {
            write(template, items, binding);
        }
    }

    /**
     * Writes a row for each item, each of which must be there, as late as {@link #each} does.
     *
     * @throws TryAgain if one is not there, or the driver does not tell
     */
    <T> void eachExactlyOne(String template, List<T> items, ItemBinding<T> binding) throws SQLException {
        if (mayWait()) {
            writeLater(template, items, binding, true);
        } else if (!write(template, items, binding)) {
            throw notThere();
        }
    }

    /** What is done again goes statement by statement, so that it is seen which row is to blame. */
    private boolean mayWait() {
        return dialect.takesTogether() && !isRepeated();
    }

    private <T> void writeLater(String template, List<T> items, ItemBinding<T> binding, boolean isStrict)
            throws SQLException {
        if (items.size() >= WORTH_COLUMNS) {
            writeColumns(template, items, binding, isStrict);
            return;
        }
        for (T item : items) {
            together.add(tables.sql(template), 1, isStrict, values -> binding.bind(values, item));
        }
        sendWhatIsMuch();
    }

    /**
     * Writes all rows by one statement, but for a bound on what is in memory at once. What counts fewer rows than there are
     * items, such as one that is changed twice, is undone, and written one by one.
     */
    private <T> void writeColumns(String template, List<T> items, ItemBinding<T> binding, boolean isStrict)
            throws SQLException {
        if (!looksUpKeys) {
            dialect.lookUpKeys().forEach(setting -> together.add(setting, 0, false, values -> {}));
            looksUpKeys = true;
        }
        for (int from = 0; from < items.size(); from += CHUNK) {
            Columns columns = new Columns(dialect);
            List<T> chunk = items.subList(from, Math.min(items.size(), from + CHUNK));
            for (T item : chunk) {
                columns.rewind();
                binding.bind(columns, item);
            }
            if (together.rows() + chunk.size() > CHUNK) {
                finish();
            }
            together.add(
                    columns.sql(tables.sql(template)),
                    chunk.size(),
                    isStrict,
                    values -> columns.bind(connection, values));
        }
    }

    private void sendWhatIsMuch() throws SQLException {
        if (together.rows() >= CHUNK) {
            finish();
        }
    }

    /** Whether each item was one row, as far as is known. */
    private <T> boolean write(String template, List<T> items, ItemBinding<T> binding) throws SQLException {
        if (items.isEmpty()) {
            return true;
        }
        finish();
        boolean all = true;
        try (PreparedStatement statement = connection.prepareStatement(tables.sql(template))) {
            Parameters values = new StatementParameters(statement, dialect);
            for (int i = 0; i < items.size(); i++) {
                values.rewind();
                binding.bind(values, items.get(i));
                statement.addBatch();
                if ((i + 1) % CHUNK == 0 || i + 1 == items.size()) {
                    all &= areOnes(statement.executeBatch());
                }
            }
        }
        return all;
    }

    /** A driver that does not tell is believed by who has looked before. */
    private boolean areOnes(int[] counts) {
        for (int count : counts) {
            if (count != 1 && !(count == Statement.SUCCESS_NO_INFO && isRepeated())) {
                return false;
            }
        }
        return true;
    }

    /** Sets the parameters of a statement. */
    @FunctionalInterface
    interface Binding {
        void bind(Parameters values) throws SQLException;
    }

    /** Sets the parameters of a statement for one of many rows. */
    @FunctionalInterface
    interface ItemBinding<T> {
        void bind(Parameters values, T item) throws SQLException;
    }
}
