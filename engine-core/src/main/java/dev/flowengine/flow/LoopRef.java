package dev.flowengine.flow;

import dev.flowengine.graph.Ports;
import dev.flowengine.model.FlowError;
import dev.flowengine.node.Output;
import dev.flowengine.node.TypeRef;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A loop of a flow that is being written: its value is the list of what its iterations brought back, in their order; one that
 * brought nothing back adds nothing. Not thread-safe until the flow is built.
 *
 * @param <R> type of what one iteration brings back
 */
public final class LoopRef<R extends @Nullable Object> implements Output<List<R>> {
    private final LoopDraft draft;

    LoopRef(LoopDraft draft) {
        this.draft = draft;
    }

    LoopDraft draft() {
        return draft;
    }

    /**
     * Limits how often the body runs: a loop that would go on fails with {@code LIMIT_EXCEEDED}.
     *
     * @param limit at least 1; 100,000 unless given
     * @return this
     */
    public LoopRef<R> maxIterations(int limit) {
        draft.maxIterations(limit);
        return this;
    }

    /**
     * Lets every descendant read the value through its execution context.
     *
     * @return this
     */
    public LoopRef<R> keep() {
        draft.node().definition().keep();
        return this;
    }

    /**
     * Waits until other nodes are settled, without taking a value from them.
     *
     * @param nodes the nodes to wait for
     * @return this
     */
    public LoopRef<R> after(Output<?>... nodes) {
        draft.node().after(nodes);
        return this;
    }

    /**
     * Limits the loop from the moment it is ready, all its iterations included.
     *
     * @param limit positive; replaces the flow's limit for nodes
     * @return this
     */
    public LoopRef<R> nodeTimeout(Duration limit) {
        draft.node().definition().nodeTimeout(limit);
        return this;
    }

    /**
     * Handles the failure of the loop by a value made from it. A loop fails after an iteration in which a failure was left
     * unhandled.
     *
     * @param recovery makes the value; if it throws, the loop fails with what it threw
     * @return this
     */
    public LoopRef<R> recover(ThrowingFunction<? super FlowError, ? extends List<R>> recovery) {
        draft.node().onError(ErrorHandling.recover(recovery));
        return this;
    }

    /**
     * Handles the failure of the loop by a given value.
     *
     * @param value the value
     * @return this
     */
    public LoopRef<R> fallback(List<R> value) {
        draft.node().onError(ErrorHandling.fallback(value));
        return this;
    }

    /**
     * Handles the failure of the loop by another way through the flow: the loop completes, and only this port fires.
     *
     * @return a handle on the failure, which holds what the loop was given
     */
    public Output<FlowError> error() {
        return draft.node().error();
    }

    @Override
    public String nodeId() {
        return draft.node().id();
    }

    @Override
    public String port() {
        return Ports.DONE;
    }

    @Override
    @SuppressWarnings("unchecked") // inferred from the handle of type R that the body returned
    public Optional<TypeRef<List<R>>> type() {
        return Optional.ofNullable((TypeRef<List<R>>) draft.node().outputType(Ports.DONE));
    }

    @Override
    public String toString() {
        return "loop '" + nodeId() + "'";
    }
}
