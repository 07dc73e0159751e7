package dev.flowengine.oracle;

/**
 * What a node says about its failures: how many attempts it has (0 if it leaves that to the flow), whether there is time
 * between them, and what becomes of the last one's failure.
 */
public record CasePolicy(int maxAttempts, boolean pauses, CaseOnError onError) {
    /** The policy of a node that says nothing. */
    public static final CasePolicy NONE = new CasePolicy(0, false, CaseOnError.FAIL);

    /** Whether the node has a retry policy of its own. */
    public boolean retries() {
        return maxAttempts > 0;
    }

    @Override
    public String toString() {
        return (retries() ? " retry " + maxAttempts + (pauses ? " with pauses" : "") : "")
                + (onError == CaseOnError.FAIL ? "" : " onError " + onError);
    }
}
