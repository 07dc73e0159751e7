package dev.flowengine.event;

import dev.flowengine.model.ExecutionStatus;
import java.time.Instant;

/**
 * An execution has entered another status between its start and its end: it waits, is being paused, is paused, goes on, or
 * is being cancelled.
 *
 * @param executionId the execution
 * @param flowId the flow
 * @param seq position among the events of the execution
 * @param instant when
 * @param status the new status, never a terminal one
 */
public record ExecutionStatusChanged(
        String executionId, String flowId, long seq, Instant instant, ExecutionStatus status)
        implements ExecutionEvent {

    @Override
    public String wireName() {
        return "execution-status-changed";
    }

    @Override
    public void deliverTo(ExecutionListener listener) {
        listener.onExecutionStatusChanged(this);
    }
}
