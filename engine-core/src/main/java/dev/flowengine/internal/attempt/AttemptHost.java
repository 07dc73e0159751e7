package dev.flowengine.internal.attempt;

import dev.flowengine.internal.machine.ItemSource;
import dev.flowengine.internal.machine.Signal;
import dev.flowengine.internal.scheduling.BodyTask;
import dev.flowengine.model.Iteration;
import dev.flowengine.node.Blob;
import dev.flowengine.node.NodeInterceptor;
import dev.flowengine.node.TypeRef;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** The execution an attempt belongs to. */
public interface AttemptHost {

    /**
     * What the attempts of the execution share.
     *
     * @return the same for all of them
     */
    RunScope scope();

    /**
     * Who stands around bodies.
     *
     * @return the interceptors, the outermost first
     */
    List<NodeInterceptor> interceptors();

    /**
     * What keeps results of nodes.
     *
     * @return stands in front of bodies; null if the engine has no cache
     */
    @Nullable
    CachedResults results();

    /**
     * Is told that a body has reported something that listeners have to be told.
     *
     * @param node number of the node
     */
    void reported(int node);

    /**
     * What time it is.
     *
     * @return an instant of the clock of the engine
     */
    Instant now();

    /**
     * Whether an attempt may still start.
     *
     * @return false while nothing starts
     */
    boolean mayStart();

    /**
     * Keeps a body back for as long as it must not start, though it may later: then it is run again.
     *
     * @param body the body
     * @return false if it may start now
     */
    boolean holdsBack(BodyTask body);

    /** Fails with OWNERSHIP_LOST if the execution may go on elsewhere. */
    void checkOwned();

    /**
     * What grows each time the execution changes hands.
     *
     * @return 1 as long as it has not
     */
    long fencingToken();

    /**
     * Whether bodies should stop.
     *
     * @return true once nobody wants their results any more
     */
    boolean isCancelled();

    /**
     * Whether bodies that could be are interrupted by now.
     *
     * @return true once they have been told to stop in vain
     */
    boolean isInterrupting();

    /**
     * Makes last that a body is about to start that must not start again, on its thread.
     *
     * @param attempt the attempt
     * @throws Exception if it must not start
     */
    void startsOnce(Attempt attempt) throws Exception;

    /**
     * Is told that a body starts, on its thread.
     *
     * @param attempt the attempt
     */
    void started(Attempt attempt);

    /**
     * Does a step of a body, unless it has been done.
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
     * Does a step of a body in a transaction, unless it has been done.
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
     * Has a body write a blob.
     *
     * @param node number of the node
     * @param content writes it
     * @return the blob
     * @throws Exception what the content throws, or because there is no place for it
     */
    Blob blob(int node, Blob.Content content) throws Exception;

    /**
     * Encodes what a node is going to fire, if it has to be kept.
     *
     * @param node its number
     * @param value a value for its first port, or {@link dev.flowengine.node.PortValues} if it emits
     * @param emits whether it emits
     * @return keeps it, to be run once the machine has taken the value; null if it need not be kept
     * @throws dev.flowengine.model.FlowException if it cannot be kept
     */
    @Nullable
    Runnable encode(int node, @Nullable Object value, boolean emits);

    /**
     * Whether a map that is gone on with has the same item again, as far as that is known.
     *
     * @param map number of the map
     * @param item number of the item, from 1
     * @param value what its source yields now
     * @return false if it had another one
     */
    boolean isSameItem(int map, int item, @Nullable Object value);

    /**
     * Closes the source of a map where nothing is held up by it.
     *
     * @param items the source
     */
    void closeItems(ItemSource items);

    /**
     * Is told that the body of an attempt that may be cut short has ended by itself.
     *
     * @param attempt the attempt
     */
    void ended(Attempt attempt);

    /** Is told that a body has come to an end nobody waited for any more. */
    void late();

    /**
     * Is told of an outcome on the thread of the body, which has nothing else to do.
     *
     * @param outcome tells the machine
     */
    void settled(Signal outcome);

    /**
     * Is told of an outcome on a thread that may be anybody's.
     *
     * @param outcome tells the machine
     */
    void settledElsewhere(Signal outcome);

    /**
     * Runs something that belongs to the host of the engine on a thread that may be held up by it.
     *
     * @param work does not throw
     */
    void runAside(Runnable work);

    /**
     * Is told that the virtual machine is in trouble.
     *
     * @param error what a body threw
     */
    void fatal(VirtualMachineError error);
}
