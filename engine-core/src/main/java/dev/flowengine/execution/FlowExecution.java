package dev.flowengine.execution;

import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.node.Output;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

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
     * How far the execution has come now, for polling: copies nothing but the statuses of the nodes, and those only if
     * there are earlier executions to tell from how long it will still take.
     *
     * @return the same as {@code snapshot().progress()}
     */
    Progress progress();

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
     * Asks that nothing start any more until the execution is resumed. What runs goes on: the execution is PAUSING until
     * it has ended, then PAUSED. Meanwhile backoffs and the timeouts of nodes and of the execution stand still; those of
     * running attempts and a deadline do not. Returns at once; asking again changes nothing.
     *
     * @return the status the request met: a terminal one means that it came too late
     */
    ExecutionStatus pause();

    /**
     * Asks that a paused execution go on where it stopped. Returns at once; without effect on one that is not paused.
     *
     * @return the status the request met: a terminal one means that it came too late
     */
    ExecutionStatus resume();

    /**
     * Asks that the execution stop. Nodes that have not started are cancelled at once. Bodies that run are asked to stop
     * by their cancellation token, interrupted after a while, and given up after the grace period of the engine; what
     * they return in time still counts. Returns at once; asking again changes nothing.
     *
     * @param reason why, for the end of the execution
     * @return the status the request met: a terminal one means that it came too late
     */
    ExecutionStatus cancel(String reason);

    /**
     * Sends a signal, as {@link #signal(String, Object, String)} does, that is no repetition of another.
     *
     * @param name name of the signal
     * @param payload what it brings; null only if it is declared to bring something that admits null
     * @return the status the signal met: a terminal one means that it came too late
     * @throws dev.flowengine.model.FlowException if it is not what any node of the flow waits for
     */
    default ExecutionStatus signal(String name, @Nullable Object payload) {
        return signal(name, payload, UUID.randomUUID().toString());
    }

    /**
     * Sends a signal, which wakes the node that has waited longest for one of its name. If none waits for it by now, it is
     * kept for the first one that will; while the execution is paused, it is noted and takes effect on resume. Returns at
     * once; of an execution that is kept in a store, when the signal is.
     *
     * @param name name of the signal
     * @param payload what it brings; null only if it is declared to bring something that admits null
     * @param signalId unique among the signals to this execution: one that was sent before changes nothing
     * @return the status the signal met: a terminal one means that it came too late
     * @throws dev.flowengine.model.FlowException of kind NOT_FOUND, naming those that are known, if no node of the flow
     *     waits for a signal of that name; INVALID_DEFINITION if what it brings is not what nodes wait for, or its name is
     *     one of the engine's own; SERIALIZATION or LIMIT_EXCEEDED if that cannot be kept. Where the flow of the execution is not known, that is found out by the
     *     engine that goes on with it, which then ignores the signal and says so in the trail of the execution
     */
    ExecutionStatus signal(String name, @Nullable Object payload, String signalId);

    /**
     * Intervenes in one node by hand.
     *
     * @param nodeId id of a node of the execution
     * @return what can be done to it
     * @throws dev.flowengine.model.FlowException NOT_FOUND if the node does not belong to the execution
     */
    NodeControl node(String nodeId);

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
