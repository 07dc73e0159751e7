package dev.flowengine.node;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a body may know of the execution it is part of. Thread-safe; a view of the moment where things still change. */
public interface ExecutionContext {

    /**
     * The execution.
     *
     * @return its id
     */
    String executionId();

    /**
     * The flow.
     *
     * @return its id
     */
    String flowId();

    /**
     * The version of the flow.
     *
     * @return the version
     */
    String flowVersion();

    /**
     * On whose behalf the execution runs.
     *
     * @return the id given at the start, if any
     */
    Optional<String> userId();

    /**
     * The node the execution began with: its trigger, or the node it was started from.
     *
     * @return its id
     */
    String startNodeId();

    /**
     * The data the trigger was fired with.
     *
     * @return the data, may be null; null for an execution that was not started from a trigger
     */
    @Nullable
    Object triggerData();

    /**
     * The options the execution was started with.
     *
     * @return the options
     */
    RunOptions options();

    /**
     * When the execution was admitted.
     *
     * @return an instant of the engine's clock
     */
    Instant startedAt();

    /**
     * The nodes that have started so far, in order of their starts.
     *
     * @return a copy; linear in its length
     */
    List<String> executionPath();

    /**
     * The output of another node this node may read: one that feeds it, one it waits for by {@code after}, or an
     * ancestor marked {@code keep()}.
     *
     * @param source an output of that node
     * @param <T> type of the value
     * @return the value, may be null; or what is known instead of it
     * @throws dev.flowengine.model.FlowException if this node may not read that output
     */
    <T extends @Nullable Object> Input<T> output(Output<T> source);
}
