package dev.flowengine.internal.attempt;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.slf4j.helpers.NOPMDCAdapter;

/** Puts the coordinates of an attempt into the logging context (MDC) of the thread that runs its body. */
public final class LoggingContext {
    private static final String EXECUTION = "executionId";
    private static final String FLOW = "flowId";
    private static final String NODE = "nodeId";
    private static final String ATTEMPT = "attempt";
    private static final String ITERATION = "iteration";

    private final boolean on;
    private final boolean onHostThreads;

    /**
     * Creates a logging context.
     *
     * @param wanted whether it is to be filled; it is not where nobody could read it
     * @param onHostThreads whether bodies run on threads of the host, whose own context must come back after each body
     */
    public LoggingContext(boolean wanted, boolean onHostThreads) {
        this.on = wanted && !(MDC.getMDCAdapter() instanceof NOPMDCAdapter);
        this.onHostThreads = onHostThreads;
    }

    /** Fills the context and returns what has to be given to {@link #exit}. */
    @Nullable
    Map<String, String> enter(RunScope scope, int node, int attempt) {
        if (!on) {
            return null;
        }
        Map<String, String> before = onHostThreads ? MDC.getCopyOfContextMap() : null;
        MDC.put(EXECUTION, scope.executionId());
        MDC.put(FLOW, scope.index().flowId());
        MDC.put(NODE, scope.nodeId(node));
        MDC.put(ATTEMPT, Integer.toString(attempt));
        if (scope.layout().isInBody(node)) {
            MDC.put(ITERATION, scope.iteration(node).toString());
        }
        return before;
    }

    void exit(@Nullable Map<String, String> before) {
        if (!on) {
            return;
        }
        if (before != null) {
            MDC.setContextMap(before);
        } else {
            // Also what the body put there itself: the next body on this thread belongs to another execution.
            MDC.clear();
        }
    }
}
