package dev.flowengine.internal.kernel;

import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.model.FlowException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** How an execution came to its end, once it has, and those who wait for that. Thread-safe. */
final class RunOutcome {
    private final String executionId;
    private final Executor delivery;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile @Nullable RunResult result;
    private volatile @Nullable FlowException gone;
    private @Nullable CompletableFuture<ExecutionResult> completion;

    RunOutcome(String executionId, Executor delivery) {
        this.executionId = executionId;
        this.delivery = delivery;
    }

    /** The end; null until it is known, and if this engine does not get to know it. */
    @Nullable
    RunResult result() {
        return result;
    }

    boolean isKnown() {
        return result != null;
    }

    /** Whether nobody waits any more: the end is known, or never will be. */
    boolean isOver() {
        return ended.getCount() == 0;
    }

    /** Makes the end visible; nobody is let go yet. */
    void known(RunResult end) {
        result = end;
    }

    /** Lets go of those who wait for an end that is known, or of which nothing can be said. */
    void letGo() {
        ended.countDown();
        CompletableFuture<ExecutionResult> waiting;
        synchronized (this) {
            waiting = completion;
        }
        if (waiting != null) {
            complete(waiting);
        }
    }

    /** This engine does not go on with the execution, nor follow it; lets go of those who wait. */
    void goneBecause(FlowException why) {
        gone = why;
        letGo();
    }

    void await() throws InterruptedException {
        ended.await();
    }

    boolean await(long nanos) throws InterruptedException {
        return ended.await(nanos, TimeUnit.NANOSECONDS);
    }

    ExecutionResult awaitResult() throws InterruptedException {
        FinishedExecution.requireMayWait();
        ended.await();
        return end();
    }

    Optional<ExecutionResult> awaitResult(Duration timeout) throws InterruptedException {
        FinishedExecution.requireMayWait();
        return await(TimeUnit.NANOSECONDS.convert(timeout)) ? Optional.of(end()) : Optional.empty();
    }

    synchronized CompletionStage<ExecutionResult> completion() {
        if (completion == null) {
            completion = new CompletableFuture<>();
            if (isOver()) {
                settle(completion);
            }
        }
        return completion.minimalCompletionStage();
    }

    private void complete(CompletableFuture<ExecutionResult> waiting) {
        try {
            delivery.execute(() -> settle(waiting));
        } catch (RuntimeException | Error unavailable) {
            // No thread could be had: better held up by what the host attached than not told.
            settle(waiting);
        }
    }

    private void settle(CompletableFuture<ExecutionResult> waiting) {
        try {
            waiting.complete(end());
        } catch (RuntimeException unknown) {
            waiting.completeExceptionally(unknown);
        }
    }

    private ExecutionResult end() {
        RunResult end = result;
        if (end != null) {
            return end;
        }
        FlowException why = gone;
        throw why != null ? why : new IllegalStateException("execution " + executionId + " has ended without a result");
    }
}
