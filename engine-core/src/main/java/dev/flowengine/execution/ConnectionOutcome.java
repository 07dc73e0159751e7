package dev.flowengine.execution;

/** What became of a connection of an execution, as far as its source tells. */
enum ConnectionOutcome {
    /** Its source completed and fired the port. */
    TAKEN,
    /** Its source completed without firing the port, or was skipped for another reason than a failure. */
    NOT_TAKEN,
    /** Its source failed, or was skipped because of a failure. */
    FAILED,
    /** Its source is not settled, or was cancelled, which decides nothing. */
    OPEN,
    /** Its source does not run; what the source would have fired is given. */
    SUPPLIED,
    /** It is no part of the execution. */
    OUTSIDE;

    /** Whether what needs the connection no longer waits for it. */
    boolean isDecided() {
        return this != OPEN && this != OUTSIDE;
    }

    /** Judges a connection from a port of a node in scope. */
    static ConnectionOutcome of(NodeState source, String port) {
        return switch (source.status()) {
            case COMPLETED -> source.firedPorts().contains(port) ? TAKEN : NOT_TAKEN;
            case SKIPPED, FAILED -> ofUnfinished(source);
            case IDLE, QUEUED, RUNNING, WAITING, CANCELLED -> OPEN;
        };
    }

    /** Judges an order dependency on a node in scope. */
    static ConnectionOutcome of(NodeState source) {
        return switch (source.status()) {
            case COMPLETED -> TAKEN;
            case SKIPPED, FAILED -> ofUnfinished(source);
            case IDLE, QUEUED, RUNNING, WAITING, CANCELLED -> OPEN;
        };
    }

    private static ConnectionOutcome ofUnfinished(NodeState source) {
        boolean passedOver = source.skipReason()
                .filter(reason -> !reason.propagatesFailure())
                .isPresent();
        return passedOver ? NOT_TAKEN : FAILED;
    }
}
