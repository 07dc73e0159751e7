package dev.flowengine.node;

/**
 * Undoes what a node has done: the compensation of a node that completed in an execution that failed or was cancelled.
 * Called at least once, so it has to be safe to call again with the same
 * {@linkplain NodeContext#idempotencyKey() idempotency key}. May block.
 */
@FunctionalInterface
public interface CompensatingBody {

    /**
     * Runs one attempt.
     *
     * @param outputs what the node fired, by output port
     * @param context the attempt; its inputs are those the node had
     * @throws Exception to fail the attempt
     */
    void compensate(PortValues outputs, NodeContext context) throws Exception;
}
