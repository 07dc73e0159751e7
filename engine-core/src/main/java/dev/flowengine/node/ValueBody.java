package dev.flowengine.node;

import org.jspecify.annotations.Nullable;

/** A body that returns its value, which fires the node's first output port. */
@FunctionalInterface
public non-sealed interface ValueBody extends NodeBody {

    /**
     * Runs one attempt.
     *
     * @param context the attempt
     * @return the value to fire, may be null
     * @throws Exception to fail the node
     */
    @Nullable
    Object call(NodeContext context) throws Exception;
}
