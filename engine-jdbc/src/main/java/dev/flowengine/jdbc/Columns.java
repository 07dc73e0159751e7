package dev.flowengine.jdbc;

import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Takes the parameters of one statement for many rows, column by column, so that PostgreSQL is sent one statement for all of
 * them: what it costs to begin and end a statement is more than what a row costs.
 */
final class Columns extends Parameters {
    private static final Pattern MARK = Pattern.compile("\\?");

    private final Dialect dialect;
    private final List<Column> columns = new ArrayList<>();
    private int index;

    Columns(Dialect dialect) {
        this.dialect = dialect;
    }

    /**
     * The statement for all rows.
     *
     * @param sql the statement for one: an INSERT of VALUES, or an UPDATE or DELETE with a WHERE
     */
    String sql(String sql) {
        String rows = rows();
        int[] number = {0};
        String named = MARK.matcher(sql).replaceAll(mark -> Matcher.quoteReplacement("u.c" + ++number[0]));
        if (named.startsWith("INSERT")) {
            int values = named.indexOf("VALUES (");
            return named.substring(0, values) + "SELECT "
                    + named.substring(values + "VALUES (".length(), named.length() - 1) + " FROM " + rows;
        }
        String joined = named.startsWith("DELETE") ? " USING " : " FROM ";
        return named.replaceFirst(" WHERE ", Matcher.quoteReplacement(joined + rows + " WHERE "));
    }

    /** Sets the parameters of the statement for all rows. */
    void bind(Connection connection, Parameters values) throws SQLException {
        for (Column column : columns) {
            values.array(connection.createArrayOf(column.type, column.array()));
        }
    }

    private String rows() {
        List<String> arrays = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (Column column : columns) {
            arrays.add("?::" + column.type + "[]");
            names.add("c" + arrays.size());
        }
        return "unnest(" + String.join(", ", arrays) + ") AS u (" + String.join(", ", names) + ")";
    }

    @Override
    void rewind() {
        index = 0;
    }

    @Override
    Parameters text(@Nullable String value) {
        return add("text", String[]::new, value);
    }

    @Override
    Parameters number(long value) {
        return add("int8", Long[]::new, value);
    }

    @Override
    Parameters integer(int value) {
        return add("int4", Integer[]::new, value);
    }

    @Override
    Parameters bytes(byte @Nullable [] value) {
        return add("bytea", byte[][]::new, value);
    }

    @Override
    Parameters instant(@Nullable Instant value) {
        return add("timestamptz", Object[]::new, value == null ? null : dialect.toColumn(value));
    }

    @Override
    Parameters array(Array value) {
        throw new IllegalStateException("a row has no array");
    }

    private Parameters add(String type, IntFunction<Object[]> array, @Nullable Object value) {
        if (index == columns.size()) {
            columns.add(new Column(type, array));
        }
        columns.get(index++).values.add(value);
        return this;
    }

    /** The values of one parameter. */
    private static final class Column {
        private final String type;
        private final IntFunction<Object[]> array;
        private final List<@Nullable Object> values = new ArrayList<>();

        Column(String type, IntFunction<Object[]> array) {
            this.type = type;
            this.array = array;
        }

        Object[] array() {
            return values.toArray(array.apply(0));
        }
    }
}
