package dev.flowengine.flow;

import dev.flowengine.model.FlowError;
import dev.flowengine.node.Output;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A branch of a flow that is being written: it passes its input on through the port of the first condition that holds.
 * If none holds and there is no otherwise, no port fires. Not thread-safe until the flow is built.
 *
 * @param <T> type of the value that is passed on
 */
public final class BranchRef<T extends @Nullable Object> {
    private final NodeDraft draft;
    private final BranchBody<T> body = new BranchBody<>();

    BranchRef(NodeDraft draft) {
        this.draft = draft;
        draft.body(body);
    }

    /**
     * Adds a port and the condition under which it fires, judged after those added before.
     *
     * @param port name of the port
     * @param condition judged on the value
     * @return this
     * @throws IllegalArgumentException if the branch has that port already
     */
    public BranchRef<T> when(String port, ThrowingPredicate<? super T> condition) {
        declare(port);
        body.when(port, condition);
        return this;
    }

    /**
     * Adds the port that fires when no condition holds.
     *
     * @param port name of the port
     * @return this
     * @throws IllegalArgumentException if the branch has that port, or another otherwise, already
     */
    public BranchRef<T> otherwise(String port) {
        if (body.otherwise() != null) {
            throw new IllegalArgumentException(
                    "branch '" + draft.id() + "' has the otherwise '" + body.otherwise() + "' already");
        }
        declare(port);
        body.otherwise(port);
        return this;
    }

    /**
     * A handle on one of the ports.
     *
     * @param port name of the port; one that is not declared is reported when the flow is built
     * @return the handle
     * @throws IllegalArgumentException if it is the port {@code error}, which {@link #error()} is for
     */
    public Output<T> on(String port) {
        return draft.on(port, null);
    }

    /**
     * Promises that the conditions only compute and never block.
     *
     * @return this
     */
    public BranchRef<T> cpuBound() {
        draft.definition().cpuBound();
        return this;
    }

    /**
     * Lets every descendant read the value through its execution context.
     *
     * @return this
     */
    public BranchRef<T> keep() {
        draft.definition().keep();
        return this;
    }

    /**
     * Waits until other nodes are settled, without taking a value from them.
     *
     * @param nodes the nodes to wait for
     * @return this
     */
    public BranchRef<T> after(Output<?>... nodes) {
        draft.after(nodes);
        return this;
    }

    /**
     * Says when a failed attempt is repeated.
     *
     * @param policy replaces the flow's
     * @return this
     */
    public BranchRef<T> retry(RetryPolicy policy) {
        draft.definition().retry(policy);
        return this;
    }

    /**
     * Limits one attempt, from the start of the body.
     *
     * @param limit positive; replaces the flow's
     * @return this
     */
    public BranchRef<T> timeout(Duration limit) {
        draft.definition().timeout(limit);
        return this;
    }

    /**
     * Limits the node from the moment it is ready, all attempts and waits included.
     *
     * @param limit positive; replaces the flow's
     * @return this
     */
    public BranchRef<T> nodeTimeout(Duration limit) {
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

    private void declare(String port) {
        if (draft.hasOutput(port)) {
            throw new IllegalArgumentException("branch '" + draft.id() + "' has the port '" + port + "' already");
        }
        draft.output(port, null);
    }

    @Override
    public String toString() {
        return "branch '" + draft.id() + "'";
    }
}
