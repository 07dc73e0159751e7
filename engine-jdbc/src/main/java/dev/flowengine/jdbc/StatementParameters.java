package dev.flowengine.jdbc;

import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Sets the parameters of a statement, one after the other. */
final class StatementParameters extends Parameters {
    private final PreparedStatement statement;
    private final Dialect dialect;
    private int index;

    StatementParameters(PreparedStatement statement, Dialect dialect) {
        this.statement = statement;
        this.dialect = dialect;
    }

    @Override
    void rewind() {
        index = 0;
    }

    @Override
    Parameters text(@Nullable String value) throws SQLException {
        statement.setString(++index, value);
        return this;
    }

    @Override
    Parameters number(long value) throws SQLException {
        statement.setLong(++index, value);
        return this;
    }

    @Override
    Parameters integer(int value) throws SQLException {
        statement.setInt(++index, value);
        return this;
    }

    @Override
    Parameters bytes(byte @Nullable [] value) throws SQLException {
        if (value == null) {
            statement.setNull(++index, Types.VARBINARY);
        } else {
            statement.setBytes(++index, value);
        }
        return this;
    }

    @Override
    Parameters instant(@Nullable Instant value) throws SQLException {
        if (value == null) {
            statement.setNull(++index, dialect.instantType());
        } else {
            statement.setObject(++index, dialect.toColumn(value), dialect.instantType());
        }
        return this;
    }

    @Override
    Parameters array(Array value) throws SQLException {
        statement.setArray(++index, value);
        return this;
    }
}
