package dev.flowengine.internal.machine;

import dev.flowengine.internal.layout.PlanLayout;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.node.PortValues;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides everything about one execution: itself the life of the execution, by its {@link Settlement} that of the nodes.
 * Each method but the getters is a signal: it changes the state, and leaves what has to be done in the {@link Effects}.
 *
 * <p>For one writer at a time.
 */
public final class ExecutionMachine {
    private static final int MOST_NODES_NAMED = 20;

    private final PlanLayout layout;
    private final Effects effects;
    private final StartLog startLog;
    private final Settlement settlement;
    private final NodeTable nodes;
    private ExecutionStatus status = ExecutionStatus.QUEUED;
    private int firstFailed = -1;
    private boolean halted;
    private boolean statusChanged;
    private long lateResults;
    private @Nullable FlowException failure;

    /**
     * Creates the machine of an execution that has not started.
     *
     * @param layout what runs
     * @param inputs what it is given
     * @param effects where to leave what has to be done
     * @param startLog where starts are recorded: by this machine those of nodes without a body
     */
    public ExecutionMachine(PlanLayout layout, RunInputs inputs, Effects effects, StartLog startLog) {
        this.layout = layout;
        this.effects = effects;
        this.startLog = startLog;
        this.settlement = new Settlement(layout, inputs, effects, startLog);
        this.nodes = settlement.nodes();
    }

    /** Begins: settles what is given, and makes the first node ready. */
    public void start() {
        if (status != ExecutionStatus.QUEUED) {
            return;
        }
        advance(ExecutionStatus.RUNNING);
        settlement.begin();
        endIfIdle();
    }

    /**
     * The body of a node has started. Need not be told: the end of the body implies it.
     *
     * @param node its number
     */
    public void started(int node) {
        settlement.started(node);
    }

    /**
     * The body of a node has returned a value, which fires its first output port.
     *
     * @param node its number
     * @param value the value, may be null
     */
    public void completed(int node, @Nullable Object value) {
        if (isExpected(node)) {
            settlement.completed(node, value);
            endIfIdle();
        }
    }

    /**
     * The body of a node has emitted to its ports.
     *
     * @param node its number
     * @param values what it emitted
     */
    public void emitted(int node, PortValues values) {
        if (isExpected(node)) {
            settlement.emitted(node, values);
            endIfIdle();
        }
    }

    /**
     * The body of a node has failed.
     *
     * @param node its number
     * @param nodeFailure how
     */
    public void failed(int node, NodeFailure nodeFailure) {
        if (isExpected(node)) {
            settlement.started(node);
            fail(node, nodeFailure);
        }
    }

    /**
     * No thread could be had for the body of a node, which has not started.
     *
     * @param node its number
     * @param nodeFailure why
     */
    public void refused(int node, NodeFailure nodeFailure) {
        if (isExpected(node)) {
            fail(node, nodeFailure);
        }
    }

    /**
     * A node that was to be started was not, because the execution is halted.
     *
     * @param node its number
     */
    public void withdrawn(int node) {
        if (isExpected(node)) {
            settlement.withdrawn(node);
            endIfIdle();
        }
    }

    /**
     * From now on no node starts. What runs may end; if nothing is left to start by then the execution ends as it would
     * have, else it is cancelled.
     *
     * @param reason given as the reason if it is cancelled
     */
    public void halt(FlowException reason) {
        if (!status.isTerminal()) {
            halted = true;
            failure = reason;
            settlement.hold();
            endIfIdle();
        }
    }

    /** Ends a halted execution now; what still runs is cancelled, and its results are dropped. */
    public void terminate() {
        if (!status.isTerminal()) {
            settlement.cancelOpen();
            advance(ExecutionStatus.CANCELLED);
        }
    }

    /**
     * Ends the execution because it cannot be continued.
     *
     * @param cause why
     */
    public void abort(FlowException cause) {
        if (!status.isTerminal()) {
            failure = cause;
            settlement.cancelOpen();
            effects.started();
            advance(ExecutionStatus.FAILED);
        }
    }

    /**
     * The status of the execution.
     *
     * @return its status
     */
    public ExecutionStatus status() {
        return status;
    }

    /**
     * Whether there is something to show to the outside since the last {@link #shown()}: a new status of the execution,
     * or changes somebody observes.
     *
     * @return false if only nodes changed that nobody observes
     */
    public boolean hasNews() {
        return statusChanged || effects.hasChanges();
    }

    /** The outside has seen everything. */
    public void shown() {
        statusChanged = false;
    }

    /**
     * What has to be done.
     *
     * @return the effects this machine leaves behind
     */
    public Effects effects() {
        return effects;
    }

    /**
     * The state of the nodes.
     *
     * @return the live table
     */
    public NodeTable nodes() {
        return nodes;
    }

    /**
     * Why the execution ended, beyond the failures of its nodes.
     *
     * @return the reason; null if it ended by its nodes, or has not ended
     */
    public @Nullable FlowException failure() {
        return status.isTerminal() && (status == ExecutionStatus.CANCELLED || status == ExecutionStatus.FAILED)
                ? failure
                : null;
    }

    /**
     * The node whose failure was the first that nothing handled.
     *
     * @return its number, or -1 if none failed
     */
    public int firstFailed() {
        return firstFailed;
    }

    /**
     * How many results came too late.
     *
     * @return results dropped because their node was settled already
     */
    public long lateResults() {
        return lateResults;
    }

    /**
     * The order in which nodes start.
     *
     * @return the log, with the queue of those that wait for an engine worker
     */
    public StartLog startLog() {
        return startLog;
    }

    private void fail(int node, NodeFailure nodeFailure) {
        settlement.failed(node, nodeFailure);
        if (firstFailed < 0) {
            firstFailed = node;
        }
        endIfIdle();
    }

    private boolean isExpected(int node) {
        boolean expected = nodes.isOpen(node);
        if (!expected) {
            lateResults++;
        }
        return expected;
    }

    private ExecutionStatus finalStatus() {
        failure = null;
        if (firstFailed < 0) {
            return ExecutionStatus.COMPLETED;
        }
        for (int node = 0; node < layout.size(); node++) {
            if (!layout.hasSuccessor(node) && nodes.status(node) == NodeStatus.COMPLETED) {
                return ExecutionStatus.PARTIAL;
            }
        }
        return ExecutionStatus.FAILED;
    }

    /** Nothing runs: either everything is settled, or the rest never will be. */
    private void endIfIdle() {
        if (settlement.isInFlight() || status.isTerminal()) {
            return;
        }
        if (settlement.isComplete()) {
            advance(finalStatus());
        } else if (halted) {
            terminate();
        } else {
            stall();
        }
    }

    private void stall() {
        List<String> open = settlement.openNodes();
        String named = String.join(", ", open.subList(0, Math.min(open.size(), MOST_NODES_NAMED)))
                + (open.size() > MOST_NODES_NAMED ? ", …" : "");
        abort(FlowException.of(
                        FailureKind.INVALID_FLOW_STATE,
                        "nothing runs and nothing can start, but " + open.size() + " nodes are not settled: " + named)
                .affectedNodes(open)
                .suggestedResolution("This is a defect of the engine: please report it with the flow's structure.")
                .build());
    }

    private void advance(ExecutionStatus next) {
        if (!status.canBecome(next)) {
            throw new IllegalStateException("an execution cannot change from " + status + " to " + next);
        }
        status = next;
        statusChanged = true;
    }
}
