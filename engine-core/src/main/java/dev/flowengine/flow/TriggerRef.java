package dev.flowengine.flow;

import dev.flowengine.graph.Ports;
import dev.flowengine.node.Output;
import dev.flowengine.node.TypeRef;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A trigger of a flow: where executions start, and the data they start with.
 *
 * @param <T> type of the data
 */
public final class TriggerRef<T extends @Nullable Object> implements Output<T> {
    private final String id;
    private final TypeRef<T> type;

    TriggerRef(String id, TypeRef<T> type) {
        this.id = id;
        this.type = Objects.requireNonNull(type, "type");
    }

    @Override
    public String nodeId() {
        return id;
    }

    @Override
    public String port() {
        return Ports.MAIN;
    }

    @Override
    public Optional<TypeRef<T>> type() {
        return Optional.of(type);
    }

    @Override
    public String toString() {
        return "trigger '" + id + "'";
    }
}
