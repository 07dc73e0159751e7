package dev.flowengine.node;

/** A body that chooses which of its node's output ports fire. */
@FunctionalInterface
public non-sealed interface EmittingBody extends NodeBody {

    /**
     * Runs one attempt.
     *
     * @param context the attempt
     * @param emitter where to put values
     * @throws Exception to fail the node; what was emitted is then discarded
     */
    void run(NodeContext context, Emitter emitter) throws Exception;
}
