package dev.flowengine.execution;

import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.Output;
import dev.flowengine.node.PortValues;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How an execution ended, and what its nodes put out. Immutable; given for every terminal status. */
public interface ExecutionResult {

    /**
     * The execution.
     *
     * @return its id
     */
    String executionId();

    /**
     * How it ended.
     *
     * @return a terminal status
     */
    ExecutionStatus status();

    /**
     * The final state of everything.
     *
     * @return the last snapshot
     */
    ExecutionSnapshot snapshot();

    /**
     * The nodes that started, in order of their starts.
     *
     * @return their ids
     */
    default List<String> executionPath() {
        return snapshot().executionPath();
    }

    /**
     * What became of the compensations, in the order in which they were to run. The status says how the execution ended whether
     * or not all of them succeeded: look here for those that did not.
     *
     * @return an immutable list; empty if nothing had to be compensated
     */
    default List<CompensationState> compensations() {
        return snapshot().compensations();
    }

    /**
     * Why the execution is not {@code COMPLETED}.
     *
     * @return the error, with the first unhandled failure of a node as its cause where there was one; empty for a
     *     completed execution
     */
    Optional<FlowException> failure();

    /**
     * The value an output fired; for an optional input, an {@code Optional} that is empty if it did not.
     *
     * @param output a handle from the flow's builder
     * @param <T> type of the value
     * @return the value, may be null
     * @throws FlowException unless the node completed and fired that port; the message says what happened instead
     */
    <T extends @Nullable Object> T output(Output<T> output);

    /**
     * The value of a node's first output port.
     *
     * @param nodeId id of the node
     * @param type type of the value
     * @param <T> the same type
     * @return the value, may be null
     * @throws FlowException unless the node completed, fired that port, and the value is of the type
     */
    <T> @Nullable T output(String nodeId, Class<T> type);

    /**
     * Everything a node fired.
     *
     * @param nodeId id of the node
     * @return values by output port, in declaration order
     * @throws FlowException unless the node completed
     */
    PortValues outputs(String nodeId);
}
