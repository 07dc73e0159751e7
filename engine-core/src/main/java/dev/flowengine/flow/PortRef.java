package dev.flowengine.flow;

import dev.flowengine.node.Output;
import dev.flowengine.node.TypeRef;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A handle on one of several output ports of a node. */
record PortRef<T extends @Nullable Object>(String nodeId, String port, Supplier<Optional<TypeRef<T>>> declaredType)
        implements Output<T> {

    @Override
    public Optional<TypeRef<T>> type() {
        return declaredType.get();
    }

    @Override
    public String toString() {
        return "port '" + port + "' of node '" + nodeId + "'";
    }
}
