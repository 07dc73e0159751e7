package dev.flowengine.internal.kernel;

import dev.flowengine.execution.NodeControl;
import dev.flowengine.model.FlowException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A node of an execution that has ended: nothing can be done to it.
 *
 * @param refusal says so
 */
record EndedNode(FlowException refusal) implements NodeControl {

    @Override
    public CompletionStage<Void> retryNow() {
        return refuse();
    }

    @Override
    public CompletionStage<Void> skip(String reason) {
        return refuse();
    }

    @Override
    public CompletionStage<Void> complete(@Nullable Object value) {
        return refuse();
    }

    @Override
    public CompletionStage<Void> extendTimeout(Duration more) {
        return refuse();
    }

    private CompletionStage<Void> refuse() {
        return CompletableFuture.failedStage(refusal);
    }
}
