package dev.flowengine.flow;

import org.jspecify.annotations.Nullable;

/**
 * A question about one value that may throw.
 *
 * @param <A> type of the value
 */
@FunctionalInterface
public interface ThrowingPredicate<A extends @Nullable Object> {

    /**
     * Answers the question.
     *
     * @param value the value
     * @return the answer
     * @throws Exception to fail the node
     */
    boolean test(A value) throws Exception;
}
