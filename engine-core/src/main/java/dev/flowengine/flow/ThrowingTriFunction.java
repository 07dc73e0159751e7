package dev.flowengine.flow;

import org.jspecify.annotations.Nullable;

/**
 * A function of three values that may throw.
 *
 * @param <A> type of the first value
 * @param <B> type of the second value
 * @param <C> type of the third value
 * @param <R> type of the result
 */
@FunctionalInterface
public interface ThrowingTriFunction<
        A extends @Nullable Object,
        B extends @Nullable Object,
        C extends @Nullable Object,
        R extends @Nullable Object> {

    /**
     * Applies the function.
     *
     * @param first the first value
     * @param second the second value
     * @param third the third value
     * @return the result
     * @throws Exception to fail the node
     */
    R apply(A first, B second, C third) throws Exception;
}
