package dev.flowengine.execution;

import dev.flowengine.node.Output;
import dev.flowengine.node.PortValues;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Runs again what went wrong in an execution that has ended, as a new execution; the old one stays as it is. What failed,
 * was skipped because of a failure, was skipped by hand or was cancelled is decided anew, and so is everything downstream
 * of it; so is what was undone by a compensation. Every other completed node is not run again: its outputs are taken over. A
 * loop whose body holds a node that runs again begins with its first iteration. Of a map that did not complete, only those items run
 * that did not: the others are taken over, unless the map is given something else or is another one than it was.
 *
 * <p>With another edition of the flow, nodes are decided anew too that are not what they
 * were.
 *
 * <p>Configure it, look at {@link #plan()}, and {@link #start()} it. Not thread-safe.
 */
public interface Redrive {

    /**
     * Also runs a node again, with everything downstream of it, although it may have completed.
     *
     * @param nodeId id of a node of the execution
     * @return this
     * @throws dev.flowengine.model.FlowException NOT_FOUND if the node does not belong to the execution
     */
    Redrive from(String nodeId);

    /**
     * Also runs a node again, with everything downstream of it, although it may have completed.
     *
     * @param node any output of the node
     * @return this
     * @throws dev.flowengine.model.FlowException NOT_FOUND if the node does not belong to the execution
     */
    default Redrive from(Output<?> node) {
        return from(node.nodeId());
    }

    /**
     * Also runs a node again, and gives it an edited input instead of what arrives at it.
     *
     * @param nodeId id of a node of the execution
     * @param input what it receives, by input port
     * @return this
     * @throws dev.flowengine.model.FlowException if the node does not belong to the execution, or the input does not fit it
     */
    Redrive from(String nodeId, PortValues input);

    /**
     * Also runs a node of one input port again, and gives it an edited input instead of what arrives at it.
     *
     * @param node any output of the node
     * @param input what it receives, may be null; {@link PortValues} for a node with several input ports
     * @return this
     * @throws dev.flowengine.model.FlowException if the node does not belong to the execution, or the input does not fit it
     */
    Redrive from(Output<?> node, @Nullable Object input);

    /**
     * Also runs those items of a map again that did not complete, although the map has: because their failure was tolerated, or that of
     * the map was handled. With them runs everything downstream of the map. Items that have completed are taken over, as they
     * are without this of a map that failed or was cancelled. Nodes of the map's body that are to run at most once run again for these
     * items; where the map has to run from its first item on, they have to be named with {@link #from(String)}.
     *
     * <p>An execution that is a redrive itself and has taken the map over as a whole does not know its items: redrive the one that
     * ran them.
     *
     * @param mapId id of a map that lies in no body
     * @return this
     * @throws dev.flowengine.model.FlowException NOT_FOUND if the node does not belong to the execution, INVALID_DEFINITION if it is
     *     no such map, INVALID_FLOW_STATE if the execution has taken it over as a whole
     */
    Redrive failedItems(String mapId);

    /**
     * Also runs those items of a map again that did not complete, although the map has.
     *
     * @param map any output of the map
     * @return this
     * @throws dev.flowengine.model.FlowException as {@link #failedItems(String)}
     */
    default Redrive failedItems(Output<?> map) {
        return failedItems(map.nodeId());
    }

    /**
     * Stops after a node: only what leads to it runs again or is taken over, and the node itself.
     *
     * @param nodeId id of the node; unless given, the new execution stops where the old one was to
     * @return this
     */
    Redrive upTo(String nodeId);

    /**
     * Stops before a node: only what it needs runs again or is taken over, and not the node.
     *
     * @param nodeId id of the node
     * @return this
     */
    Redrive before(String nodeId);

    /**
     * Says on whose behalf the new execution runs.
     *
     * @param userId an id of the host's; that of the old execution unless given
     * @return this
     */
    Redrive userId(String userId);

    /**
     * Limits the new execution.
     *
     * @param limit positive; that of the old execution unless given
     * @return this
     */
    Redrive timeout(Duration limit);

    /**
     * Lets nodes that run again name their work by the idempotency keys they had, so that services which have done it
     * already do not do it again. Unless asked for, they have new ones. Not for nodes that were undone by a compensation.
     *
     * @return this
     */
    Redrive keepKeys();

    /**
     * Says when the new execution has to have ended.
     *
     * @param deadline by the engine's clock; none unless given, whatever the old execution had
     * @return this
     */
    Redrive deadline(Instant deadline);

    /**
     * Shows what would run again and what would be taken over, without running anything.
     *
     * @return the plan
     */
    RedrivePlan plan();

    /**
     * Starts the new execution.
     *
     * @return its handle
     * @throws dev.flowengine.model.FlowException INVALID_FLOW_STATE if nothing would run again, or if it is for you to say what
     *     is to become of a node: one that is to run at most once, or whose compensation failed
     */
    FlowExecution start();
}
