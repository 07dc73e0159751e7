package dev.flowengine.internal.kernel;

import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.ExecutionSnapshot;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.execution.NodeControl;
import dev.flowengine.execution.Progress;
import dev.flowengine.internal.scheduling.EngineThread;
import dev.flowengine.model.ExecutionStatus;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of an execution that has ended.
 *
 * @param end how it ended
 */
record FinishedExecution(RunResult end) implements FlowExecution {

    @Override
    public String id() {
        return end.executionId();
    }

    @Override
    public String flowId() {
        return end.snapshot().flowId();
    }

    @Override
    public ExecutionStatus status() {
        return end.status();
    }

    @Override
    public ExecutionSnapshot snapshot() {
        return end.snapshot();
    }

    @Override
    public Progress progress() {
        return end.snapshot().progress();
    }

    @Override
    public ExecutionStatus pause() {
        return status();
    }

    @Override
    public ExecutionStatus resume() {
        return status();
    }

    @Override
    public ExecutionStatus cancel(String reason) {
        return status();
    }

    @Override
    public ExecutionStatus signal(String name, @Nullable Object payload, String signalId) {
        return status();
    }

    @Override
    public NodeControl node(String nodeId) {
        if (end.snapshot().node(nodeId).isEmpty()) {
            throw NodeInterventions.notFound(this, nodeId);
        }
        return new EndedNode(NodeInterventions.ended(this, nodeId));
    }

    @Override
    public ExecutionResult await() {
        requireMayWait();
        return end;
    }

    @Override
    public Optional<ExecutionResult> await(Duration timeout) {
        requireMayWait();
        return Optional.of(end);
    }

    @Override
    public CompletionStage<ExecutionResult> completion() {
        return CompletableFuture.completedStage(end);
    }

    /** Refuses to wait on a thread that may be the one waited for. */
    static void requireMayWait() {
        if (EngineThread.isCurrent()) {
            throw new IllegalStateException("a body must not wait for an execution: the thread it holds may be the one "
                    + "the execution needs. Return the execution's completion() from an asyncNode, or make the other "
                    + "flow a sub-flow.");
        }
    }
}
