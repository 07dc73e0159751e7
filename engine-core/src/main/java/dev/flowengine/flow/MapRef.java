package dev.flowengine.flow;

import dev.flowengine.graph.Ports;
import dev.flowengine.model.FlowError;
import dev.flowengine.node.MapSummary;
import dev.flowengine.node.Output;
import dev.flowengine.node.Tolerance;
import dev.flowengine.node.TypeRef;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A map of a flow that is being written: its value is the list of what its items brought back, in the order of the items; one
 * that brought nothing back, or has failed, adds nothing. Not thread-safe until the flow is built.
 *
 * @param <R> type of what one item brings back
 */
public final class MapRef<R extends @Nullable Object> implements Output<List<R>> {
    private final LoopDraft draft;

    MapRef(LoopDraft draft) {
        this.draft = draft;
    }

    LoopDraft draft() {
        return draft;
    }

    /**
     * Says how many items are in work at once. The body is laid out so many times: memory grows with that, and not with the
     * number of items.
     *
     * @param items from 1 to 10,000; 16 unless given
     * @return this
     */
    public MapRef<R> concurrency(int items) {
        draft.set(body -> body.withConcurrency(items));
        return this;
    }

    /**
     * Lets some items fail. The map then completes without what they would have brought back; {@link #summary()} names them.
     *
     * @param tolerance how many; none unless given
     * @return this
     */
    public MapRef<R> tolerate(Tolerance tolerance) {
        draft.set(body -> body.withTolerance(tolerance));
        return this;
    }

    /**
     * What has become of the items: how many there were, how many have failed, and which.
     *
     * @return a handle that fires with the map's own
     */
    public Output<MapSummary> summary() {
        return new PortRef<>(draft.node(), Ports.SUMMARY, TypeRef.of(MapSummary.class));
    }

    /**
     * Lets every descendant read the value through its execution context.
     *
     * @return this
     */
    public MapRef<R> keep() {
        draft.node().definition().keep();
        return this;
    }

    /**
     * Waits until other nodes are settled, without taking a value from them.
     *
     * @param nodes the nodes to wait for
     * @return this
     */
    public MapRef<R> after(Output<?>... nodes) {
        draft.node().after(nodes);
        return this;
    }

    /**
     * Limits the map from the moment it is ready, all its items included.
     *
     * @param limit positive; replaces the flow's limit for nodes
     * @return this
     */
    public MapRef<R> nodeTimeout(Duration limit) {
        draft.node().definition().nodeTimeout(limit);
        return this;
    }

    /**
     * Handles the failure of the map by a value made from it. A map fails after more items have failed than it tolerates.
     *
     * @param recovery makes the value; if it throws, the map fails with what it threw
     * @return this
     */
    public MapRef<R> recover(ThrowingFunction<? super FlowError, ? extends List<R>> recovery) {
        draft.node().onError(ErrorHandling.recover(recovery));
        return this;
    }

    /**
     * Handles the failure of the map by a given value.
     *
     * @param value the value
     * @return this
     */
    public MapRef<R> fallback(List<R> value) {
        draft.node().onError(ErrorHandling.fallback(value));
        return this;
    }

    /**
     * Handles the failure of the map by another way through the flow: the map completes, and only this port fires.
     *
     * @return a handle on the failure, which holds what the map was given
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
        return "map '" + nodeId() + "'";
    }
}
