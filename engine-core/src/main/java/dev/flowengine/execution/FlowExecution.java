package dev.flowengine.execution;

import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.node.Output;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** A handle on one execution. Thread-safe; usable long after the execution has ended. */
public interface FlowExecution {

    /**
     * The execution.
     *
     * @return its id, unique over all executions
     */
    String id();

    /**
     * The flow.
     *
     * @return its id
     */
    String flowId();

    /**
     * The status now.
     *
     * @return the status; a terminal one never changes
     */
    ExecutionStatus status();

    /**
     * Everything about the execution now.
     *
     * @return a consistent copy; linear in the number of nodes
     */
    ExecutionSnapshot snapshot();

    /**
     * Why a node has its state.
     *
     * @param nodeId id of a node of the flow
     * @return one sentence
     * @throws dev.flowengine.model.FlowException if the flow has no such node
     */
    default String explain(String nodeId) {
        return snapshot().explain(nodeId);
    }

    /**
     * Why a node has its state.
     *
     * @param node any output of the node
     * @return one sentence
     * @throws dev.flowengine.model.FlowException if the flow has no such node
     */
    default String explain(Output<?> node) {
        return explain(node.nodeId());
    }

    /**
     * Waits until the execution has ended.
     *
     * @return how it ended, whatever its status
     * @throws InterruptedException if the calling thread is interrupted; the execution goes on
     * @throws IllegalStateException on a thread of an engine, which would wait for itself
     */
    ExecutionResult await() throws InterruptedException;

    /**
     * Waits for a time until the execution has ended.
     *
     * @param timeout how long to wait at most
     * @return how it ended, or empty if it has not yet
     * @throws InterruptedException if the calling thread is interrupted; the execution goes on
     * @throws IllegalStateException on a thread of an engine, which would wait for itself
     */
    Optional<ExecutionResult> await(Duration timeout) throws InterruptedException;

    /**
     * A stage that completes when the execution has ended, whatever its status; never exceptionally. Its callbacks run on
     * a delivery thread, where they may block without holding up any execution; one that is added after the end runs on
     * the thread that adds it.
     *
     * @return the stage
     */
    CompletionStage<ExecutionResult> completion();
}
