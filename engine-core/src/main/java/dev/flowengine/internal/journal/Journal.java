package dev.flowengine.internal.journal;

import dev.flowengine.internal.attempt.TransactionalStep;
import dev.flowengine.internal.machine.CompensationView;
import dev.flowengine.internal.machine.ExecutionMachine;
import dev.flowengine.internal.machine.NodeTable;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.Iteration;
import dev.flowengine.node.Blob;
import dev.flowengine.node.TypeRef;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Makes last what the machine of one execution decides, and knows what of it may be shown. For one thread at a time but
 * where a method says otherwise.
 */
public interface Journal {

    /**
     * Writes what the machine has decided since the last call. Until that has happened nothing of it is shown, nothing
     * starts because of it, and the machine is told nothing.
     *
     * @param machine the machine
     * @param then is called once it is written, or known to be refused, on any thread; never if this returns true
     * @param mayWait whether the calling thread may write it, and call {@code then}, before this returns
     * @return true if there is nothing to wait for
     */
    boolean commit(ExecutionMachine machine, Runnable then, boolean mayWait);

    /**
     * Whether nodes may start before the next {@link #commit} is through, in which case it is called right after. Steps of
     * bodies that start then wait for it.
     *
     * @param machine the machine
     * @return false unless the host has asked for that, and nothing speaks against it
     */
    boolean mayRunAhead(ExecutionMachine machine);

    /**
     * What was given to {@link #commit} may be shown from now on. Called while nobody reads.
     *
     * @param machine the machine
     * @throws dev.flowengine.model.FlowException if it could not be written; then none of it is shown
     */
    void committed(ExecutionMachine machine);

    /**
     * The state of the nodes, as far as it may be shown.
     *
     * @param machine the machine
     * @return the live table
     */
    NodeTable nodes(ExecutionMachine machine);

    /**
     * The status, as far as it may be shown.
     *
     * @param machine the machine
     * @return the status
     */
    ExecutionStatus status(ExecutionMachine machine);

    /**
     * How far the compensations have come, as far as it may be shown.
     *
     * @param machine the machine
     * @return immutable
     */
    CompensationView compensations(ExecutionMachine machine);

    /**
     * How many nodes are settled, as far as it may be shown.
     *
     * @param machine the machine
     * @return their number
     */
    int settledNodes(ExecutionMachine machine);

    /**
     * Is told that somebody has done something to the execution, right after the machine was.
     *
     * @param action what, such as {@code pause}
     * @param detail more, for people
     */
    void acted(String action, String detail);

    /**
     * Is told that a body starts; on any thread.
     *
     * @param node number of its node
     */
    void started(int node);

    /**
     * Whether a body may start now; on any thread.
     *
     * @param later is run as soon as it may, if it may not now
     * @return false while it is not known whether the execution is still this engine's
     */
    boolean mayStart(Runnable later);

    /**
     * Fails if the execution may go on elsewhere; on any thread.
     *
     * @throws dev.flowengine.model.FlowException of kind {@code OWNERSHIP_LOST}
     */
    void checkOwned();

    /**
     * What grows each time the execution changes hands; on any thread.
     *
     * @return 1 as long as it has not
     */
    long fencingToken();

    /**
     * Writes that the body of a node is about to start that must not start again; on its thread, instead of
     * {@link #started}.
     *
     * @param node number of the node
     * @param attempt which attempt of the node it is
     * @throws Exception a FlowException if that cannot be written, in which case it must not start; or because the thread is
     *     interrupted meanwhile
     */
    void startsOnce(int node, int attempt) throws Exception;

    /**
     * Does a step of a body, unless it has been done; on the thread of the body.
     *
     * @param node number of the node
     * @param iteration the iteration it is in
     * @param name name of the step
     * @param type type of its result
     * @param body does it
     * @param <T> the same type
     * @return its result
     * @throws Exception what the body throws, or a FlowException if the result cannot be kept
     */
    <T extends @Nullable Object> T step(
            int node, Iteration iteration, String name, TypeRef<T> type, Callable<? extends T> body) throws Exception;

    /**
     * Does a step of a body in a transaction, unless it has been done; on the thread of the body.
     *
     * @param node number of the node
     * @param iteration the iteration it is in
     * @param step the step
     * @param <T> type of its result
     * @return its result
     * @throws Exception what the body throws, or a FlowException if the result cannot be kept
     */
    <T extends @Nullable Object> T transactionalStep(int node, Iteration iteration, TransactionalStep<?, T> step)
            throws Exception;

    /**
     * Has a body write a blob; on the thread of the body.
     *
     * @param node number of its node
     * @param content writes it
     * @return the blob
     * @throws Exception what the content throws, or because there is no place for it
     */
    Blob blob(int node, Blob.Content content) throws Exception;

    /**
     * Whether a map that is gone on with has the same item again; on any thread.
     *
     * @param map number of the map
     * @param item number of the item, from 1
     * @param value what its source yields now
     * @return false if another one was written
     */
    default boolean isSameItem(int map, int item, @Nullable Object value) {
        return true;
    }

    /**
     * Encodes what a node is going to fire; on any thread.
     *
     * @param node its number
     * @param value a value for its first port, or {@link dev.flowengine.node.PortValues} if it emits
     * @param emits whether it emits
     * @param byHand whether somebody gives the value instead of the body
     * @return keeps it, to be run by who takes the signals once the machine has taken the value; null if there is no need to
     * @throws dev.flowengine.model.FlowException if it cannot be kept
     */
    @Nullable
    Runnable encode(int node, @Nullable Object value, boolean emits, boolean byHand);
}
