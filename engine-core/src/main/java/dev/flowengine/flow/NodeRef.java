package dev.flowengine.flow;

import dev.flowengine.graph.JoinRule;
import dev.flowengine.graph.Ports;
import dev.flowengine.node.Output;
import dev.flowengine.node.TypeRef;
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

    @Override
    public String nodeId() {
        return draft.id();
    }

    @Override
    public String port() {
        return Ports.MAIN;
    }

    @Override
    @SuppressWarnings("unchecked") // the draft's type of main was set by returns(TypeRef<T>)
    public Optional<TypeRef<T>> type() {
        return Optional.ofNullable((TypeRef<T>) draft.outputType(Ports.MAIN));
    }

    @Override
    public String toString() {
        return "node '" + draft.id() + "'";
    }
}
