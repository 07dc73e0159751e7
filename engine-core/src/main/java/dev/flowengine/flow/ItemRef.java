package dev.flowengine.flow;

import dev.flowengine.graph.Ports;
import dev.flowengine.node.Output;
import dev.flowengine.node.TypeRef;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a loop of a flow that is being written hands to its body: another item in each iteration. Not thread-safe until the flow
 * is built.
 *
 * @param <T> type of an item
 */
public final class ItemRef<T extends @Nullable Object> implements Output<T> {
    private final LoopDraft draft;

    ItemRef(LoopDraft draft) {
        this.draft = draft;
    }

    LoopDraft draft() {
        return draft;
    }

    /**
     * Declares the type of an item, where the type of what the loop is given does not say it.
     *
     * @param type its class
     * @return this
     */
    public ItemRef<T> returns(Class<T> type) {
        return returns(TypeRef.of(type));
    }

    /**
     * Declares the type of an item, where the type of what the loop is given does not say it.
     *
     * @param type its type
     * @return this
     */
    public ItemRef<T> returns(TypeRef<T> type) {
        draft.node().output(Ports.LOOP, type);
        return this;
    }

    /**
     * Ends the loop after an iteration in which an output of its body has fired, whatever the value; what that iteration brings
     * back counts.
     *
     * @param sign an output of a node of the body, such as a port of a branch
     */
    public void breakOn(Output<?> sign) {
        draft.breakOn(sign);
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
        return "item of loop '" + nodeId() + "'";
    }
}
