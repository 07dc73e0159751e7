package dev.flowengine.node;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A handle on an output port of a node: what a definition uses as a dependency, and a host to read the value it fired.
 *
 * @param <T> type of the values the port emits
 */
public interface Output<T extends @Nullable Object> {

    /**
     * The node the port belongs to.
     *
     * @return its id
     */
    String nodeId();

    /**
     * The port.
     *
     * @return its name
     */
    String port();

    /**
     * The type of what the port emits, as far as the definition declares it.
     *
     * @return the type, or empty if it was not declared
     */
    Optional<TypeRef<T>> type();
}
