package dev.flowengine.internal.attempt;

import org.slf4j.MDC;
import org.slf4j.helpers.NOPMDCAdapter;

/** Puts the coordinates of an attempt into the logging context (MDC) of the thread that runs its body. */
public final class LoggingContext {
    private static final String EXECUTION = "executionId";
    private static final String FLOW = "flowId";
    private static final String NODE = "nodeId";
    private static final String ATTEMPT = "attempt";

    private final boolean on;

    /**
     * Creates a logging context.
     *
     * @param wanted whether it is to be filled; it is not where nobody could read it
     */
    public LoggingContext(boolean wanted) {
        this.on = wanted && !(MDC.getMDCAdapter() instanceof NOPMDCAdapter);
    }

    void enter(RunScope scope, int node, int attempt) {
        if (on) {
            MDC.put(EXECUTION, scope.executionId());
            MDC.put(FLOW, scope.index().flowId());
            MDC.put(NODE, scope.nodeId(node));
            MDC.put(ATTEMPT, Integer.toString(attempt));
        }
    }

    void exit() {
        if (on) {
            MDC.remove(EXECUTION);
            MDC.remove(FLOW);
            MDC.remove(NODE);
            MDC.remove(ATTEMPT);
        }
    }
}
