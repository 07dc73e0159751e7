package dev.flowengine.flow;

import dev.flowengine.graph.Ports;
import dev.flowengine.node.Output;
import dev.flowengine.node.TypeRef;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A trigger of a flow: where executions start, and the data they start with.
 *
 * @param <T> type of the data
 */
public final class TriggerRef<T extends @Nullable Object> implements Output<T> {
    private final NodeDraft draft;
    private final TypeRef<T> type;

    TriggerRef(NodeDraft draft, TypeRef<T> type) {
        this.draft = draft;
        this.type = type;
    }

    NodeDraft draft() {
        return draft;
    }

    @Override
    public String nodeId() {
        return draft.id();
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
        return "trigger '" + nodeId() + "'";
    }
}
