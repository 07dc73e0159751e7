package dev.flowengine.event;

import java.time.Instant;

/**
 * Something that happened to an execution. Each kind is a record of its own.
 *
 * <p>Within one execution events carry consecutive sequence numbers from 1 and end with exactly one
 * {@link ExecutionFinished}. A listener that falls too far behind finds an {@link EventsDropped} in the place of those it
 * misses.
 *
 * <p>What nodes report about themselves ({@link NodeReport}) is not counted: it carries the number of the event before it.
 */
public sealed interface ExecutionEvent
        permits ExecutionStarted, ExecutionStatusChanged, ExecutionStuck, NodeEvent, EventsDropped, ExecutionFinished {

    /**
     * The execution.
     *
     * @return its id
     */
    String executionId();

    /**
     * The flow.
     *
     * @return its id
     */
    String flowId();

    /**
     * Position among the events of the execution.
     *
     * @return 1 for the first, without gaps; for a {@link NodeReport} that of the event before it
     */
    long seq();

    /**
     * When it happened.
     *
     * @return an instant of the engine's clock
     */
    Instant instant();

    /**
     * The name of the kind on the wire.
     *
     * @return such as {@code node-completed}
     */
    String wireName();

    /**
     * Calls the listener's method for this kind.
     *
     * @param listener who is told
     */
    void deliverTo(ExecutionListener listener);
}
