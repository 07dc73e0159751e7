package dev.flowengine.flow;

import org.jspecify.annotations.Nullable;

/**
 * A function of two values that may throw.
 *
 * @param <A> type of the first value
 * @param <B> type of the second value
 * @param <R> type of the result
 */
@FunctionalInterface
public interface ThrowingBiFunction<
        A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object> {

    /**
     * Applies the function.
     *
     * @param first the first value
     * @param second the second value
     * @return the result
     * @throws Exception to fail the node
     */
    R apply(A first, B second) throws Exception;
}
