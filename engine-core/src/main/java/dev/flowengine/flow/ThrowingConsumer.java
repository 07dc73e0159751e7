package dev.flowengine.flow;

import org.jspecify.annotations.Nullable;

/**
 * An action on one value that may throw.
 *
 * @param <A> type of the value
 */
@FunctionalInterface
public interface ThrowingConsumer<A extends @Nullable Object> {

    /**
     * Acts on the value.
     *
     * @param value the value
     * @throws Exception to fail the node
     */
    void accept(A value) throws Exception;
}
