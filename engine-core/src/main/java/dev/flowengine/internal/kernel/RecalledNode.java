package dev.flowengine.internal.kernel;

import dev.flowengine.execution.NodeControl;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What somebody does by hand to a node of an execution that was let go of: it is taken up again for that.
 *
 * @param executionId the execution
 * @param nodeId the node
 * @param runs has it taken up
 */
record RecalledNode(String executionId, String nodeId, DurableRuns runs) implements NodeControl {

    @Override
    public CompletionStage<Void> retryNow() {
        return recalled(NodeControl::retryNow);
    }

    @Override
    public CompletionStage<Void> skip(String reason) {
        Objects.requireNonNull(reason, "reason");
        return recalled(node -> node.skip(reason));
    }

    @Override
    public CompletionStage<Void> complete(@Nullable Object value) {
        return recalled(node -> node.complete(value));
    }

    @Override
    public CompletionStage<Void> extendTimeout(Duration more) {
        NodeInterventions.requirePositive(more);
        return recalled(node -> node.extendTimeout(more));
    }

    private CompletionStage<Void> recalled(Function<NodeControl, CompletionStage<Void>> action) {
        CompletableFuture<Void> answer = new CompletableFuture<>();
        runs.recall(
                executionId,
                run -> forward(() -> action.apply(run.node(nodeId)), answer, runs.delivery()),
                // What the host attaches to the answer must not hold up who looks after executions.
                why -> runs.delivery().execute(() -> answer.completeExceptionally(why)));
        return answer.minimalCompletionStage();
    }

    /** Does something, and answers as that is answered, aside: what the host attaches to the answer must hold nobody up. */
    static void forward(Supplier<CompletionStage<Void>> action, CompletableFuture<Void> answer, Executor aside) {
        try {
            action.get()
                    .whenComplete((done, failure) -> aside.execute(() -> {
                        if (failure == null) {
                            answer.complete(null);
                        } else {
                            answer.completeExceptionally(failure);
                        }
                    }));
        } catch (RuntimeException refused) {
            aside.execute(() -> answer.completeExceptionally(refused));
        }
    }
}
