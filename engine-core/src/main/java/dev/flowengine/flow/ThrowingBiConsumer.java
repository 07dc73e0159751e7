package dev.flowengine.flow;

import org.jspecify.annotations.Nullable;

/**
 * An action on two values that may throw.
 *
 * @param <A> type of the first value
 * @param <B> type of the second value
 */
@FunctionalInterface
public interface ThrowingBiConsumer<A extends @Nullable Object, B extends @Nullable Object> {

    /**
     * Acts on the values.
     *
     * @param first the first value
     * @param second the second value
     * @throws Exception to fail the node
     */
    void accept(A first, B second) throws Exception;
}
