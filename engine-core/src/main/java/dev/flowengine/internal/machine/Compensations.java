package dev.flowengine.internal.machine;

import dev.flowengine.internal.layout.CompensationLayout;
import dev.flowengine.internal.layout.PlanLayout;
import dev.flowengine.model.CompensationStatus;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FlowException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What has to be undone if the execution does not end well, and how far that has come: one node after the other, the last that
 * completed first. For one writer at a time; {@link #view} may be asked for by others.
 */
public final class Compensations {
    private final CompensationLayout layout;
    private final NodeTable nodes;
    private final RunInputs inputs;
    private final Effects effects;
    private final IntList completed = new IntList();
    private CompensationView view = CompensationView.NONE;
    private @Nullable ExecutionStatus end;
    private @Nullable FlowException reason;
    private Stance stance = Stance.OPEN;
    private boolean out;
    private int ticket;

    private Compensations(CompensationLayout layout, NodeTable nodes, RunInputs inputs, Effects effects) {
        this.layout = layout;
        this.nodes = nodes;
        this.inputs = inputs;
        this.effects = effects;
    }

    /** Null if nothing can have to be undone. */
    static @Nullable Compensations of(PlanLayout layout, NodeTable nodes, RunInputs inputs, Effects effects) {
        CompensationLayout compensated = layout.compensations();
        return compensated == null ? null : new Compensations(compensated, nodes, inputs, effects);
    }

    /** A node has completed. What its own body has not done, this execution does not undo. */
    void completed(int node) {
        if (layout.contains(node) && nodes.failure(node) == null && !inputs.isPinned(node)) {
            completed.add(node);
        }
    }

    /** Whether something is undone before an execution ends as it is about to; if so, it has begun. */
    boolean begin(ExecutionStatus as, @Nullable FlowException why) {
        if (completed.isEmpty() || !layout.policy().appliesTo(as)) {
            return false;
        }
        end = as;
        reason = why;
        view = CompensationView.of(completed);
        if (stance == Stance.CLOSED) {
            view = view.ended();
            return false;
        }
        return true;
    }

    /** Puts back what was left; before {@link #goOn}, if the execution goes on here. */
    void restore(RestoredCompensations restored) {
        restored.completed().forEach(completed::add);
        end = restored.end();
        reason = restored.reason();
        if (end != null) {
            view = CompensationView.of(completed);
            for (RestoredCompensations.Outcome outcome : restored.outcomes()) {
                view = view.settled(outcome.attempts(), outcome.failure());
            }
        }
    }

    /** The execution is over: what still comes back is late. */
    void ended() {
        out = false;
        view = view.ended();
    }

    /** Whether it has begun, here or before. */
    boolean isBegun() {
        return end != null;
    }

    boolean isOver() {
        return view.isOver();
    }

    /** Begins, or goes on where it was left. */
    void goOn() {
        effects.add(new Command.BeginCompensations());
        proceed();
    }

    /** Nothing starts any more: what is still to be undone is not, unless another engine goes on. */
    void close(boolean elsewhere) {
        stance = elsewhere ? Stance.LEFT : Stance.CLOSED;
        if (isBegun() && !out && !view.isOver()) {
            proceed();
        }
    }

    boolean isClosed() {
        return stance == Stance.CLOSED;
    }

    boolean isCurrent(int answered) {
        return out && answered == ticket;
    }

    /** The attempt that is out has come back, and the node is done with. */
    void settled(@Nullable NodeFailure failure) {
        int node = view.current();
        int attempt = view.attempt();
        out = false;
        view = view.settled(attempt, failure);
        effects.add(new Note.Compensation(
                node, failure == null ? CompensationStatus.COMPLETED : CompensationStatus.FAILED, attempt, failure));
        proceed();
    }

    /** The attempt that is out has failed, and another one follows. */
    void repeat(NodeFailure failure, Duration delay) {
        effects.add(new Note.Compensation(view.current(), CompensationStatus.RUNNING, view.attempt(), failure));
        out = false;
        if (stance == Stance.OPEN) {
            start(view.repeated(failure), delay);
        } else {
            proceed();
        }
    }

    /** The attempt that was to start has not: now it may. */
    void again() {
        out = false;
        if (stance == Stance.OPEN) {
            start(view, Duration.ZERO);
        } else {
            proceed();
        }
    }

    private void proceed() {
        if (view.current() < 0 || stance == Stance.CLOSED) {
            out = false;
            view = view.ended();
        } else if (stance == Stance.LEFT) {
            effects.add(new Command.Leave());
        } else {
            start(view.started(), Duration.ZERO);
        }
    }

    private void start(CompensationView next, Duration delay) {
        view = next;
        out = true;
        ticket++;
        if (delay.isZero()) {
            effects.add(new Note.Compensation(view.current(), CompensationStatus.RUNNING, view.attempt(), null));
        }
        effects.add(new Command.Compensate(view.current(), ticket, view.attempt(), delay));
    }

    /**
     * The nodes to be undone, in the order in which they completed.
     *
     * @return how many there are so far
     */
    public int completed() {
        return completed.size();
    }

    /**
     * A node to be undone.
     *
     * @param position its place in the order of completion, from 0
     * @return its number
     */
    public int completedNode(int position) {
        return completed.get(position);
    }

    /**
     * How the execution ends once everything is undone.
     *
     * @return a terminal status; null until it has begun
     */
    public @Nullable ExecutionStatus end() {
        return end;
    }

    /**
     * Why the execution ends, beyond the failures of its nodes.
     *
     * @return the reason; null if it ends by its nodes, or it has not begun
     */
    public @Nullable FlowException reason() {
        return reason;
    }

    /**
     * How far it has come.
     *
     * @return immutable
     */
    public CompensationView view() {
        return view;
    }

    /** Whether attempts start. */
    private enum Stance {
        OPEN,
        /** Another engine goes on. */
        LEFT,
        /** Nobody does. */
        CLOSED
    }
}
