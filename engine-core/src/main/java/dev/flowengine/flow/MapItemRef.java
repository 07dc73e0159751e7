package dev.flowengine.flow;

import dev.flowengine.graph.Ports;
import dev.flowengine.node.Output;
import dev.flowengine.node.TypeRef;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a map of a flow that is being written hands to its body: one of its items. Not thread-safe until the flow is built.
 *
 * @param <T> type of an item
 */
public final class MapItemRef<T extends @Nullable Object> implements Output<T> {
    private final LoopDraft draft;

    MapItemRef(LoopDraft draft) {
        this.draft = draft;
    }

    LoopDraft draft() {
        return draft;
    }

    /**
     * Declares the type of an item, where the type of what the map is given does not say it.
     *
     * @param type its class
     * @return this
     */
    public MapItemRef<T> returns(Class<T> type) {
        return returns(TypeRef.of(type));
    }

    /**
     * Declares the type of an item, where the type of what the map is given does not say it.
     *
     * @param type its type
     * @return this
     */
    public MapItemRef<T> returns(TypeRef<T> type) {
        draft.node().output(Ports.LOOP, type);
        return this;
    }

    @Override
    public String nodeId() {
        return draft.node().id();
    }

    @Override
    public String port() {
        return Ports.LOOP;
    }

    @Override
    @SuppressWarnings("unchecked") // declared as T, or inferred from what the builder takes items of type T from
    public Optional<TypeRef<T>> type() {
        return Optional.ofNullable((TypeRef<T>) draft.node().outputType(Ports.LOOP));
    }

    @Override
    public String toString() {
        return "item of map '" + nodeId() + "'";
    }
}
