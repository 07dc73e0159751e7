package dev.flowengine.event;

import java.time.Instant;

/**
 * An execution was admitted; always the first event.
 *
 * @param executionId the execution
 * @param flowId the flow
 * @param seq position among the events of the execution
 * @param instant when
 * @param startNodeId the node it begins with
 */
public record ExecutionStarted(String executionId, String flowId, long seq, Instant instant, String startNodeId)
        implements ExecutionEvent {

    @Override
    public String wireName() {
        return "execution-started";
    }

    @Override
    public void deliverTo(ExecutionListener listener) {
        listener.onExecutionStarted(this);
    }
}
