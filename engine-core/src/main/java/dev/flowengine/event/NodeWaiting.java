package dev.flowengine.event;

import dev.flowengine.model.Iteration;
import java.time.Instant;
import java.util.Optional;

/**
 * A node waits for a time, a signal, whichever comes first, or another execution, without a thread. A wait for the next attempt is told by
 * {@link NodeAttemptFailed}.
 *
 * @param executionId the execution
 * @param flowId the flow
 * @param seq position among the events of the execution
 * @param instant when
 * @param nodeId the node
 * @param iteration the pass through the loops around it
 * @param attempt the attempt that came to wait
 * @param until when the time comes; pauses may put that off. Empty if it waits for no time
 * @param signal the name of the signal; empty if it waits for none
 * @param childExecutionId id of the execution that it has started; empty if it has started none
 */
public record NodeWaiting(
        String executionId,
        String flowId,
        long seq,
        Instant instant,
        String nodeId,
        Iteration iteration,
        int attempt,
        Optional<Instant> until,
        Optional<String> signal,
        Optional<String> childExecutionId)
        implements NodeEvent {

    @Override
    public String wireName() {
        return "node-waiting";
    }

    @Override
    public void deliverTo(ExecutionListener listener) {
        listener.onNodeWaiting(this);
    }
}
