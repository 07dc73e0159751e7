package dev.flowengine.flow;

import dev.flowengine.graph.JoinRule;
import dev.flowengine.graph.Ports;
import dev.flowengine.model.FlowError;
import dev.flowengine.node.NodeContext;
import dev.flowengine.node.Output;
import dev.flowengine.node.TypeRef;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A node of a flow that is being written: a dependency for others, a value to read from a result, and the place to
 * configure the node until the flow is built. Not thread-safe until then.
 *
 * @param <T> type of the node's value
 */
public final class NodeRef<T extends @Nullable Object> implements Output<T> {
    private final NodeDraft draft;

    NodeRef(NodeDraft draft) {
        this.draft = draft;
    }

    NodeDraft draft() {
        return draft;
    }

    /**
     * Declares the type of the value.
     *
     * @param type its class
     * @return this
     */
    public NodeRef<T> returns(Class<T> type) {
        return returns(TypeRef.of(type));
    }

    /**
     * Declares the type of the value, generics included.
     *
     * @param type its type
     * @return this
     */
    public NodeRef<T> returns(TypeRef<T> type) {
        draft.output(Ports.MAIN, type);
        return this;
    }

    /**
     * Promises that the body only computes and never blocks: it then runs on an engine worker, in place, instead of a
     * thread of its own.
     *
     * @return this
     */
    public NodeRef<T> cpuBound() {
        draft.definition().cpuBound();
        return this;
    }

    /**
     * Promises that an execution calls the body once at most: for what must not be done twice, and is no service that keeps
     * that by the {@code idempotencyKey()}. Its attempts are not repeated, not even by the flow's retry policy. On an engine
     * with a store, that the body starts is written before it does. If its engine is lost after that, nobody knows how far
     * the body came: the node is not run again but fails, with {@code OWNERSHIP_LOST}, which {@code recover} or
     * {@code error()} may handle as any failure. A redrive that would run it again is refused unless it names the node.
     *
     * @return this
     */
    public NodeRef<T> atMostOnce() {
        draft.definition().atMostOnce();
        return this;
    }

    /**
     * Names what undoes what the node has done, for when the node completed in an execution that failed or was cancelled and
     * the flow {@linkplain FlowBuilder#compensate asks} for that. It is called after everything else has ended, and undoes
     * only what a body of this execution has done: not what was pinned, taken over by a redrive, or came from a recovery.
     *
     * <p>Its context is that of the node, with the same inputs, and with attempts and an idempotency key of its own. Like any
     * body it may be called again after a crash, with the same key. Nodes in bodies of loops cannot have one.
     *
     * @param body is given the value of the node
     * @return this
     */
    public NodeRef<T> compensate(ThrowingBiConsumer<? super T, NodeContext> body) {
        draft.definition().compensation(TypedBodies.compensating(Ports.MAIN, body));
        return this;
    }

    /**
     * Lets results of the node be used again instead of calling the body, on an engine with a result cache; on one without,
     * it says nothing.
     *
     * @param policy for how long, and what makes two results the same
     * @return this
     */
    public NodeRef<T> cache(CachePolicy policy) {
        draft.definition().cache(policy);
        return this;
    }

    /**
     * Limits how many bytes the value may take that the node puts out, as it is kept in a store: one that takes more fails
     * the node with {@code LIMIT_EXCEEDED}. Says nothing in an engine without a store, where nothing is encoded.
     *
     * @param bytes at least 1; has no effect above {@code payloadLimit} of the engine
     * @return this
     */
    public NodeRef<T> maxOutputBytes(int bytes) {
        draft.definition().maxOutputBytes(bytes);
        return this;
    }

    /**
     * Lets every descendant read the value through its execution context.
     *
     * @return this
     */
    public NodeRef<T> keep() {
        draft.definition().keep();
        return this;
    }

    /**
     * Waits until other nodes are settled, without taking a value from them. A failure among them skips this node;
     * a branch not taken does not.
     *
     * @param nodes the nodes to wait for
     * @return this
     */
    public NodeRef<T> after(Output<?>... nodes) {
        draft.after(nodes);
        return this;
    }

    /**
     * Runs the node only if every one of its connections is taken.
     *
     * @return this
     */
    public NodeRef<T> allSuccess() {
        draft.join(JoinRule.ALL_SUCCESS);
        return this;
    }

    /**
     * Switches the node off: it passes its first live input through. Both types must be declared and the same.
     *
     * @return this
     */
    public NodeRef<T> disabled() {
        draft.disabled();
        return this;
    }

    /**
     * Switches the node off and says what it emits instead.
     *
     * @param value the value
     * @return this
     */
    public NodeRef<T> disabledOutput(T value) {
        draft.disabledOutput(value);
        return this;
    }

    /**
     * Says when a failed attempt is repeated.
     *
     * @param policy replaces the flow's
     * @return this
     */
    public NodeRef<T> retry(RetryPolicy policy) {
        draft.definition().retry(policy);
        return this;
    }

    /**
     * Limits one attempt, from the start of the body.
     *
     * @param limit positive; replaces the flow's
     * @return this
     */
    public NodeRef<T> timeout(Duration limit) {
        draft.definition().timeout(limit);
        return this;
    }

    /**
     * Limits the node from the moment it is ready, all attempts and waits included.
     *
     * @param limit positive; replaces the flow's
     * @return this
     */
    public NodeRef<T> nodeTimeout(Duration limit) {
        draft.definition().nodeTimeout(limit);
        return this;
    }

    /**
     * Handles the failure of the node's last attempt by a value made from it.
     *
     * @param recovery makes the value; if it throws, the node fails with what it threw
     * @return this
     */
    public NodeRef<T> recover(ThrowingFunction<? super FlowError, ? extends T> recovery) {
        draft.onError(ErrorHandling.recover(recovery));
        return this;
    }

    /**
     * Handles the failure of the node's last attempt by a given value.
     *
     * @param value the value
     * @return this
     */
    public NodeRef<T> fallback(T value) {
        draft.onError(ErrorHandling.fallback(value));
        return this;
    }

    /**
     * Handles the failure of the node's last attempt by another way through the flow: the node completes, and only this
     * port fires.
     *
     * @return a handle on the failure, which holds what the node had received
     */
    public Output<FlowError> error() {
        return draft.error();
    }

    @Override
    public String nodeId() {
        return draft.id();
    }

    @Override
    public String port() {
        return Ports.MAIN;
    }

    @Override
    @SuppressWarnings("unchecked") // main was declared by returns(TypeRef<T>), or passes on an Output<? extends T>
    public Optional<TypeRef<T>> type() {
        return Optional.ofNullable((TypeRef<T>) draft.outputType(Ports.MAIN));
    }

    @Override
    public String toString() {
        return "node '" + draft.id() + "'";
    }
}
