package dev.flowengine.node;

import java.util.concurrent.CancellationException;

/** Tells a running body that its result is no longer wanted. Thread-safe. */
public interface Cancellation {

    /**
     * Whether the body should stop.
     *
     * @return true once the attempt was cancelled; never false again
     */
    boolean isRequested();

    /**
     * Leaves the body if it should stop.
     *
     * @throws CancellationException if the attempt was cancelled
     */
    default void throwIfRequested() {
        if (isRequested()) {
            throw new CancellationException("the execution was cancelled");
        }
    }
}
