package dev.flowengine.internal.machine;

import dev.flowengine.graph.Ports;
import dev.flowengine.internal.layout.PlanLayout;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.node.PortValues;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The nodes that wait for a time, a signal or another execution, and the signals that nobody waits for yet. Like the machine it belongs to,
 * for one writer at a time.
 *
 * <p>While the execution is held, what happens is only noted, in order, and takes effect when it is released.
 */
public final class Waits {
    private static final long NOT_YET = Long.MAX_VALUE;

    private final PlanLayout layout;
    private final NodeTable nodes;
    private final Settlement settlement;
    private final Dispatch dispatch;
    private final Interventions interventions;
    private final RunLife life;
    private final Effects effects;
    private final InputReader reader;
    /** Those that wait, in the order in which they began to, and which arrival came after their time had; most runs have none. */
    private final Map<Integer, Long> waiting = new LinkedHashMap<>(0);

    /** What executions came to that ended while this one was held; most runs have none. */
    private final Map<Integer, ChildEnd> ended = new LinkedHashMap<>(0);

    private final List<Early> early = new ArrayList<>(0);
    private final Set<String> known = new HashSet<>(0);
    private long arrivals;

    Waits(Settlement settlement, Dispatch dispatch, Interventions interventions, RunLife life, InputReader reader) {
        this.layout = settlement.layout();
        this.nodes = settlement.nodes();
        this.settlement = settlement;
        this.dispatch = dispatch;
        this.interventions = interventions;
        this.life = life;
        this.effects = settlement.effects();
        this.reader = reader;
        // Nobody resumes what is to end, and nobody tells again how they have ended.
        life.onStop(this::takeEnded);
    }

    /**
     * The body of a node has said what the node waits for.
     *
     * @param node its number
     * @param ticket what the attempt was started with
     * @param suspension what it waits for
     * @return false if it comes too late and is dropped, because nobody waits for it any more
     */
    public boolean suspended(int node, int ticket, Suspension suspension) {
        if (!nodes.isCurrent(node, ticket)) {
            return false;
        }
        dispatch.cameBack();
        settlement.started(node);
        if (life.isStopping()) {
            settlement.cancelled(node);
        } else {
            interventions.overcome(node);
            settlement.backsOff(node);
            begin(node, suspension);
        }
        interventions.proceed();
        return true;
    }

    /**
     * The time a node waits for has come.
     *
     * @param node its number
     * @param ticket what it had when it began to wait
     */
    public void woke(int node, int ticket) {
        if (life.isStopping() || !nodes.isCurrent(node, ticket) || nodes.suspension(node) == null) {
            return;
        }
        if (isHeld()) {
            waiting.put(node, arrivals);
        } else {
            timeIsUp(node);
            interventions.proceed();
        }
    }

    /**
     * Whether a node still waits for a time.
     *
     * @param node its number
     * @param ticket what it had when it began to wait
     * @return false if that has come, or is not waited for any more
     */
    public boolean awaitsTime(int node, int ticket) {
        return nodes.isCurrent(node, ticket) && nodes.suspension(node) != null;
    }

    /**
     * A signal has arrived, which wakes the node that has waited longest for one of its name, or else is kept for the
     * first that will.
     *
     * @param signal the signal
     */
    public void arrived(ArrivedSignal signal) {
        if (life.isStopping() || !known.add(signal.id())) {
            return;
        }
        early.add(new Early(arrivals++, signal));
        if (!isHeld()) {
            for (int node : List.copyOf(waiting.keySet())) {
                if (hasTaken(node, NOT_YET)) {
                    interventions.proceed();
                    return;
                }
            }
        }
    }

    /**
     * The execution that a node has started has ended, or been admitted if nobody waits for its end.
     *
     * @param node its number
     * @param ticket what it had when it began to wait
     * @param end what it came to
     */
    public void childEnded(int node, int ticket, ChildEnd end) {
        if (!nodes.isCurrent(node, ticket) || nodes.suspension(node) == null) {
            return;
        }
        if (isHeld() && dispatch.isBackingOff(node)) {
            ended.put(node, end);
        } else {
            take(node, end);
            interventions.proceed();
        }
    }

    /**
     * Nobody knows what the execution came to that a node has started, because the engine closes: the node stays as it is.
     *
     * @param node its number
     * @param ticket what it had when it began to wait
     */
    public void childLeft(int node, int ticket) {
        if (nodes.isCurrent(node, ticket) && nodes.suspension(node) != null && !dispatch.isBackingOff(node)) {
            // It was out for the execution to wait for.
            dispatch.cameBack();
            interventions.proceed();
        }
    }

    /**
     * Whether signals have arrived that nobody has waited for so far.
     *
     * @return true if so
     */
    public boolean hasEarlySignals() {
        return !early.isEmpty();
    }

