package dev.flowengine.internal.machine;

import dev.flowengine.internal.layout.PlanLayout;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.model.SkipReason;
import dev.flowengine.node.PortValues;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decides everything about one execution. Each method but the getters is a signal: it changes the state, and leaves what
 * has to be done in the {@link Effects}.
 *
 * <p>A node's join is judged when a dependency of it is decided, never by looking around: settling a node costs as much
 * as it has dependents. Settled nodes wait in a list to be propagated, so that no chain, however long, deepens the stack.
 *
 * <p>For one writer at a time.
 */
public final class ExecutionMachine {
    private static final int MOST_NODES_NAMED = 20;

    private final PlanLayout layout;
    private final RunInputs inputs;
    private final Effects effects;
    private final StartLog startLog;
    private final NodeTable nodes;
    private final JoinTable joins;
    private final IntList settled = new IntList();
    private final boolean pins;
    private ExecutionStatus status = ExecutionStatus.QUEUED;
    private int unsettled;
    private int inFlight;
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
        this.inputs = inputs;
        this.effects = effects;
        this.startLog = startLog;
        this.nodes = new NodeTable(layout);
        this.joins = new JoinTable(layout, nodes);
        this.unsettled = layout.size();
        this.pins = !inputs.pins().isEmpty();
    }

    /** Begins: settles what is given, and makes the first node ready. */
    public void start() {
        if (status != ExecutionStatus.QUEUED) {
            return;
        }
        advance(ExecutionStatus.RUNNING);
        for (int node = layout.size(); node < layout.total(); node++) {
            nodes.supply(node);
            firePorts(node, inputs.supplied().getOrDefault(node, PortValues.none()));
            settled.add(node);
        }
        begin(layout.startNode());
        settleAll();
    }

    /**
     * The body of a node has started. Need not be told: the end of the body implies it.
     *
     * @param node its number
     */
    public void started(int node) {
        if (nodes.status(node) == NodeStatus.QUEUED) {
            change(node, NodeStatus.RUNNING);
        }
    }

    /**
     * The body of a node has returned a value, which fires its first output port.
     *
     * @param node its number
     * @param value the value, may be null
     */
    public void completed(int node, @Nullable Object value) {
        if (isExpected(node)) {
            inFlight--;
            complete(node, value);
            settleAll();
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
            inFlight--;
            completeWith(node, values);
            settleAll();
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
            started(node);
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
            inFlight--;
            settleAll();
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
            inFlight -= effects.starts() + startLog.queue().hold();
            effects.started();
            settleAll();
        }
    }

    /** Ends a halted execution now; what still runs is cancelled, and its results are dropped. */
    public void terminate() {
        if (!status.isTerminal()) {
            cancelOpenNodes();
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
            cancelOpenNodes();
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
        inFlight--;
        nodes.fail(node, nodeFailure);
        settle(node, NodeStatus.FAILED);
        if (firstFailed < 0) {
            firstFailed = node;
        }
        settleAll();
    }

    private boolean isExpected(int node) {
        boolean expected = nodes.isOpen(node);
        if (!expected) {
            lateResults++;
        }
        return expected;
    }

    private void begin(int node) {
        PortValues given = inputs.startInput();
        if (given == null || inputs.pins().containsKey(node) || hasRequired(node, given)) {
            ready(node);
        } else {
            skip(node, SkipReason.MISSING_INPUT);
        }
    }

    private boolean hasRequired(int node, PortValues given) {
        return layout.definition(node).shape().inputs().stream()
                .allMatch(port -> !port.required() || given.asMap().containsKey(port.name()));
    }

    private void ready(int node) {
        change(node, NodeStatus.QUEUED);
        if (halted) {
            return;
        }
        if (needsNoBody(node)) {
            completeWithoutBody(node);
        } else {
            inFlight++;
            effects.addStart(node);
        }
    }

    private boolean needsNoBody(int node) {
        return layout.hasNoBody(node) || (pins && inputs.pins().containsKey(node));
    }

    private void completeWithoutBody(int node) {
        startLog.record(node);
        PortValues pinned = inputs.pins().get(node);
        if (pinned != null) {
            completeWith(node, pinned);
        } else if (layout.definition(node).isDisabled()) {
            complete(node, valueWhileDisabled(node));
        } else {
            complete(node, inputs.triggerData());
        }
    }

    private @Nullable Object valueWhileDisabled(int node) {
        return layout.definition(node)
                .disabledOutput()
                .map(output -> new InputReader.Delivered(output.value()))
                .orElseGet(() -> new InputReader(layout, nodes, inputs.startInput()).firstLive(node))
                .value();
    }

    private void complete(int node, @Nullable Object value) {
        int slot = layout.firstSlot(node);
        if (slot < layout.firstSlot(node + 1)) {
            nodes.outputs().fire(slot, value);
        }
        settleCompleted(node);
    }

    private void completeWith(int node, PortValues values) {
        firePorts(node, values);
        settleCompleted(node);
    }

    private void firePorts(int node, PortValues values) {
        int first = layout.firstSlot(node);
        for (Map.Entry<String, @Nullable Object> entry : values.asMap().entrySet()) {
            int port = layout.definition(node).shape().outputIndex(entry.getKey());
            nodes.outputs().fire(first + port, entry.getValue());
        }
    }

    private void settleCompleted(int node) {
        if (effects.isObserved()) {
            started(node);
        }
        nodes.change(node, NodeStatus.COMPLETED);
        settle(node, NodeStatus.COMPLETED);
    }

    private void skip(int node, SkipReason reason) {
        nodes.skip(node, reason);
        if (reason.propagatesFailure()) {
            nodes.root(node, joins.failureRoot(node));
        }
        settle(node, NodeStatus.SKIPPED);
    }

    private void settle(int node, NodeStatus settledAs) {
        effects.changed(node, settledAs);
        unsettled--;
        settled.add(node);
    }

    private void change(int node, NodeStatus next) {
        nodes.change(node, next);
        effects.changed(node, next);
    }

    private void settleAll() {
        while (!settled.isEmpty()) {
            propagate(settled.removeLast());
        }
        if (inFlight == 0 && !status.isTerminal()) {
            end();
        }
    }

    private void propagate(int source) {
        boolean failed = nodes.propagatesFailure(source);
        boolean completed = nodes.status(source) == NodeStatus.COMPLETED;
        int end = layout.firstOut(source + 1);
        int out = layout.firstOut(source);
        while (out < end) {
            int target = layout.outTarget(out);
            do {
                decide(target, layout.outSlot(out), completed, failed);
                out++;
            } while (out < end && layout.outTarget(out) == target);
            if (!joins.waits(target)) {
                judge(target);
            }
        }
    }

    private void decide(int target, int slot, boolean completed, boolean failed) {
        if (slot == PlanLayout.ORDER_ONLY) {
            if (failed) {
                joins.orderFailed(target);
            } else {
                joins.notTaken(target);
            }
        } else if (completed) {
            joins.sourceCompleted(target, nodes.outputs().isFired(slot));
        } else if (failed) {
            joins.sourceFailed(target);
        } else {
            joins.notTaken(target);
        }
    }

    private void judge(int node) {
        if (!nodes.isIdle(node)) {
            return;
        }
        Verdict verdict = joins.judge(node);
        if (verdict == Verdict.FIRE) {
            if (layout.joinsEarly(node)) {
                nodes.decidedBy(node, joins.contributors(node));
            }
            ready(node);
        } else if (verdict == Verdict.SKIP) {
            skip(node, joins.skipReason(node));
        }
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
    private void end() {
        if (unsettled == 0) {
            advance(finalStatus());
        } else if (halted) {
            terminate();
        } else {
            stall();
        }
    }

    private void stall() {
        List<String> open = openNodes();
        String named = String.join(", ", open.subList(0, Math.min(open.size(), MOST_NODES_NAMED)))
                + (open.size() > MOST_NODES_NAMED ? ", …" : "");
        abort(FlowException.of(
                        FailureKind.INVALID_FLOW_STATE,
                        "nothing runs and nothing can start, but " + open.size() + " nodes are not settled: " + named)
                .affectedNodes(open)
                .suggestedResolution("This is a defect of the engine: please report it with the flow's structure.")
                .build());
    }

    private List<String> openNodes() {
        List<String> open = new ArrayList<>();
        for (int node = 0; node < layout.size(); node++) {
            if (!nodes.status(node).isSettled()) {
                open.add(layout.definition(node).id());
            }
        }
        return open;
    }

    private void cancelOpenNodes() {
        startLog.queue().hold();
        settled.clear();
        for (int node = 0; node < layout.size(); node++) {
            if (!nodes.status(node).isSettled()) {
                change(node, NodeStatus.CANCELLED);
                unsettled--;
            }
        }
    }

    private void advance(ExecutionStatus next) {
        if (!status.canBecome(next)) {
            throw new IllegalStateException("an execution cannot change from " + status + " to " + next);
        }
        status = next;
        statusChanged = true;
    }
}
