package dev.flowengine.node;

import org.jspecify.annotations.Nullable;

/** One attempt of one node, as its body sees it. Safe to hand to other threads while the attempt lasts. */
public interface NodeContext {

    /**
     * The node.
     *
     * @return its id
     */
    String nodeId();

    /**
     * The value on the node's first input port.
     *
     * @return the value, may be null; null if nothing arrived or the node has no input
     */
    @Nullable
    Object input();

    /**
     * Everything that arrived.
     *
     * @return the inputs of this attempt
     */
    Inputs inputs();

    /**
     * The execution this attempt belongs to.
     *
     * @return its context
     */
    ExecutionContext execution();

    /**
     * Which try this is.
     *
     * @return 1 for the first
     */
    int attempt();

    /**
     * Whether the body should stop.
     *
     * @return the token of this attempt
     */
    Cancellation cancellation();
}
