package dev.flowengine.jdbc;

import java.io.Serial;

/** Undoes a transaction whose work has found something else than it took for granted; the next one looks first. */
final class TryAgain extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    TryAgain(String found) {
        super(found, null, false, false);
    }
}
