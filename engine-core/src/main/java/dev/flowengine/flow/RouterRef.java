package dev.flowengine.flow;

import dev.flowengine.node.Output;
import dev.flowengine.node.Port;
import java.util.Optional;
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
     */
    public <T extends @Nullable Object> Output<T> on(Port<T> port) {
        return new PortRef<>(draft.id(), port.name(), () -> Optional.of(port.type()));
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

    @Override
    public String toString() {
        return "router '" + draft.id() + "'";
    }
}
