package dev.flowengine.flow;

import dev.flowengine.graph.Ports;
import dev.flowengine.model.FlowError;
import dev.flowengine.node.AwaitedSignal;
import dev.flowengine.node.Output;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A node of a flow that is being written which waits until somebody has chosen, and then passes its input on through the
 * port of the choice. Not thread-safe until the flow is built.
 *
 * @param <T> type of the value that is passed on
 */
public final class ApprovalRef<T extends @Nullable Object> {
    private final NodeDraft draft;
    private final WaitDraft wait;

    ApprovalRef(NodeDraft draft, List<String> choices) {
        this.draft = draft;
        this.wait = new WaitDraft(draft, AwaitedSignal.choice(draft.id(), choices));
        choices.forEach(choice -> draft.output(choice, null));
    }

    /**
     * Says what the signal is called that brings the choice.
     *
     * @param name its name, the node's id unless given
     * @return this
     */
    public ApprovalRef<T> signal(String name) {
        wait.named(name);
        return this;
    }

    /**
     * Ends the wait when nobody has chosen after a time, which stands still while the execution is paused: then
     * {@link #onDeadline()} fires instead.
     *
     * @param time how long to wait at most, from when the node is ready; positive
     * @return this
     */
    public ApprovalRef<T> deadline(Duration time) {
        wait.atMost(time);
        return this;
    }

    /**
     * Ends the wait when nobody has chosen by an instant: then {@link #onDeadline()} fires instead.
     *
     * @param instant computes the instant from the node's input
     * @return this
     */
    public ApprovalRef<T> deadlineAt(ThrowingFunction<? super T, Instant> instant) {
        wait.notAfter(Objects.requireNonNull(instant, "instant"));
        return this;
    }

    /**
     * What happens after a choice.
     *
     * @param choice one of the choices; another one is reported when the flow is built
     * @return a handle on the node's input, which is passed on then
     */
    public Output<T> on(String choice) {
        return draft.on(choice, null);
    }

    /**
     * What happens when nobody has chosen in time.
     *
     * @return a handle on the node's input, which is passed on then; of use only with a deadline
     */
    public Output<T> onDeadline() {
        return draft.on(Ports.DEADLINE, null);
    }

    /**
     * Lets every descendant read the value through its execution context.
     *
     * @return this
     */
    public ApprovalRef<T> keep() {
        draft.definition().keep();
        return this;
    }

    /**
     * Waits until other nodes are settled, without taking a value from them.
     *
     * @param nodes the nodes to wait for
     * @return this
     */
    public ApprovalRef<T> after(Output<?>... nodes) {
        draft.after(nodes);
        return this;
    }

    /**
     * Fails the node when nobody has chosen in time, with {@code NODE_TIMEOUT}.
     *
     * @param limit positive; replaces the flow's
     * @return this
     */
    public ApprovalRef<T> nodeTimeout(Duration limit) {
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
    public String toString() {
        return "approval '" + draft.id() + "'";
    }
}
