package dev.flowengine.internal.delivery;

import dev.flowengine.event.ExecutionEvent;
import dev.flowengine.event.NodeCompleted;
import dev.flowengine.event.NodeStarted;
import dev.flowengine.model.Iteration;
import java.time.Instant;
import java.util.Optional;

/**
 * The two events that every node causes, as a number each that is never negative. An execution of many short nodes spends
 * more on making event objects, and on handing them from one processor to another, than on anything else; so the thread
 * that tells a listener makes them.
 */
final class EventCode {
    private static final int ATTEMPT_SHIFT = Integer.SIZE;
    private static final int COMPLETED = 1;

    private EventCode() {}

    static long started(int node, int attempt) {
        return (long) attempt << ATTEMPT_SHIFT | (long) node << 1;
    }

    static long completed(int node, int attempt) {
        return started(node, attempt) | COMPLETED;
    }

    static ExecutionEvent decode(long code, EventOrigin origin, long seq, Instant instant) {
        String nodeId = origin.nodeIds()[(int) code >>> 1];
        int attempt = (int) (code >>> ATTEMPT_SHIFT);
        if ((code & COMPLETED) == 0) {
            return new NodeStarted(
                    origin.executionId(), origin.flowId(), seq, instant, nodeId, Iteration.NONE, attempt);
        }
        return new NodeCompleted(
                origin.executionId(),
                origin.flowId(),
                seq,
                instant,
                nodeId,
                Iteration.NONE,
                attempt,
                false,
                false,
                false,
                Optional.empty());
    }
}
