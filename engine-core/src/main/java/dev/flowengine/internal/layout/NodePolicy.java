package dev.flowengine.internal.layout;

import dev.flowengine.flow.ErrorHandling;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.flow.Timeouts;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How the attempts of a node are limited and repeated, and what becomes of its failure: what the node says, and for what
 * it leaves open the defaults of flow and engine.
 *
 * @param retry when a failed attempt is repeated
 * @param attemptTimeout how long an attempt may take; null for any time
 * @param nodeTimeout how long the node may take altogether; null for any time
 * @param errorHandling what becomes of its failure
 * @param atMostOnce whether its body is never called twice
 */
public record NodePolicy(
        RetryPolicy retry,
        @Nullable Duration attemptTimeout,
        @Nullable Duration nodeTimeout,
        ErrorHandling errorHandling,
        boolean atMostOnce) {

    /** One attempt without limits, whose failure fails the node. */
    public static final NodePolicy PLAIN = new NodePolicy(RetryPolicy.none(), null, null, ErrorHandling.FAIL, false);

    static NodePolicy of(NodeDefinition node, RetryPolicy defaultRetry, Timeouts defaults) {
        if (node.body().isEmpty() || node.isDisabled()) {
            return PLAIN;
        }
        RetryPolicy retry =
                node.isAtMostOnce() ? RetryPolicy.none() : node.retry().orElse(defaultRetry);
        @Nullable Duration attempt = orElse(node.timeout(), defaults.attempt());
        @Nullable Duration all = orElse(node.nodeTimeout(), defaults.node());
        boolean plain = retry.maxAttempts() == 1
                && attempt == null
                && all == null
                && !node.isAtMostOnce()
                && node.errorHandling().equals(ErrorHandling.FAIL);
        return plain ? PLAIN : new NodePolicy(retry, attempt, all, node.errorHandling(), node.isAtMostOnce());
    }

    /**
     * Whether something may end an attempt before its body does.
     *
     * @return true if there is a timeout
     */
    public boolean isTimed() {
        return attemptTimeout != null || nodeTimeout != null;
    }

    private static @Nullable Duration orElse(Optional<Duration> own, Optional<Duration> other) {
        return own.or(() -> other).orElse(null);
    }
}
