package dev.flowengine.internal.delivery;

import java.time.Instant;

/**
 * The execution that events are about. Holds on to nothing of it that is large: a listener that is behind keeps it.
 *
 * @param executionId the execution
 * @param flowId its flow
 * @param nodeIds the ids of its nodes by their numbers; shared by all executions of a plan, never changed
 * @param startedAt when it was admitted: before anything that happens to it
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, never given away
public record EventOrigin(String executionId, String flowId, String[] nodeIds, Instant startedAt) {

    /** The instant so many nanoseconds after the start. */
    Instant at(long nanos) {
        return startedAt.plusNanos(nanos);
    }
}
