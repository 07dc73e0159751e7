package dev.flowengine.execution;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What somebody may do by hand to one node of an execution that goes on. Each call returns at once; its stage completes
 * once the intervention has taken effect, or exceptionally with a {@link dev.flowengine.model.FlowException}
 * INVALID_FLOW_STATE if the node was in no state for it by then. Thread-safe.
 */
public interface NodeControl {

    /**
     * Starts the next attempt now. The node must be waiting for it.
     *
     * @return completes when the attempt has been asked for
     */
    CompletionStage<Void> retryNow();

    /**
     * Skips the node, as if a branch to it had not been taken. It must be ready, running or waiting; an attempt that runs
     * is interrupted and given up. A node on an engine worker ({@code cpuBound()}) cannot be skipped.
     *
     * @param reason why, for the events
     * @return completes when the node is skipped
     */
    CompletionStage<Void> skip(String reason);

    /**
     * Completes the node with a value, which its first output port fires. It must be ready, running or waiting; an attempt
     * that runs is interrupted and given up. A node on an engine worker ({@code cpuBound()}) cannot be completed so.
     *
     * @param value the value, may be null
     * @return completes when the node has completed
     * @throws dev.flowengine.model.FlowException if the value is not of the type the node is declared to put out
     */
    CompletionStage<Void> complete(@Nullable Object value);

    /**
     * Gives the node more time: to its running attempt, if that is limited, and to the node, if that is.
     *
     * @param more how much, positive
     * @return completes when it has the time
     */
    CompletionStage<Void> extendTimeout(Duration more);
}
