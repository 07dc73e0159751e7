package dev.flowengine.event;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * An execution that is running stands still: for a long time no attempt of a node has started or ended, and no body has reported anything, see
 * {@link dev.flowengine.execution.EngineHealth#stuckExecutions()}. Told once per standstill; the execution may still go on by
 * itself.
 *
 * @param executionId the execution
 * @param flowId the flow
 * @param seq position among the events of the execution
 * @param instant when this was noticed
 * @param since since when nothing has happened; the standstill may have begun a little earlier
 * @param openNodes nodes that are ready, run or wait, 20 of them at most, in declaration order
 */
public record ExecutionStuck(
        String executionId, String flowId, long seq, Instant instant, Instant since, List<String> openNodes)
        implements ExecutionEvent {

    /** Copies the list and refuses null. */
    public ExecutionStuck {
        Objects.requireNonNull(since, "since");
        openNodes = List.copyOf(openNodes);
    }

    @Override
    public String wireName() {
        return "execution-stuck";
    }

    @Override
    public void deliverTo(ExecutionListener listener) {
        listener.onExecutionStuck(this);
    }
}
