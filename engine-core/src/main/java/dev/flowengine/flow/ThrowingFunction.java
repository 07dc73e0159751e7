package dev.flowengine.flow;

import org.jspecify.annotations.Nullable;

/**
 * A function of one value that may throw.
 *
 * @param <A> type of the value
 * @param <R> type of the result
 */
@FunctionalInterface
public interface ThrowingFunction<A extends @Nullable Object, R extends @Nullable Object> {

    /**
     * Applies the function.
     *
     * @param value the value
     * @return the result
     * @throws Exception to fail the node
     */
    R apply(A value) throws Exception;
}
