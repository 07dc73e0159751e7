package dev.flowengine.jdbc;

import java.io.Serial;
import java.sql.SQLException;

/** The database cannot keep something it was given; nothing was written. */
final class RefusedByDatabase extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    RefusedByDatabase(SQLException cause) {
        super(cause.getMessage(), cause);
    }
}
