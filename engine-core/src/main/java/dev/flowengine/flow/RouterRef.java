package dev.flowengine.flow;

import dev.flowengine.model.FlowError;
import dev.flowengine.node.NodeContext;
import dev.flowengine.node.Output;
import dev.flowengine.node.Port;
import dev.flowengine.node.PortValues;
import dev.flowengine.node.TypeRef;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A node of a flow that is being written whose body emits to declared ports. Not thread-safe until the flow is built. */
public final class RouterRef {
    private final NodeDraft draft;

    RouterRef(NodeDraft draft) {
        this.draft = draft;
    }

    /**
     * A handle on one of the ports.
     *
     * @param port the port; one that is not declared is reported when the flow is built
     * @param <T> type of what it emits
     * @return the handle
     * @throws IllegalArgumentException if the router declares that port with another type, or it is the port
     *     {@code error}, which {@link #error()} is for
     */
    public <T extends @Nullable Object> Output<T> on(Port<T> port) {
        TypeRef<?> declared = draft.declaredType(port.name());
        if (declared != null && !declared.equals(port.type())) {
            throw new IllegalArgumentException("router '" + draft.id() + "' declares its port '" + port.name()
                    + "' with type " + declared + ", not " + port.type());
        }
        return draft.on(port.name(), port.type());
    }

    /**
     * Promises that the body only computes and never blocks.
     *
     * @return this
     */
    public RouterRef cpuBound() {
        draft.definition().cpuBound();
        return this;
    }

    /**
     * Promises that an execution calls the body once at most, as {@link NodeRef#atMostOnce} says in full.
     *
     * @return this
     */
    public RouterRef atMostOnce() {
        draft.definition().atMostOnce();
        return this;
    }

    /**
     * Limits how many bytes each value may take that the node emits, as {@link NodeRef#maxOutputBytes} says in full.
     *
     * @param bytes at least 1
     * @return this
     */
    public RouterRef maxOutputBytes(int bytes) {
        draft.definition().maxOutputBytes(bytes);
        return this;
    }

    /**
     * Names what undoes what the node has done, as {@link NodeRef#compensate} says in full.
     *
     * @param body is given what the node emitted, by port
     * @return this
     */
    public RouterRef compensate(ThrowingBiConsumer<PortValues, NodeContext> body) {
        Objects.requireNonNull(body, "body");
        draft.definition().compensation(body::accept);
        return this;
    }

    /**
     * Lets every descendant read the values through its execution context.
     *
     * @return this
     */
    public RouterRef keep() {
        draft.definition().keep();
        return this;
    }

    /**
     * Waits until other nodes are settled, without taking a value from them.
     *
     * @param nodes the nodes to wait for
     * @return this
     */
    public RouterRef after(Output<?>... nodes) {
        draft.after(nodes);
        return this;
    }

    /**
     * Says when a failed attempt is repeated.
     *
     * @param policy replaces the flow's
     * @return this
     */
    public RouterRef retry(RetryPolicy policy) {
        draft.definition().retry(policy);
        return this;
    }

    /**
     * Limits one attempt, from the start of the body.
     *
     * @param limit positive; replaces the flow's
     * @return this
     */
    public RouterRef timeout(Duration limit) {
        draft.definition().timeout(limit);
        return this;
    }

    /**
     * Limits the node from the moment it is ready, all attempts and waits included.
     *
     * @param limit positive; replaces the flow's
     * @return this
     */
    public RouterRef nodeTimeout(Duration limit) {
        draft.definition().nodeTimeout(limit);
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
    public String toString() {
        return "router '" + draft.id() + "'";
    }
}
