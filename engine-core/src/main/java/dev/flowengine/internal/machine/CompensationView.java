package dev.flowengine.internal.machine;

import dev.flowengine.model.CompensationStatus;
import dev.flowengine.model.FlowError;
import org.jspecify.annotations.Nullable;

/**
 * How far the compensations of an execution have come at a moment. Immutable: what later moments add to the arrays they share is
 * behind what this one shows.
 */
public final class CompensationView {
    /** Nothing has been undone, or has to be. */
    public static final CompensationView NONE = of(new IntList());

    private final int[] order;
    private final int[] attempts;
    private final @Nullable FlowError[] failures;
    private final Moment moment;

    private CompensationView(int[] order, int[] attempts, @Nullable FlowError[] failures, Moment moment) {
        this.order = order;
        this.attempts = attempts;
        this.failures = failures;
        this.moment = moment;
    }

    /** Before the first is undone; the nodes in the order in which they completed. */
    static CompensationView of(IntList completed) {
        int[] order = new int[completed.size()];
        for (int i = 0; i < order.length; i++) {
            order[i] = completed.get(order.length - 1 - i);
        }
        return new CompensationView(
                order, new int[order.length], new FlowError[order.length], new Moment(0, 0, null, false));
    }

    CompensationView started() {
        return at(new Moment(moment.settled, 1, null, false));
    }

    CompensationView repeated(NodeFailure failure) {
        return at(new Moment(moment.settled, moment.attempt + 1, failure.error(), false));
    }

    CompensationView settled(int made, @Nullable NodeFailure failure) {
        attempts[moment.settled] = made;
        failures[moment.settled] = failure == null ? null : failure.error();
        return at(new Moment(moment.settled + 1, 0, null, false));
    }

    CompensationView ended() {
        return at(new Moment(moment.settled, moment.attempt, moment.lastFailure, true));
    }

    private CompensationView at(Moment next) {
        return new CompensationView(order, attempts, failures, next);
    }

    /** Whether nothing more will be undone. */
    boolean isOver() {
        return moment.over;
    }

    /** The node that is being undone, or is next; -1 if none is left. */
    int current() {
        return moment.settled < order.length ? order[moment.settled] : -1;
    }

    /** The attempt that is made to undo it. */
    int attempt() {
        return moment.attempt;
    }

    /**
     * How many nodes are to be undone.
     *
     * @return their number
     */
    public int size() {
        return order.length;
    }

    /**
     * How many of them have been dealt with, well or not.
     *
     * @return their number
     */
    public int settledCount() {
        return moment.settled;
    }

    /**
     * A node to be undone.
     *
     * @param position its place in the order in which that happens, from 0
     * @return its number
     */
    public int node(int position) {
        return order[position];
    }

    /**
     * How far a node has come.
     *
     * @param position its place in the order
     * @return its status
     */
    public CompensationStatus status(int position) {
        if (position < moment.settled) {
            return failures[position] == null ? CompensationStatus.COMPLETED : CompensationStatus.FAILED;
        }
        if (moment.over) {
            return CompensationStatus.CANCELLED;
        }
        return position == moment.settled ? CompensationStatus.RUNNING : CompensationStatus.PENDING;
    }

    /**
     * The latest attempt made for a node.
     *
     * @param position its place in the order
     * @return counted from 1; 0 if none was
     */
    public int attempts(int position) {
        return position < moment.settled ? attempts[position] : position == moment.settled ? moment.attempt : 0;
    }

    /**
     * How the last attempt for a node failed.
     *
     * @param position its place in the order
     * @return the failure; null if none has failed, or a later one has not
     */
    public @Nullable FlowError failure(int position) {
        return position < moment.settled ? failures[position] : position == moment.settled ? moment.lastFailure : null;
    }

    /**
     * How far it has come.
     *
     * @param settled how many have been dealt with
     * @param attempt the attempt made for the next; 0 if none is
     * @param lastFailure how the attempt before that failed; null if there was none
     * @param over whether nothing more will be undone
     */
    private record Moment(
            int settled, int attempt, @Nullable FlowError lastFailure, boolean over) {}
}
