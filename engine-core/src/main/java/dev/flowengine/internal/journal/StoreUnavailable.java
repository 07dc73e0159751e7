package dev.flowengine.internal.journal;

import dev.flowengine.persistence.StoreException;

/** The store fails for the moment. */
final class StoreUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final StoreException reason;

    StoreUnavailable(StoreException reason) {
        super(reason.getMessage(), reason, false, false);
        this.reason = reason;
    }

    StoreException reason() {
        return reason;
    }
}
