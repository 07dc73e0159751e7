package dev.flowengine.internal.kernel;

import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.ExecutionSnapshot;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.execution.NodeControl;
import dev.flowengine.execution.Progress;
import dev.flowengine.model.ExecutionStatus;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A handle on an execution that is kept in a store: as long as it goes on here, that is whom it asks, afterwards whoever has it then.
 * So it holds on to nothing of an execution that was let go of.
 */
final class KeptExecution implements PausedFor {
    private final String executionId;
    private final String flowId;
    private final RunOwner owner;
    private final RunOutcome outcome;
    private final AwaitedEnd end;

    private volatile @Nullable FlowRun here;

    KeptExecution(FlowRun run, DurableRuns runs) {
        this.executionId = run.id();
        this.flowId = run.flowId();
        this.owner = run.owner();
        this.outcome = run.outcome();
        this.end = new AwaitedEnd(executionId, outcome, true, runs, () -> false);
        this.here = run;
    }

    /** The execution does not go on here any more, at least not as what it was: its end is to be found out. */
    void follow() {
        end.leave();
    }

    /** What is asked from now on is asked elsewhere. */
    void leave() {
        here = null;
    }

    /** What is asked now. */
    private FlowExecution now() {
        FlowRun run = here;
        if (run != null) {
            return run;
        }
        RunResult last = outcome.result();
        return last == null
                ? owner.find(executionId).orElseThrow(() -> Lookup.notFound(executionId))
                : new FinishedExecution(last);
    }

    @Override
    public String id() {
        return executionId;
    }

    @Override
    public String flowId() {
        return flowId;
    }

    @Override
    public ExecutionStatus status() {
        return now().status();
    }

    @Override
    public ExecutionSnapshot snapshot() {
        return now().snapshot();
    }

    @Override
    public Progress progress() {
        return now().progress();
    }

    @Override
    public ExecutionStatus pause(String why) {
        return PausedFor.pause(now(), why);
    }

    @Override
    public ExecutionStatus resume(String why) {
        return PausedFor.resume(now(), why);
    }

    @Override
    public ExecutionStatus cancel(String reason) {
        return now().cancel(reason);
    }

    @Override
    public ExecutionStatus signal(String name, @Nullable Object payload, String signalId) {
        return now().signal(name, payload, signalId);
    }

    @Override
    public NodeControl node(String nodeId) {
        return now().node(nodeId);
    }

    @Override
    public ExecutionResult await() throws InterruptedException {
        return end.await();
    }

    @Override
    public Optional<ExecutionResult> await(Duration timeout) throws InterruptedException {
        return end.await(timeout);
    }

    @Override
    public CompletionStage<ExecutionResult> completion() {
        return end.completion();
    }
}
