package dev.flowengine.execution;

/**
 * What an engine with a store waits for before it starts a node: see {@link
 * dev.flowengine.FlowEngineBuilder#durability(Durability)}. What is kept, shown and told is the same under both.
 */
public enum Durability {

    /** What made the node ready is in the store. */
    SYNC,

    /**
     * What made the node ready is on its way to the store. So a body runs while the results it is based on are being written, and a
     * commit costs time only where it takes longer than a body. After a crash those results may be missing: then the nodes
     * before it run again, too, and may put out something else for the same idempotency keys.
     *
     * <p>One write is under way for an execution, and nodes run ahead of that one alone. Nothing runs ahead of the write that
     * begins or ends the execution, or acts upon a message; a node marked {@code atMostOnce}, a repeated attempt and a node
     * marked {@code cpuBound} never do; and a step of a body that does waits until the node's inputs are in the store.
     */
    ASYNC
}
