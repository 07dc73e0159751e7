package dev.flowengine.event;

/**
 * Is told what happens to executions, in order within each execution, on a delivery thread. Whatever a listener does
 * (throw, block, be slow) cannot change, delay or fail an execution. A listener that falls behind by more than the engine
 * keeps for it is not told of what came meanwhile, but of the fact.
 *
 * <p>Implement {@link #onEvent} to see everything, or the methods of the kinds that matter: they are called by the
 * default {@code onEvent}.
 */
public interface ExecutionListener {

    /**
     * Is told of any event.
     *
     * @param event what happened
     */
    default void onEvent(ExecutionEvent event) {
        event.deliverTo(this);
    }

    /**
     * Is told of an execution that was admitted.
     *
     * @param event what happened
     */
    default void onExecutionStarted(ExecutionStarted event) {}

    /**
     * Is told of an execution that has entered another status between its start and its end.
     *
     * @param event what happened
     */
    default void onExecutionStatusChanged(ExecutionStatusChanged event) {}

    /**
     * Is told of an execution that is running but stands still.
     *
     * @param event what happened
     */
    default void onExecutionStuck(ExecutionStuck event) {}

    /**
     * Is told of an attempt that has failed and will be followed by another.
     *
     * @param event what happened
     */
    default void onNodeAttemptFailed(NodeAttemptFailed event) {}

    /**
     * Is told of a node that waits for a time or a signal.
     *
     * @param event what happened
     */
    default void onNodeWaiting(NodeWaiting event) {}

    /**
     * Is told of a node that has used up most of a timeout.
     *
     * @param event what happened
     */
    default void onNodeTimeoutNear(NodeTimeoutNear event) {}

    /**
     * Is told of an intervention in a node.
     *
     * @param event what happened
     */
    default void onNodeIntervened(NodeIntervened event) {}

    /**
     * Is told of a node whose body starts.
     *
     * @param event what happened
     */
    default void onNodeStarted(NodeStarted event) {}

    /**
     * Is told of a node that has completed.
     *
     * @param event what happened
     */
    default void onNodeCompleted(NodeCompleted event) {}

    /**
     * Is told of a node that has failed.
     *
     * @param event what happened
     */
    default void onNodeFailed(NodeFailed event) {}

    /**
     * Is told of a node that was skipped.
     *
     * @param event what happened
     */
    default void onNodeSkipped(NodeSkipped event) {}

    /**
     * Is told of a node that was cancelled.
     *
     * @param event what happened
     */
    default void onNodeCancelled(NodeCancelled event) {}

    /**
     * Is told of a compensation that starts.
     *
     * @param event what happened
     */
    default void onCompensationStarted(CompensationStarted event) {}

    /**
     * Is told of a compensation that has undone what its node did.
     *
     * @param event what happened
     */
    default void onCompensationCompleted(CompensationCompleted event) {}

    /**
     * Is told of an attempt of a compensation that has failed.
     *
     * @param event what happened
     */
    default void onCompensationFailed(CompensationFailed event) {}

    /**
     * Is told how far a node has come.
     *
     * @param event the latest word of the node
     */
    default void onNodeProgressed(NodeProgressed event) {}

    /**
     * Is told of lines a node has written into the log of its execution.
     *
     * @param event the lines
     */
    default void onNodeLogged(NodeLogged event) {}

    /**
     * Is told that it has missed events, in their place.
     *
     * @param event which
     */
    default void onEventsDropped(EventsDropped event) {}

    /**
     * Is told of an execution that has ended.
     *
     * @param event what happened
     */
    default void onExecutionFinished(ExecutionFinished event) {}
}
