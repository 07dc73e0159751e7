package dev.flowengine.node;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A body that starts its work and returns at once; no thread is held until the stage completes. */
@FunctionalInterface
public non-sealed interface AsyncBody extends NodeBody {

    /**
     * Starts one attempt.
     *
     * @param context the attempt
     * @return a stage whose value fires the node's first output port, or whose failure fails the node; not null
     * @throws Exception to fail the node
     */
    CompletionStage<? extends @Nullable Object> start(NodeContext context) throws Exception;
}
