package dev.flowengine.execution;

import dev.flowengine.model.CompensationStatus;
import dev.flowengine.model.FlowError;
import java.util.Objects;
import java.util.Optional;

/**
 * The compensation of one node at a moment.
 *
 * @param nodeId the node whose work is undone
 * @param status how far that has come
 * @param attempt the latest attempt, counted from 1; 0 if none was made
 * @param failure how the last attempt that failed did; empty if none has, or a later one completed
 */
public record CompensationState(String nodeId, CompensationStatus status, int attempt, Optional<FlowError> failure) {

    /** Refuses null. */
    public CompensationState {
        Objects.requireNonNull(nodeId, "nodeId");
        Objects.requireNonNull(status, "status");
        Objects.requireNonNull(failure, "failure");
    }
}
