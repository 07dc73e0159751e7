package dev.flowengine.internal.machine;

import dev.flowengine.flow.FailureMode;
import dev.flowengine.internal.layout.PlanLayout;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.model.NodeStatus;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The status of an execution: what it goes through and how it ends. */
final class RunLife {
    private static final int MOST_NODES_NAMED = 20;

    private final PlanLayout layout;
    private final NodeTable nodes;
    private final Settlement settlement;
    private final Dispatch dispatch;
    private final Effects effects;
    private final @Nullable Compensations compensations;
    private ExecutionStatus status = ExecutionStatus.QUEUED;
    private Stop stop = Stop.NONE;
    private int firstFailed = -1;
    private @Nullable FlowException failure;
    private Runnable onStop = () -> {};

    RunLife(PlanLayout layout, NodeTable nodes, Settlement settlement, Dispatch dispatch, Effects effects) {
        this.layout = layout;
        this.nodes = nodes;
        this.settlement = settlement;
        this.dispatch = dispatch;
        this.effects = effects;
        this.compensations = settlement.compensations();
    }

    ExecutionStatus status() {
        return status;
    }

    /** Has something done whenever it begins to stop. */
    void onStop(Runnable work) {
        onStop = work;
    }

    /** Whether what runs has been asked to stop, so that only a value it returns counts. */
    boolean isStopping() {
        return stop == Stop.CANCEL || stop == Stop.FAIL_FAST || isCompensating() || status.isTerminal();
    }

    int firstFailed() {
        return firstFailed;
    }

    /** Whether nothing is out, and nothing happens until something that is waited for does. */
    boolean isResting() {
        return status == ExecutionStatus.WAITING && stop == Stop.NONE && dispatch.isIdle();
    }

    @Nullable
    FlowException failure() {
        return switch (status) {
            case CANCELLING, COMPENSATING, CANCELLED, FAILED -> failure;
            default -> null;
        };
    }

    boolean begin() {
        if (status != ExecutionStatus.QUEUED) {
            return false;
        }
        advance(ExecutionStatus.RUNNING);
        return true;
    }

    /** Takes up the status in which the execution was left, all of whose open nodes may wait; true if what was left open is to go on. */
    boolean restore(ExecutionStatus left, boolean waits, @Nullable FlowException reason, int failed) {
        firstFailed = failed;
        if (compensations != null && compensations.isBegun()) {
            goOnCompensating(compensations, left);
            return false;
        }
        boolean cancelling = left == ExecutionStatus.CANCELLING || wasCancelled(left, reason);
        status = switch (left) {
            case PARKED -> cancelling ? ExecutionStatus.CANCELLING : ExecutionStatus.RUNNING;
            // It waits if there is something to wait for, which shows in a moment.
            case QUEUED -> ExecutionStatus.RUNNING;
            case WAITING -> waits ? left : ExecutionStatus.RUNNING;
            default -> left;
        };
        if (status != left) {
            effects.changed(status);
        }
        failure = cancelling ? reason : null;
        if (isLeftStopping(cancelling, failed)) {
            return false;
        }
        if (left == ExecutionStatus.PAUSING || left == ExecutionStatus.PAUSED) {
            dispatch.hold();
            effects.add(new Command.Hold());
        }
        return true;
    }

    /** Whether it was parked while it was being cancelled: that is not taken back either. */
    private static boolean wasCancelled(ExecutionStatus left, @Nullable FlowException reason) {
        return left == ExecutionStatus.PARKED && reason != null && reason.kind() == FailureKind.CANCELLED;
    }

    /** Whether what ran had been asked to stop; then nothing goes on. */
    private boolean isLeftStopping(boolean cancelling, int failed) {
        if (cancelling) {
            stop = Stop.CANCEL;
        } else if (failed >= 0 && layout.failureMode() == FailureMode.FAIL_FAST) {
            stop = Stop.FAIL_FAST;
        } else {
            return false;
        }
        settlement.freeze();
        dispatch.stop();
        // Whatever was under way is not any more.
        settlement.cancelOpen();
        return true;
    }

