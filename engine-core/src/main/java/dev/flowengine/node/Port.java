package dev.flowengine.node;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A declared output port of a node that chooses where its values go.
 *
 * @param name unique among the node's output ports
 * @param type type of what it emits
 * @param <T> the same type
 */
public record Port<T extends @Nullable Object>(String name, TypeRef<T> type) {

    /** Refuses null. */
    public Port {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(type, "type");
    }

    /**
     * A port for values of a class.
     *
     * @param name unique among the node's output ports
     * @param type type of what it emits
     * @param <T> the same type
     * @return the port
     */
    public static <T extends @Nullable Object> Port<T> of(String name, Class<T> type) {
        return new Port<>(name, TypeRef.of(type));
    }
}
