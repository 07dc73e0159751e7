package dev.flowengine.internal.machine;

import dev.flowengine.node.PortValues;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the execution that a node has started came to.
 *
 * @param fired what the node fires then
 * @param keep is run when the node takes that
 * @param failure how the node fails instead; null if it does not
 * @param retryIn how long to wait before another one is started; null if none is
 */
public record ChildEnd(
        PortValues fired,
        Runnable keep,
        @Nullable NodeFailure failure,
        @Nullable Duration retryIn) {

    /**
     * It came to something.
     *
     * @param fired what the node fires
     * @param keep is run when the node takes that
     * @return the end
     */
    public static ChildEnd of(PortValues fired, Runnable keep) {
        return new ChildEnd(fired, keep, null, null);
    }

    /**
     * It failed.
     *
     * @param failure how the node fails
     * @param retryIn how long to wait before another one is started; null if none is
     * @return the end
     */
    public static ChildEnd of(NodeFailure failure, @Nullable Duration retryIn) {
        return new ChildEnd(PortValues.none(), () -> {}, failure, retryIn);
    }
}
