package dev.flowengine.internal.machine;

import dev.flowengine.internal.layout.PlanLayout;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.model.SkipReason;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The state of the nodes of one execution, in arrays by node. Written by the machine alone; a copy is a consistent
 * picture if nothing was written meanwhile.
 */
@SuppressWarnings("EnumOrdinal") // a byte per status in memory only: nothing outlives the order of the constants
public final class NodeTable {
    private static final NodeStatus[] STATUSES = NodeStatus.values();
    private static final SkipReason[] REASONS = SkipReason.values();
    private static final long ALLOWED = allowedChanges();
    private static final int NO_ROOT = -1;

    /** How many items a map has of which that shows only at its end. */
    public static final int UNKNOWN_WIDTH = -1;

    private final byte[] statuses;
    private final byte[] reasons;
    private final Outputs outputs;
    private @Nullable NodeFailure @Nullable [] failures;
    private int @Nullable [] failureRoots;
    private int @Nullable [] @Nullable [] decidedBy;
    private int @Nullable [] attempts;
    private int @Nullable [] tickets;
    private @Nullable Suspension @Nullable [] suspensions;
    /** Of each loop the iteration it is in, and of the other nodes in bodies whether they have started in theirs. */
    private final int @Nullable [] passes;
    /** Of each map how many items have failed, and how many there are. */
    private final int @Nullable [] failedItems;

    private final int @Nullable [] widths;

    private @Nullable Releases releases;

    NodeTable(PlanLayout layout) {
        this.statuses = new byte[layout.total()];
        this.reasons = new byte[layout.size()];
        this.outputs = new Outputs(layout.firstSlot(layout.total()));
        this.decidedBy = layout.joinsEarly() ? new int[layout.size()][] : null;
        this.passes = layout.loops().isEmpty() ? null : new int[layout.size()];
        this.failedItems = layout.loops().hasMaps() ? new int[layout.size()] : null;
        this.widths = layout.loops().hasMaps() ? new int[layout.size()] : null;
    }

    private NodeTable(NodeTable original) {
        this.statuses = original.statuses.clone();
        this.reasons = original.reasons.clone();
        this.outputs = original.outputs.copy();
        this.failures = original.failures == null ? null : original.failures.clone();
        this.failureRoots = original.failureRoots == null ? null : original.failureRoots.clone();
        this.decidedBy = original.decidedBy == null ? null : original.decidedBy.clone();
        this.attempts = original.attempts == null ? null : original.attempts.clone();
        this.tickets = original.tickets == null ? null : original.tickets.clone();
        this.suspensions = original.suspensions == null ? null : original.suspensions.clone();
        this.passes = original.passes == null ? null : original.passes.clone();
        this.failedItems = original.failedItems == null ? null : original.failedItems.clone();
        this.widths = original.widths == null ? null : original.widths.clone();
    }

    /**
     * The status of a node.
     *
     * @param node its number
     * @return its status
     */
    public NodeStatus status(int node) {
        return STATUSES[statuses[node]];
    }

    /**
     * A copy of the statuses alone.
     *
     * @return the status of a node by its number
     */
    public IntFunction<NodeStatus> statuses() {
        byte[] copy = statuses.clone();
        return node -> STATUSES[copy[node]];
    }

    /**
     * Why a node was skipped.
     *
     * @param node number of a skipped node
     * @return the reason
     */
    public SkipReason skipReason(int node) {
        return REASONS[reasons[node]];
    }

    /**
     * The values that fired.
     *
     * @return the outputs by slot
     */
    public Outputs outputs() {
        return outputs;
    }

    /**
     * The current attempt of a node, or the one it is waiting for.
     *
     * @param node its number
     * @return counted from 1
     */
    public int attempt(int node) {
        return attempts == null ? 1 : attempts[node] + 1;
    }

    /**
     * The attempt that is to be started, or has been.
     *
     * @param node its number
     * @return the attempt, or the one after it while the node waits
     */
    public int startingAttempt(int node) {
        return status(node) == NodeStatus.WAITING ? attempt(node) + 1 : attempt(node);
    }

    /**
     * What an answer about a node has to carry to be heard. Another is issued with every attempt and every recovery, so
     * that those given up before cannot answer any more.
     *
     * @param node its number
     * @return counted from 1
     */
    public int ticket(int node) {
        return tickets == null ? 1 : tickets[node] + 1;
    }

    /**
     * How the last failed attempt of a node failed.
     *
     * @param node its number
     * @return the failure; null if the node did not fail, or completed by itself after all
     */
    public @Nullable NodeFailure failure(int node) {
        return failures == null ? null : failures[node];
    }

