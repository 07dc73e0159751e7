package dev.flowengine.flow;

import dev.flowengine.node.Output;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A branch of a flow that is being written: it passes its input on through the port of the first condition that holds.
 * If none holds and there is no otherwise, no port fires. Not thread-safe until the flow is built.
 *
 * @param <T> type of the value that is passed on
 */
public final class BranchRef<T extends @Nullable Object> {
    private final NodeDraft draft;
    private final Output<? extends T> source;
    private final Map<String, ThrowingPredicate<? super T>> conditions = new LinkedHashMap<>();
    private @Nullable String otherwise;

    BranchRef(NodeDraft draft, Output<? extends T> source) {
        this.draft = draft;
        this.source = source;
        draft.body(new BranchBody<>(conditions, () -> otherwise));
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
        conditions.put(port, Objects.requireNonNull(condition, "condition"));
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
        if (otherwise != null) {
            throw new IllegalArgumentException(
                    "branch '" + draft.id() + "' has the otherwise '" + otherwise + "' already");
        }
        declare(port);
        this.otherwise = port;
        return this;
    }

    /**
     * A handle on one of the ports.
     *
     * @param port name of the port; one that is not declared is reported when the flow is built
     * @return the handle
     */
    @SuppressWarnings("unchecked") // an Output only produces: an Output<? extends T> is an Output<T>
    public Output<T> on(String port) {
        return new PortRef<>(draft.id(), port, () -> ((Output<T>) source).type());
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
     * Waits until other nodes are settled, without taking a value from them.
     *
     * @param nodes the nodes to wait for
     * @return this
     */
    public BranchRef<T> after(Output<?>... nodes) {
        draft.after(nodes);
        return this;
    }

    private void declare(String port) {
        if (draft.hasOutput(port)) {
            throw new IllegalArgumentException("branch '" + draft.id() + "' has the port '" + port + "' already");
        }
        draft.output(port, source.type().orElse(null));
    }

    @Override
    public String toString() {
        return "branch '" + draft.id() + "'";
    }
}