    /** Whether no node waits for another execution, and no signal for a node. */
    boolean areForTimesAndSignals() {
        return early.isEmpty()
                && waiting.keySet().stream()
                        .map(nodes::suspension)
                        .allMatch(suspension -> suspension == null || suspension.child() == null);
    }

    /**
     * The first of the instants that nodes wait for; not what is left of durations, which may stand still.
     *
     * @return null if they wait for none
     */
    public @Nullable Instant nextInstant() {
        return waiting.keySet().stream()
                .map(nodes::suspension)
                .filter(Objects::nonNull)
                .filter(suspension -> suspension.delay() == null)
                .map(Suspension::until)
                .filter(Objects::nonNull)
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    /** Goes on with a node that was left waiting. */
    void goOn(int node, Suspension suspension) {
        // Attempts before the one that said what to wait for may have failed.
        interventions.overcome(node);
        if (layout.isLimited(node)) {
            effects.add(new Command.Limit(node));
        }
        begin(node, suspension);
    }

    /** The execution was held, and is not any more: what has happened meanwhile takes effect. */
    void released() {
        takeEnded();
        for (Map.Entry<Integer, Long> entry : new LinkedHashMap<>(waiting).entrySet()) {
            int node = entry.getKey();
            if (nodes.suspension(node) == null) {
                waiting.remove(node);
            } else if (!hasTaken(node, entry.getValue()) && entry.getValue() != NOT_YET) {
                timeIsUp(node);
            }
        }
        interventions.proceed();
    }

    private void takeEnded() {
        Map<Integer, ChildEnd> noted = new LinkedHashMap<>(ended);
        ended.clear();
        noted.forEach((node, end) -> {
            if (nodes.suspension(node) != null) {
                take(node, end);
            }
        });
    }

    /** Also while the engine closes: a pause lasts until the execution is resumed, here or elsewhere. */
    private boolean isHeld() {
        return dispatch.isHolding()
                || life.status() == ExecutionStatus.PAUSING
                || life.status() == ExecutionStatus.PAUSED;
    }

    private void begin(int node, Suspension suspension) {
        nodes.suspend(node, suspension);
        dispatch.backsOff(node);
        // Anew, if it has waited before: for those that wait, the order is that in which they began to.
        waiting.remove(node);
        waiting.put(node, NOT_YET);
        if (suspension.until() != null || suspension.child() != null) {
            effects.add(new Command.Await(node, nodes.ticket(node), suspension));
        }
        if (!isHeld()) {
            hasTaken(node, NOT_YET);
        }
    }

    /** Gives a node the first signal it waits for, of those that came before its time; false if there is none. */
    private boolean hasTaken(int node, long before) {
        Suspension suspension = nodes.suspension(node);
        if (suspension == null) {
            // It was given up meanwhile.
            waiting.remove(node);
            return false;
        }
        for (Iterator<Early> signals = early.iterator(); signals.hasNext(); ) {
            Early next = signals.next();
            if (next.number() < before && suspension.awaits(next.signal().name())) {
                signals.remove();
                take(node, suspension, next.signal());
                return true;
            }
        }
        return false;
    }

    private void take(int node, Suspension suspension, ArrivedSignal signal) {
        signal.taken().accept(node);
        boolean chooses =
                suspension.signal() != null && !suspension.signal().choices().isEmpty();
        wake(
                node,
                chooses && signal.value() instanceof String choice
                        ? PortValues.of(choice, input(node))
                        : first(node, signal.value()));
    }

    private void take(int node, ChildEnd end) {
        NodeFailure failure = end.failure();
        if (failure == null) {
            end.keep().run();
            wake(node, end.fired());
            return;
        }
        if (life.isStopping()) {
            comeBack(node);
            settlement.cancelled(node);
            return;
        }
        comeBack(node);
        life.wakes();
        interventions.childFailed(node, failure, end.retryIn());
    }

    private void timeIsUp(int node) {
        Suspension suspension = nodes.suspension(node);
        boolean missed = suspension != null && suspension.signal() != null;
        wake(node, missed ? PortValues.of(Ports.DEADLINE, input(node)) : first(node, input(node)));
    }

    private void wake(int node, PortValues fired) {
        comeBack(node);
        life.wakes();
        settlement.woken(node, fired);
    }

    /** The node does not wait any more; nor is it waited for, in an execution that is to end. */
    private void comeBack(int node) {
        waiting.remove(node);
        if (!dispatch.waitsNoMore(node)) {
            dispatch.cameBack();
        }
        effects.add(new Command.Wake(node));
    }

    private PortValues first(int node, @Nullable Object value) {
        return layout.ports(node).isEmpty()
                ? PortValues.none()
                : PortValues.of(layout.ports(node).get(0), value);
    }

    private @Nullable Object input(int node) {
        return reader.firstLive(node).value();
    }

    /** A signal that nobody has taken, and how many had arrived before it. */
    private record Early(long number, ArrivedSignal signal) {}
}