    /**
     * The failure because of which a node failed or was skipped.
     *
     * @param node its number
     * @return the failure at the root, or null if there is none
     */
    public @Nullable NodeFailure rootFailure(int node) {
        int root = rootOf(node);
        return root == NO_ROOT ? null : failure(root);
    }

    /**
     * The connections that fired a node's join early.
     *
     * @param node its number
     * @return positions in the layout in ascending order, or null if the join waited for all
     */
    public int @Nullable [] decidedBy(int node) {
        return decidedBy == null ? null : decidedBy[node];
    }

    /**
     * What a node waits for, other than its next attempt.
     *
     * @param node its number
     * @return a time or a signal; null if it waits for neither
     */
    public @Nullable Suspension suspension(int node) {
        return suspensions == null || node >= suspensions.length || status(node) != NodeStatus.WAITING
                ? null
                : suspensions[node];
    }

    /**
     * How far a loop has come.
     *
     * @param loop its number
     * @return the iteration it is in, counted from 1; 0 before the first
     */
    public int pass(int loop) {
        return passes == null ? 0 : passes[loop];
    }

    /**
     * Whether a node of a body has started in the iteration it is in.
     *
     * @param node its number, not that of a loop
     * @return true if so
     */
    public boolean hasStarted(int node) {
        return passes != null && passes[node] != 0;
    }

    /**
     * How many items of a map have failed.
     *
     * @param map its number
     * @return their number
     */
    public int failedItems(int map) {
        return failedItems == null ? 0 : failedItems[map];
    }

    /**
     * How many items a map has.
     *
     * @param map its number
     * @return their number, or {@link #UNKNOWN_WIDTH}
     */
    public int width(int map) {
        return widths == null ? UNKNOWN_WIDTH : widths[map];
    }

    /**
     * A copy of everything.
     *
     * @return an independent table
     */
    public NodeTable copy() {
        return new NodeTable(this);
    }

    /** Whether a node has become ready and is not settled. */
    boolean isOpen(int node) {
        NodeStatus status = status(node);
        return status == NodeStatus.QUEUED || status == NodeStatus.RUNNING || status == NodeStatus.WAITING;
    }

    boolean isIdle(int node) {
        return statuses[node] == 0;
    }

    /** Whether an answer about a node is heard. */
    boolean isCurrent(int node, int ticket) {
        return isOpen(node) && ticket(node) == ticket;
    }

    void change(int node, NodeStatus next) {
        int now = statuses[node];
        if ((ALLOWED & bit(now, next.ordinal())) == 0) {
            throw new IllegalStateException("node " + node + " cannot change from " + STATUSES[now] + " to " + next);
        }
        statuses[node] = (byte) next.ordinal();
        if (suspensions != null && node < suspensions.length) {
            suspensions[node] = null;
        }
        if (releases != null && next.isSettled()) {
            releases.settled(node);
        }
    }

    /** A node that has come to wait does so for a time or a signal; for its next attempt if for neither. */
    void suspend(int node, @Nullable Suspension suspension) {
        if (suspensions == null) {
            suspensions = new Suspension[reasons.length];
        }
        suspensions[node] = suspension;
    }

    void skip(int node, SkipReason reason) {
        change(node, NodeStatus.SKIPPED);
        reasons[node] = (byte) reason.ordinal();
    }

    void fail(int node) {
        change(node, NodeStatus.FAILED);
        root(node, node);
    }

    /** Records a failure, whatever becomes of it. */
    void failure(int node, NodeFailure failure) {
        if (failures == null) {
            failures = new NodeFailure[reasons.length];
        }
        failures[node] = failure;
    }

    /** Forgets failures of earlier attempts: the node has completed by itself. */
    void overcome(int node) {
        if (failures != null) {
            failures[node] = null;
        }
    }

    /** Counts an attempt that has started after another. */
    void nextAttempt(int node) {
        if (attempts == null) {
            attempts = new int[reasons.length];
        }
        attempts[node]++;
    }

    /** What answers to what was before comes too late; nor does the node wait for anything it waited for. */
    int nextTicket(int node) {
        if (tickets == null) {
            tickets = new int[reasons.length];
        }
        if (suspensions != null) {
            suspensions[node] = null;
        }
        return ++tickets[node] + 1;
    }

    /** Puts a node back into a status it was in, after so many attempts. */
    void restore(int node, NodeStatus status, int attemptsBefore) {
        statuses[node] = (byte) status.ordinal();
        if (attemptsBefore > 0 || attempts != null) {
            if (attempts == null) {
                attempts = new int[reasons.length];
            }
            attempts[node] = attemptsBefore;
        }
    }

    void skippedFor(int node, SkipReason reason) {
        reasons[node] = (byte) reason.ordinal();
    }

