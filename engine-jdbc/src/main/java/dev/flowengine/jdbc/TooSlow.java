package dev.flowengine.jdbc;

import java.io.Serial;
import java.sql.SQLException;

/** A statement took too long; nothing was written. Less at a time may be possible. */
final class TooSlow extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    TooSlow(String message, SQLException cause) {
        super(message, cause);
    }
}
