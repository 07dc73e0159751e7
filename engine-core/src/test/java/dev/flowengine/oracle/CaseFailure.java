package dev.flowengine.oracle;

/** How a node failed: with which message, and at which attempt. */
public record CaseFailure(String message, int attempt) {

    /** The failure of an attempt. */
    static CaseFailure ofAttempt(String node, int attempt) {
        return new CaseFailure(attemptMessage(node, attempt), attempt);
    }

    /** The failure of a recovery: it counts to the attempt it was to make good. */
    static CaseFailure ofRecovery(String node, int attempt) {
        return new CaseFailure(recoveryMessage(node), attempt);
    }

    /** What an attempt throws that is planned to. */
    public static String attemptMessage(String node, int attempt) {
        return "planned failure " + attempt + " of " + node;
    }

    /** What a recovery throws that is planned to. */
    public static String recoveryMessage(String node) {
        return "planned failure of the recovery of " + node;
    }

    @Override
    public String toString() {
        return "\"" + message + "\" at attempt " + attempt;
    }
}
