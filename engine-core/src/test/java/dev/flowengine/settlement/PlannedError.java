package dev.flowengine.settlement;

/** What a body throws that is planned to fail in a way that is not worth another attempt. */
final class PlannedError extends Error {
    private static final long serialVersionUID = 1L;

    PlannedError(String message) {
        super(message, null, false, false);
    }
}
