package dev.flowengine.node;

import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** One attempt of one node, as its body sees it. Safe to hand to other threads while the attempt lasts. */
public interface NodeContext {

    /**
     * The node.
     *
     * @return its id
     */
    String nodeId();

    /**
     * The value on the node's first input port.
     *
     * @return the value, may be null; null if nothing arrived or the node has no input
     */
    @Nullable
    Object input();

    /**
     * Everything that arrived.
     *
     * @return the inputs of this attempt
     */
    Inputs inputs();

    /**
     * What the node's type made it from, as the definition of the node holds it.
     *
     * @return immutable plain data; empty for a node that was given none
     */
    Map<String, @Nullable Object> parameters();

    /**
     * The execution this attempt belongs to.
     *
     * @return its context
     */
    ExecutionContext execution();

    /**
     * Which try this is.
     *
     * @return 1 for the first
     */
    int attempt();

    /**
     * Whether this attempt undoes what the node has done, instead of doing it.
     *
     * @return true for an attempt of a compensation
     */
    default boolean isCompensation() {
        return false;
    }

    /**
     * Names what this node does in this execution, for services that do the same thing only once. Its compensation has a key of
     * its own: this one and {@code /compensation}.
     *
     * @return the same for every attempt; another in a redrive, unless that keeps the keys
     */
    String idempotencyKey();

    /**
     * Whether the body should stop.
     *
     * @return the token of this attempt
     */
    Cancellation cancellation();

    /**
     * Says how far the body has come, for whoever watches the execution. The latest word counts: those in between may
     * never be told. Without effect once the attempt has ended.
     *
     * @param fraction from 0 to 1
     * @param message what it is at; may be empty
     * @throws IllegalArgumentException if the fraction is not from 0 to 1
     */
    void progress(double fraction, String message);

    /**
     * The log of the execution, for lines of this attempt.
     *
     * @return writes lines
     */
    NodeLog log();

    /**
     * Does something that is not to be done again, and remembers what came of it: another attempt of this node in this
     * execution, also one after a crash of the process, is given the result and does not do it. The result is remembered after
     * the body has returned, so what a crash between the two leaves behind is done again; a body that fails leaves nothing
     * behind. In an engine with a store this waits until the result is written, so use it in nodes that may block.
     *
     * @param name names the step within the node
     * @param type the type of its result, by which it is kept
     * @param body does it
     * @param <T> the same type
     * @return the result, of this call or of an earlier one
     * @throws dev.flowengine.model.FlowException if the result cannot be kept ({@code SERIALIZATION},
     *     {@code LIMIT_EXCEEDED}), or the execution goes on elsewhere ({@code OWNERSHIP_LOST})
     * @throws Exception what the body throws
     */
    <T extends @Nullable Object> T step(String name, TypeRef<T> type, Callable<? extends T> body) throws Exception;

    /**
     * Writes a blob, which the node puts out instead of a value that is too large for the memory: declare it with
     * {@code returns(Blob.class)}. A blob that is written and not put out goes with its execution. Use it in nodes that may block.
     *
     * @param content writes the bytes; {@code maxOutputBytes} of the node limits their number
     * @return the blob
     * @throws dev.flowengine.model.FlowException if the engine has no blob store ({@code INVALID_DEFINITION}), or the blob is larger
     *     than the node allows ({@code LIMIT_EXCEEDED})
     * @throws Exception what the content throws, or an IOException if the blob cannot be written now
     */
    Blob blob(Blob.Content content) throws Exception;

    /**
     * Does something in a transaction on the database the engine's store is in, and remembers what came of it in the same
     * transaction: both are committed, or neither. So another attempt of this node in this execution, also one after a crash
     * at any moment, is given the result, and the body does not take effect twice. Nothing is committed if the execution goes
     * on elsewhere by then, or the result cannot be kept, or the body fails.
     *
     * <p>{@code JdbcNodes} of the artifact {@code engine-jdbc} makes whole nodes of this.
     *
     * @param name names the step within the node
     * @param type the type of its result, by which it is kept
     * @param resource what the body works with, such as {@code java.sql.Connection}
     * @param body does it, and leaves the end of the transaction to the engine; may be called again if the commit failed
     * @param <C> what the body works with
     * @param <T> type of the result
     * @return the result, of this call or of an earlier one
     * @throws dev.flowengine.model.FlowException as with {@link #step(String, TypeRef, Callable)}; or if the engine has no store
     *     that offers such a resource ({@code INVALID_DEFINITION})
     * @throws Exception what the body throws
     */
    <C, T extends @Nullable Object> T transactionalStep(
            String name, TypeRef<T> type, Class<C> resource, Transaction<? super C, ? extends T> body) throws Exception;

    /**
     * Makes sure, as well as that can be known, that the execution goes on here and nowhere else: to be called before an effect
     * that must not come from two engines. It does not ask the store. Without one it does nothing.
     *
     * @throws dev.flowengine.model.FlowException {@code OWNERSHIP_LOST} if the engine could not renew its lease in time, if
     *     another one has taken the execution over, or if the execution has ended meanwhile
     */
    void checkOwned();

    /**
     * Orders the engines that have had the execution, for services that remember the greatest token they have seen for it and
     * refuse whoever comes with a smaller one: what {@link #checkOwned} cannot know because a thread stood still right after
     * it.
     *
     * @return grows each time the execution changes hands; 1 until it does, and without a store
     */
    long fencingToken();

    /**
     * As {@link #step(String, TypeRef, Callable)}, for a result without generics.
     *
     * @param name names the step within the node
     * @param type the class of its result
     * @param body does it
     * @param <T> the same type
     * @return the result, of this call or of an earlier one
     * @throws Exception what the body throws, and as above
     */
    default <T extends @Nullable Object> T step(String name, Class<T> type, Callable<? extends T> body)
            throws Exception {
        return step(name, TypeRef.of(type), body);
    }

    /**
     * The body of a step in a transaction.
     *
     * @param <C> what it works with
     * @param <T> type of its result
     */
    @FunctionalInterface
    interface Transaction<C, T extends @Nullable Object> {

        /**
         * Does it.
         *
         * @param resource takes part in the transaction
         * @return the result
         * @throws Exception undoes what was done
         */
        T with(C resource) throws Exception;
    }
}
