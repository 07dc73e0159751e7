package dev.flowengine.event;

import dev.flowengine.model.Iteration;

/** Something that happened to a node of an execution. */
public sealed interface NodeEvent extends ExecutionEvent
        permits NodeStarted,
                NodeAttemptFailed,
                NodeWaiting,
                NodeTimeoutNear,
                NodeIntervened,
                NodeCompleted,
                NodeFailed,
                NodeSkipped,
                NodeCancelled,
                CompensationStarted,
                CompensationCompleted,
                CompensationFailed,
                NodeReport {

    /**
     * The node.
     *
     * @return its id
     */
    String nodeId();

    /**
     * The pass through the loops around the node.
     *
     * @return its path, empty outside any loop
     */
    Iteration iteration();

    /**
     * The attempt it happened to.
     *
     * @return counted from 1; 0 if the body was never started
     */
    int attempt();
}
