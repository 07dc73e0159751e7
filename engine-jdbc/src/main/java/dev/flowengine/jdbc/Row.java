package dev.flowengine.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the columns of a row, one after the other. */
final class Row {
    private final ResultSet rows;
    private final Dialect dialect;
    private int index;

    Row(ResultSet rows, Dialect dialect) {
        this.rows = rows;
        this.dialect = dialect;
    }

    /** Begins anew, for the next row. */
    void rewind() {
        index = 0;
    }

    String text() throws SQLException {
        return Objects.requireNonNull(rows.getString(++index), "a text that is always there");
    }

    Optional<String> optionalText() throws SQLException {
        return Optional.ofNullable(rows.getString(++index));
    }

    long number() throws SQLException {
        return rows.getLong(++index);
    }

    int integer() throws SQLException {
        return rows.getInt(++index);
    }

    byte @Nullable [] bytes() throws SQLException {
        return rows.getBytes(++index);
    }

    Instant instant() throws SQLException {
        return optionalInstant().orElseThrow();
    }

    Optional<Instant> optionalInstant() throws SQLException {
        return dialect.toInstant(rows, ++index);
    }

    <E extends Enum<E>> E constant(Class<E> type) throws SQLException {
        return Enum.valueOf(type, text());
    }

    <E extends Enum<E>> Optional<E> optionalConstant(Class<E> type) throws SQLException {
        return optionalText().map(name -> Enum.valueOf(type, name));
    }

    /** Reads a row. */
    @FunctionalInterface
    interface Reader<T> {
        T read(Row row) throws SQLException;
    }
}
