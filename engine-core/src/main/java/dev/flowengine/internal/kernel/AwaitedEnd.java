package dev.flowengine.internal.kernel;

import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.model.FlowException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;

/**
 * Those who wait through one handle for the end of an execution that may go on elsewhere. It is followed only while it does not go on
 * here and somebody waits, so that nothing is left of those who have given up. Thread-safe.
 */
final class AwaitedEnd implements FollowedRuns.Follower {
    private final String executionId;
    private final RunOutcome outcome;
    private final DurableRuns runs;
    private final BooleanSupplier patience;
    private boolean here;
    private int waiting;
    private boolean followed;

    /**
     * Creates it.
     *
     * @param executionId the execution
     * @param outcome is told how it ends
     * @param here whether it goes on here, so that it needs not be followed
     * @param runs follows it
     * @param patience whether who waits would rather wait until the end can be read than be told that it cannot
     */
    AwaitedEnd(String executionId, RunOutcome outcome, boolean here, DurableRuns runs, BooleanSupplier patience) {
        this.patience = patience;
        this.executionId = executionId;
        this.outcome = outcome;
        this.here = here;
        this.runs = runs;
    }

    /** It does not go on here any more. */
    synchronized void leave() {
        here = false;
        look();
    }

    ExecutionResult await() throws InterruptedException {
        begin();
        try {
            return outcome.awaitResult();
        } finally {
            giveUp();
        }
    }

    Optional<ExecutionResult> await(Duration timeout) throws InterruptedException {
        begin();
        try {
            return outcome.awaitResult(timeout);
        } finally {
            giveUp();
        }
    }

    /** Nobody can tell whether a stage is still of interest: it is followed to the end. */
    CompletionStage<ExecutionResult> completion() {
        begin();
        return outcome.completion();
    }

    @Override
    public void ended(RunResult end) {
        outcome.known(end);
        outcome.letGo();
    }

    @Override
    public void gone(FlowException why) {
        outcome.goneBecause(why);
    }

    @Override
    public boolean isPatient() {
        return patience.getAsBoolean();
    }

    private synchronized void begin() {
        waiting++;
        look();
    }

    /** Whoever has given up may come back soon: it is followed until it has been asked for once. */
    private synchronized void giveUp() {
        waiting--;
    }

    @Override
    public synchronized void goesOn() {
        if (waiting == 0 && followed) {
            followed = false;
            runs.unfollow(executionId, this);
        }
    }

    private void look() {
        if (waiting > 0 && !here && !followed && !outcome.isOver()) {
            followed = true;
            runs.follow(executionId, this);
        }
    }
}