    /**
     * Takes over what another table of the same execution says of a node.
     *
     * @param other the other table
     * @param node number of the node
     * @param firstSlot the node's first output slot
     * @param endSlot the slot after its last
     */
    public void copyFrom(NodeTable other, int node, int firstSlot, int endSlot) {
        boolean settles = settlesIn(other, node);
        statuses[node] = other.statuses[node];
        reasons[node] = other.reasons[node];
        for (int slot = firstSlot; slot < endSlot; slot++) {
            outputs.copyFrom(other.outputs, slot);
        }
        NodeFailure failure = other.failure(node);
        if (failure != null) {
            failure(node, failure);
        } else {
            overcome(node);
        }
        if (other.rootOf(node) != rootOf(node)) {
            root(node, other.rootOf(node));
        }
        decidedBy(node, other.decidedBy(node));
        if (other.attempt(node) != attempt(node)) {
            restore(node, other.status(node), other.attempt(node) - 1);
        }
        Suspension suspension = other.suspension(node);
        if (suspension != null || suspensions != null) {
            suspend(node, suspension);
        }
        if (passes != null) {
            passes[node] = other.passes == null ? 0 : other.passes[node];
            countItems(node, other.failedItems(node), other.width(node));
        }
        if (settles) {
            settled(node);
        }
    }

    private boolean settlesIn(NodeTable other, int node) {
        return releases != null
                && !status(node).isSettled()
                && other.status(node).isSettled();
    }

    private void settled(int node) {
        if (releases != null) {
            releases.settled(node);
        }
    }

    /** All nodes have been put back into the state in which they were left: outputs that are not waited for go, if they are to. */
    void restored(PlanLayout layout) {
        if (releases != null) {
            releaseOutputs(layout);
        }
    }

    /**
     * From now on lets go of outputs when the last node that reads them has settled, and of those all of whose readers have.
     *
     * @param layout what runs
     */
    public void releaseOutputs(PlanLayout layout) {
        Releases begun = new Releases(layout, outputs);
        releases = begun;
        for (int node = 0; node < layout.size(); node++) {
            if (status(node).isSettled()) {
                begun.settled(node);
            }
        }
    }

    /** The node is undecided again, for another iteration; what answers to what was before is late. */
    void reset(int node, int firstSlot, int endSlot) {
        statuses[node] = 0;
        reasons[node] = 0;
        for (int slot = firstSlot; slot < endSlot; slot++) {
            outputs.clear(slot);
        }
        overcome(node);
        if (failureRoots != null) {
            failureRoots[node] = 0;
        }
        decidedBy(node, null);
        if (attempts != null) {
            attempts[node] = 0;
        }
        nextTicket(node);
        pass(node, 0);
    }

    /** Says which iteration a loop is in, or with anything but 0 that another node has started in its iteration. */
    void pass(int node, int pass) {
        if (passes != null) {
            passes[node] = pass;
        }
    }

    /** The head of a lane no item was in has become what its map has: its body is skipped for the same reason. */
    void settleHead(int head, int map) {
        statuses[head] = statuses[map];
        reasons[head] = reasons[map];
        if (rootOf(map) != NO_ROOT) {
            root(head, rootOf(map));
        }
    }

    /** Says how many items of a map have failed, and how many there are. */
    void countItems(int map, int failed, int width) {
        if (failedItems != null && widths != null) {
            failedItems[map] = failed;
            widths[map] = width;
        }
    }

    /** Marks a node as completed that never runs: one outside the scope, whose outputs are given, or the head of a lane. */
    void supply(int node) {
        statuses[node] = (byte) NodeStatus.COMPLETED.ordinal();
    }

    void root(int node, int root) {
        if (failureRoots == null) {
            failureRoots = new int[reasons.length];
        }
        failureRoots[node] = root + 1;
    }

    int rootOf(int node) {
        // Stored plus one: readers on other threads may see a new array before anything was written to it.
        return failureRoots == null || node >= failureRoots.length ? NO_ROOT : failureRoots[node] - 1;
    }

    void decidedBy(int node, int @Nullable [] connections) {
        if (decidedBy != null) {
            decidedBy[node] = connections;
        }
    }

    /** Whether dependents of a settled node see a failure. */
    boolean propagatesFailure(int node) {
        NodeStatus status = status(node);
        return status == NodeStatus.FAILED
                || (status == NodeStatus.SKIPPED && skipReason(node).propagatesFailure());
    }

    /** The changes a node may make, one bit for each pair of statuses. */
    private static long allowedChanges() {
        long allowed = 0;
        for (NodeStatus from : STATUSES) {
            for (NodeStatus to : STATUSES) {
                allowed |= from.canBecome(to) ? bit(from.ordinal(), to.ordinal()) : 0;
            }
        }
        return allowed;
    }

    private static long bit(int from, int to) {
        return 1L << (from * 8 + to);
    }
}