    /** Whatever the execution was left as: that it had begun to compensate is not taken back. */
    private void goOnCompensating(Compensations begun, ExecutionStatus left) {
        status = ExecutionStatus.COMPENSATING;
        if (status != left) {
            effects.changed(status);
        }
        failure = begun.reason();
        stop = begun.end() == ExecutionStatus.CANCELLED ? Stop.CANCEL : Stop.NONE;
        settlement.freeze();
        dispatch.stop();
        begun.goOn();
        compensated();
    }

    /** A node has failed and nothing handles it. */
    void fail(int node) {
        if (firstFailed < 0) {
            firstFailed = node;
        }
        if (layout.failureMode() == FailureMode.FAIL_FAST && !isStopping()) {
            failure = null;
            settlement.freeze();
            settlement.failed(node);
            stop(Stop.FAIL_FAST);
        } else {
            settlement.failed(node);
        }
    }

    /** What had to wait is to go on. */
    void wakes() {
        if (status == ExecutionStatus.WAITING) {
            advance(ExecutionStatus.RUNNING);
        }
    }

    void pause() {
        boolean mayPause = status == ExecutionStatus.RUNNING || status == ExecutionStatus.WAITING;
        if (mayPause && stop == Stop.NONE) {
            advance(ExecutionStatus.PAUSING);
            dispatch.hold();
            effects.add(new Command.Hold());
            proceed();
        }
    }

    /** True if it was held, and is not any more. */
    boolean resume() {
        boolean paused = status == ExecutionStatus.PAUSING || status == ExecutionStatus.PAUSED;
        boolean resumes = paused && stop == Stop.NONE;
        if (resumes) {
            advance(ExecutionStatus.RUNNING);
            effects.add(new Command.Release());
            dispatch.release();
            proceed();
        }
        return resumes;
    }

    void cancel(FlowException reason) {
        if (status.isTerminal() || stop == Stop.CANCEL || isCompensating()) {
            return;
        }
        failure = reason;
        advance(ExecutionStatus.CANCELLING);
        if (stop == Stop.FAIL_FAST) {
            // What runs has been asked to stop already, and its grace is running.
            stop = Stop.CANCEL;
        } else {
            stop(Stop.CANCEL);
        }
        proceed();
    }

    void halt(FlowException reason) {
        closeCompensations(false);
        if (status.isTerminal() || stop != Stop.NONE || isCompensating()) {
            return;
        }
        stop = Stop.CLOSE;
        failure = reason;
        awaitChildren();
        dispatch.stop();
        onStop.run();
        proceed();
    }

    /** Lets nothing start any more, so that somebody else can go on; what runs may end. */
    void release() {
        closeCompensations(true);
        if (!status.isTerminal() && stop == Stop.NONE && !isCompensating()) {
            stop = Stop.RELEASE;
            dispatch.stop();
            proceed();
        }
    }

    /** Takes up the status an execution has elsewhere, only to be looked at. */
    void view(ExecutionStatus seen, @Nullable FlowException reason, int failed) {
        status = seen;
        failure = reason;
        firstFailed = failed;
        if (compensations != null && seen.isTerminal()) {
            compensations.ended();
        }
    }

    void terminate() {
        if (isCompensating()) {
            // The end of a grace may come when what it was for is over.
            if (compensations != null && compensations.isClosed()) {
                giveUpCompensations();
            }
        } else if (!status.isTerminal() && stop != Stop.NONE) {
            dispatch.stop();
            settlement.cancelOpen();
            end(stop == Stop.FAIL_FAST ? ExecutionStatus.FAILED : ExecutionStatus.CANCELLED);
        }
    }

    /** What is still to be undone will not be: ends the execution. */
    void giveUpCompensations() {
        if (compensations != null && isCompensating()) {
            compensations.ended();
            compensated();
        }
    }

    /** After all that happens to compensations: ends the execution if nothing more will be undone. */
    void compensated() {
        if (compensations != null && compensations.isOver() && isCompensating()) {
            advance(Objects.requireNonNull(compensations.end()));
        }
    }

    private void closeCompensations(boolean elsewhere) {
        if (compensations != null && !status.isTerminal()) {
            compensations.close(elsewhere);
            compensated();
        }
    }

    private boolean isCompensating() {
        return status == ExecutionStatus.COMPENSATING;
    }

    /** The execution ends, once what has to be undone is. */
    private void end(ExecutionStatus as) {
        if (compensations != null && compensations.begin(as, failure)) {
            advance(ExecutionStatus.COMPENSATING);
            compensations.goOn();
            compensated();
        } else {
            advance(as);
        }
    }

