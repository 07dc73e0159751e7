package dev.flowengine.event;

import java.time.Instant;

/**
 * Stands in the place of events that a listener was not told of because it had fallen too far behind. The state of the
 * execution is not affected: a snapshot shows what the events would have.
 *
 * @param executionId the execution
 * @param flowId the flow
 * @param from position of the first event that is missing
 * @param to position of the last event that is missing
 * @param instant when the last of them happened
 */
public record EventsDropped(String executionId, String flowId, long from, long to, Instant instant)
        implements ExecutionEvent {

    /**
     * Position of the first event that is missing.
     *
     * @return the same as {@code from}
     */
    @Override
    public long seq() {
        return from;
    }

    @Override
    public String wireName() {
        return "events-dropped";
    }

    @Override
    public void deliverTo(ExecutionListener listener) {
        listener.onEventsDropped(this);
    }
}
