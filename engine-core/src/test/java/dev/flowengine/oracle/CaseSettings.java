package dev.flowengine.oracle;

/** What a case says about its flow as a whole; {@code maxAttempts} is for nodes that say nothing themselves. */
public record CaseSettings(CaseFailureMode failureMode, int maxAttempts) {
    /** What a flow has that says nothing. */
    public static final CaseSettings DEFAULT = new CaseSettings(CaseFailureMode.ISOLATE_BRANCH, 1);

    /** S20: how many attempts a node has. */
    int attemptsOf(CaseNode node) {
        int own = node.policy().maxAttempts();
        return own > 0 ? own : maxAttempts;
    }

    @Override
    public String toString() {
        return failureMode + (maxAttempts > 1 ? " retry " + maxAttempts : "");
    }
}
