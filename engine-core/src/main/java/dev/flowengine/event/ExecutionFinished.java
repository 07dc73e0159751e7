package dev.flowengine.event;

import dev.flowengine.model.ExecutionStatus;
import java.time.Instant;

/**
 * An execution has ended; always the last event.
 *
 * @param executionId the execution
 * @param flowId the flow
 * @param seq position among the events of the execution
 * @param instant when
 * @param status how it ended, a terminal status
 */
public record ExecutionFinished(String executionId, String flowId, long seq, Instant instant, ExecutionStatus status)
        implements ExecutionEvent {

    @Override
    public String wireName() {
        return "execution-finished";
    }

    @Override
    public void deliverTo(ExecutionListener listener) {
        listener.onExecutionFinished(this);
    }
}
