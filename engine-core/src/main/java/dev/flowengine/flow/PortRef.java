package dev.flowengine.flow;

import dev.flowengine.node.Output;
import dev.flowengine.node.TypeRef;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A handle on one of several output ports of a node.
 *
 * @param draft the node
 * @param port name of the port
 * @param known its type; null if it is whatever the node makes of it
 * @param <T> the same type
 */
record PortRef<T extends @Nullable Object>(
        NodeDraft draft, String port, @Nullable TypeRef<T> known) implements Output<T> {

    @Override
    public String nodeId() {
        return draft.id();
    }

    @Override
    @SuppressWarnings("unchecked") // a branch passes on what its source emits, of type T
    public Optional<TypeRef<T>> type() {
        return Optional.ofNullable(known == null ? (TypeRef<T>) draft.outputType(port) : known);
    }

    @Override
    public String toString() {
        return "port '" + port + "' of node '" + nodeId() + "'";
    }
}
