package dev.flowengine.settlement;

/** What a body throws that is planned to fail; without a stack trace, because so many are thrown. */
final class PlannedFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PlannedFailure(String message) {
        super(message, null, false, false);
    }
}
