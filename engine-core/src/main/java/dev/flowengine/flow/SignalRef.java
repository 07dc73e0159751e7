package dev.flowengine.flow;

import dev.flowengine.graph.Ports;
import dev.flowengine.model.FlowError;
import dev.flowengine.node.AwaitedSignal;
import dev.flowengine.node.Output;
import dev.flowengine.node.TypeRef;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A node of a flow that is being written which waits for a signal: a handle on what the signal brings. Not thread-safe
 * until the flow is built.
 *
 * @param <I> type of the node's input
 * @param <T> type of what the signal brings
 */
public final class SignalRef<I extends @Nullable Object, T extends @Nullable Object> implements Output<T> {
    private final NodeDraft draft;
    private final WaitDraft wait;

    SignalRef(NodeDraft draft, TypeRef<T> type) {
        this.draft = draft;
        this.wait = new WaitDraft(draft, AwaitedSignal.of(draft.id(), type));
    }

    NodeDraft draft() {
        return draft;
    }

    /**
     * Says what the signal is called.
     *
     * @param name its name, the node's id unless given
     * @return this
     */
    public SignalRef<I, T> signal(String name) {
        wait.named(name);
        return this;
    }

    /**
     * Ends the wait when the signal has not arrived after a time, which stands still while the execution is paused: then
     * {@link #onDeadline()} fires instead.
     *
     * @param time how long to wait at most, from when the node is ready; positive
     * @return this
     */
    public SignalRef<I, T> deadline(Duration time) {
        wait.atMost(time);
        return this;
    }

    /**
     * Ends the wait when the signal has not arrived by an instant: then {@link #onDeadline()} fires instead.
     *
     * @param instant computes the instant from the node's input
     * @return this
     */
    public SignalRef<I, T> deadlineAt(ThrowingFunction<? super I, Instant> instant) {
        wait.notAfter(Objects.requireNonNull(instant, "instant"));
        return this;
    }

    /**
     * What happens when the signal has not arrived in time.
     *
     * @return a handle on the node's input, which is passed on then; of use only with a deadline
     */
    public Output<I> onDeadline() {
        return draft.on(Ports.DEADLINE, null);
    }

    /**
     * Lets every descendant read the value through its execution context.
     *
     * @return this
     */
    public SignalRef<I, T> keep() {
        draft.definition().keep();
        return this;
    }

    /**
     * Waits until other nodes are settled, without taking a value from them.
     *
     * @param nodes the nodes to wait for
     * @return this
     */
    public SignalRef<I, T> after(Output<?>... nodes) {
        draft.after(nodes);
        return this;
    }

    /**
     * Fails the node when the signal has not arrived in time, with {@code NODE_TIMEOUT}.
     *
     * @param limit positive; replaces the flow's
     * @return this
     */
    public SignalRef<I, T> nodeTimeout(Duration limit) {
        draft.definition().nodeTimeout(limit);
        return this;
    }

    /**
     * Handles the failure of the node by another way through the flow: the node completes, and only this port fires.
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
    @SuppressWarnings("unchecked") // main was declared with a TypeRef<T>
    public Optional<TypeRef<T>> type() {
        return Optional.ofNullable((TypeRef<T>) draft.outputType(Ports.MAIN));
    }

    @Override
    public String toString() {
        return "node '" + draft.id() + "'";
    }
}
