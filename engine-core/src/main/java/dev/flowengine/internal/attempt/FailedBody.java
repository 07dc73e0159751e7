package dev.flowengine.internal.attempt;

import dev.flowengine.internal.machine.NodeFailure;
import dev.flowengine.model.FailureKind;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What came of an attempt that failed.
 *
 * @param failure why
 * @param retryIn how long until another attempt; null if there is none
 */
record FailedBody(NodeFailure failure, @Nullable Duration retryIn) {

    /**
     * The same, before it is decided whether another attempt follows.
     *
     * @param thrown by the body, or because of what it made
     * @param kind of the failure
     */
    record Thrown(Throwable thrown, FailureKind kind) {}
}
