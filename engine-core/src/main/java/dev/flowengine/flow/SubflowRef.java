package dev.flowengine.flow;

import dev.flowengine.graph.Ports;
import dev.flowengine.model.FlowError;
import dev.flowengine.node.NodeContext;
import dev.flowengine.node.Output;
import dev.flowengine.node.TypeRef;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A node of a flow that is being written which starts an execution of another flow, its child: a handle on what the child
 * returns, or on its execution id. Not thread-safe until the flow is built.
 *
 * @param <T> type of the node's value
 */
public final class SubflowRef<T extends @Nullable Object> implements Output<T> {
    private final SubflowDraft subflow;

    SubflowRef(SubflowDraft subflow) {
        this.subflow = subflow;
    }

    NodeDraft draft() {
        return subflow.node();
    }

    /**
     * Puts out what a node of the child does, instead of the child's execution id. If the child completes without firing that
     * output, because a branch to it was not taken, then this node does not fire either.
     *
     * @param output a handle of the flow that is started
     * @param <R> type of its value
     * @return a handle on that value, in place of this one
     */
    public <R extends @Nullable Object> SubflowRef<R> returning(Output<R> output) {
        subflow.returning(output);
        return new SubflowRef<>(subflow);
    }

    /**
     * As {@link #returning(Output)}, for a node of which there is no handle yet: where a flow starts itself, what it returns
     * is often written later.
     *
     * @param nodeId id of a node with the output port {@code main}
     * @param type type of its value
     * @param <R> the same type
     * @return a handle on that value, in place of this one
     */
    public <R extends @Nullable Object> SubflowRef<R> returning(String nodeId, Class<R> type) {
        return returning(nodeId, TypeRef.of(type));
    }

    /** As {@link #returning(String, Class)}, for a type with generics. */
    public <R extends @Nullable Object> SubflowRef<R> returning(String nodeId, TypeRef<R> type) {
        subflow.returning(nodeId, Ports.MAIN, type);
        return new SubflowRef<>(subflow);
    }

    /**
     * Does not wait for the child: the node completes with its execution id as soon as it has been admitted. From then on the
     * child lives by itself; no pause, cancel or timeout of this execution reaches it.
     *
     * @return this
     */
    public SubflowRef<T> detached() {
        subflow.detached();
        return this;
    }

    /**
     * Lets every descendant read the value through its execution context.
     *
     * @return this
     */
    public SubflowRef<T> keep() {
        draft().definition().keep();
        return this;
    }

    /**
     * Waits until other nodes are settled, without taking a value from them.
     *
     * @param nodes the nodes to wait for
     * @return this
     */
    public SubflowRef<T> after(Output<?>... nodes) {
        draft().after(nodes);
        return this;
    }

    /**
     * Says when another child is started after one that did not complete. It uses the idempotency keys of that one, unless that
     * one has undone anything it did.
     *
     * @param policy replaces the flow's
     * @return this
     */
    public SubflowRef<T> retry(RetryPolicy policy) {
        draft().definition().retry(policy);
        return this;
    }

    /**
     * Limits the node from the moment it is ready, all children included: after it the child is cancelled, and the node fails
     * with {@code NODE_TIMEOUT}. How long one child may take is for its flow to say.
     *
     * @param limit positive; replaces the flow's
     * @return this
     */
    public SubflowRef<T> nodeTimeout(Duration limit) {
        draft().definition().nodeTimeout(limit);
        return this;
    }

    /**
     * Names what undoes what the child has done, for when it completed and this execution ends otherwise: of a child that has
     * completed nothing is undone by itself. Otherwise as {@link NodeRef#compensate}. Said after {@link #returning(Output)}, if
     * that is said.
     *
     * @param body is given the value of the node: what the child returned, null if that did not fire, or its execution id
     * @return this
     */
    public SubflowRef<T> compensate(ThrowingBiConsumer<? super T, NodeContext> body) {
        draft().definition().compensation(TypedBodies.compensating(Ports.MAIN, body));
        return this;
    }

    /**
     * Handles the failure of the last child by a value made from it.
     *
     * @param recovery makes the value; if it throws, the node fails with what it threw
     * @return this
     */
    public SubflowRef<T> recover(ThrowingFunction<? super FlowError, ? extends T> recovery) {
        draft().onError(ErrorHandling.recover(recovery));
        return this;
    }

    /**
     * Handles the failure of the last child by a given value.
     *
     * @param value the value
     * @return this
     */
    public SubflowRef<T> fallback(T value) {
        draft().onError(ErrorHandling.fallback(value));
        return this;
    }

    /**
     * Handles the failure of the last child by another way through the flow: the node completes, and only this port fires.
     *
     * @return a handle on the failure, which holds what the child was started with
     */
    public Output<FlowError> error() {
        return draft().error();
    }

    @Override
    public String nodeId() {
        return draft().id();
    }

    @Override
    public String port() {
        return Ports.MAIN;
    }

    @Override
    @SuppressWarnings("unchecked") // main is declared with the type of the output that is returned, or as the id
    public Optional<TypeRef<T>> type() {
        return Optional.ofNullable((TypeRef<T>) draft().outputType(Ports.MAIN));
    }

    @Override
    public String toString() {
        return "node '" + draft().id() + "'";
    }
}
