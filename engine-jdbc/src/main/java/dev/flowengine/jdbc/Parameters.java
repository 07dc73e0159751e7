package dev.flowengine.jdbc;

import java.sql.Array;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Takes the parameters of a statement, one after the other. */
abstract class Parameters {

    /** Begins anew, for the next row of a batch. */
    abstract void rewind();

    abstract Parameters text(@Nullable String value) throws SQLException;

    abstract Parameters number(long value) throws SQLException;

    abstract Parameters integer(int value) throws SQLException;

    abstract Parameters bytes(byte @Nullable [] value) throws SQLException;

    abstract Parameters instant(@Nullable Instant value) throws SQLException;

    abstract Parameters array(Array value) throws SQLException;

    final Parameters text(Optional<String> value) throws SQLException {
        return text(value.orElse(null));
    }

    final Parameters texts(Collection<String> values) throws SQLException {
        for (String value : values) {
            text(value);
        }
        return this;
    }

    final Parameters instant(Optional<Instant> value) throws SQLException {
        return instant(value.orElse(null));
    }
}
