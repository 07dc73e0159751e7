package dev.flowengine.node;

import org.jspecify.annotations.Nullable;

/**
 * Stands around every attempt of every node that has a body, and may change what happens: measure, authorise, open a
 * transaction, give another result, or fail the attempt by throwing. Who only wants to know what happens listens instead:
 * a listener cannot harm an execution, an interceptor can.
 *
 * <p>Called on the thread of the body. Interceptors are nested in the order in which they were added, the first one
 * outermost. Nodes without a call of their body (triggers, pinned and disabled nodes) are not intercepted. Thread-safe.
 */
@FunctionalInterface
public interface NodeInterceptor {

    /**
     * Does something around an attempt.
     *
     * @param context the attempt, as its body sees it
     * @param invocation goes on, to the next interceptor and at last to the body
     * @return what the attempt results in, in the terms of its body: the value; what it emitted, as
     *     {@link PortValues}; or its {@link java.util.concurrent.CompletionStage}. Usually what the invocation returned
     * @throws Exception fails the attempt, like one thrown by its body
     */
    @Nullable
    Object intercept(NodeContext context, Invocation invocation) throws Exception;

    /** The rest of an attempt, from one interceptor on. */
    @FunctionalInterface
    interface Invocation {

        /**
         * Goes on with the attempt. An interceptor that never calls it keeps the body from being called.
         *
         * @return what it results in, in the terms of the body
         * @throws Exception what the body, or an interceptor nearer to it, has thrown
         */
        @Nullable
        Object proceed() throws Exception;
    }
}