    /** The execution has taken too long. One that is being stopped ends by that, and soon. */
    void expire(FlowException cause) {
        if (!isStopping()) {
            failure = cause;
            dispatch.stop();
            settlement.cancelOpen();
            end(ExecutionStatus.FAILED);
        }
    }

    /** The execution cannot go on: not even what has to be undone can be relied on to be. */
    void abort(FlowException cause) {
        if (status.isTerminal()) {
            return;
        }
        failure = cause;
        if (compensations != null) {
            compensations.ended();
        }
        dispatch.stop();
        settlement.cancelOpen();
        advance(stop == Stop.CANCEL ? ExecutionStatus.CANCELLED : ExecutionStatus.FAILED);
    }

    /** The end could not be kept, and nobody knows of it yet: so it is another one. */
    void refuse(FlowException cause) {
        if (status.isTerminal()) {
            status = ExecutionStatus.FAILED;
            failure = cause;
            effects.changed(status);
        }
    }

    /** After every signal: ends the execution if nothing runs and nothing will, or says what it waits for. */
    void proceed() {
        if (!dispatch.isIdle() || status.isTerminal() || isCompensating()) {
            return;
        }
        if (isStopping()) {
            terminate();
        } else if (settlement.isComplete()) {
            failure = null;
            end(finalStatus());
        } else if (stop == Stop.CLOSE) {
            terminate();
        } else if (stop == Stop.RELEASE) {
            effects.add(new Command.Leave());
        } else if (dispatch.isHolding()) {
            advanceOnce(ExecutionStatus.PAUSED);
        } else if (dispatch.isWaiting()) {
            advanceOnce(ExecutionStatus.WAITING);
        } else {
            stall();
        }
    }

    private void stop(Stop how) {
        stop = how;
        settlement.freeze();
        awaitChildren();
        dispatch.stop();
        settlement.cancelUnstarted(dispatch.unstarted());
        effects.add(new Command.Stop());
        onStop.run();
    }

    /** An execution that is to end does not do so before those it has started, unless they take too long about it. */
    private void awaitChildren() {
        for (int node = 0; node < layout.size(); node++) {
            Suspension suspension = nodes.suspension(node);
            if (suspension != null && suspension.awaitsChild() && dispatch.waitsNoMore(node)) {
                dispatch.sentOut();
            }
        }
    }

    private ExecutionStatus finalStatus() {
        if (firstFailed < 0) {
            return ExecutionStatus.COMPLETED;
        }
        for (int node = 0; node < layout.size(); node++) {
            if (!layout.isInBody(node) && !layout.hasSuccessor(node) && nodes.status(node) == NodeStatus.COMPLETED) {
                return ExecutionStatus.PARTIAL;
            }
        }
        return ExecutionStatus.FAILED;
    }

    private void stall() {
        List<String> open = new OpenNodes(layout, nodes).unsettled();
        String named = String.join(", ", open.subList(0, Math.min(open.size(), MOST_NODES_NAMED)))
                + (open.size() > MOST_NODES_NAMED ? ", …" : "");
        String count = open.size() == 1 ? "1 node is" : open.size() + " nodes are";
        abort(FlowException.of(
                        FailureKind.INVALID_FLOW_STATE,
                        "nothing runs and nothing can start, but " + count + " not settled: " + named)
                .affectedNodes(open)
                .suggestedResolution("This is a defect of the engine: please report it with the flow's structure.")
                .build());
    }

    private void advanceOnce(ExecutionStatus next) {
        if (status != next) {
            advance(next);
        }
    }

    private void advance(ExecutionStatus next) {
        if (!status.canBecome(next)) {
            throw new IllegalStateException("an execution cannot change from " + status + " to " + next);
        }
        status = next;
        effects.changed(next);
    }

    /** Why nothing starts any more. */
    private enum Stop {
        NONE,
        /** The engine closes: what runs may end as it would have. */
        CLOSE,
        /** The engine closes, and another one goes on: what runs may end. */
        RELEASE,
        /** Somebody cancelled the execution. */
        CANCEL,
        /** A node failed, and the flow gives up at the first failure. */
        FAIL_FAST
    }
}
