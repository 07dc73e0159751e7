package dev.flowengine.internal.machine;

import dev.flowengine.internal.layout.PlanLayout;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FlowException;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.node.LoopItem;
import dev.flowengine.node.PortValues;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Decides everything about one execution. Itself it takes the signals: each method but the getters is one, which changes
 * the state and leaves what has to be done in the {@link Effects}. What they mean to nodes is decided by
 * {@link Settlement} and {@link FailureHandling}, what they mean to the execution by {@link RunLife}.
 *
 * <p>For one writer at a time.
 */
public final class ExecutionMachine {
    private static final int MOST_NODES_NAMED = 20;

    private final Effects effects;
    private final StartLog startLog;
    private final Dispatch dispatch;
    private final Settlement settlement;
    private final FailureHandling failures;
    private final Interventions interventions;
    private final RunLife life;
    private final Waits waits;
    private final @Nullable Compensating compensating;
    private final Resumption resumption;
    private final NodeTable nodes;

    /**
     * Creates the machine of an execution that has not started.
     *
     * @param layout what runs
     * @param inputs what it is given
     * @param effects where to leave what has to be done
     * @param startLog where starts are recorded: by this machine those of nodes without a body
     */
    public ExecutionMachine(PlanLayout layout, RunInputs inputs, Effects effects, StartLog startLog) {
        this.effects = effects;
        this.startLog = startLog;
        this.dispatch = new Dispatch(effects, startLog.queue());
        this.settlement = new Settlement(layout, inputs, effects, startLog, dispatch);
        this.nodes = settlement.nodes();
        this.life = new RunLife(layout, nodes, settlement, dispatch, effects);
        InputReader reader = new InputReader(layout, nodes, inputs);
        this.failures = new FailureHandling(layout, settlement, dispatch, effects, reader);
        this.interventions = new Interventions(settlement, dispatch, failures, life, effects);
        this.waits = new Waits(settlement, dispatch, interventions, life, reader);
        Compensations compensations = settlement.compensations();
        this.compensating = compensations == null ? null : new Compensating(compensations, life);
        this.resumption = new Resumption(settlement, waits, interventions, life, compensations);
    }

    /** Begins: settles what is given, and makes the first node ready. */
    public void start() {
        if (life.begin()) {
            settlement.begin();
            interventions.proceed();
        }
    }

    /**
     * Takes up an execution where it was left; instead of {@link #start}.
     *
     * @param state what was kept of it
     */
    public void restore(RestoredState state) {
        if (state.nodes().isEmpty()) {
            // It was left before anything was decided.
            start();
            return;
        }
        resumption.goOn(state);
        interventions.proceed();
    }

    /**
     * Shows an execution that goes on elsewhere, or has ended; instead of {@link #start}.
     *
     * @param state what was kept of it
     */
    public void view(RestoredState state) {
        resumption.view(state);
    }

    /**
     * An attempt of a node has started. Need not be told of a first attempt: its end implies it.
     *
     * @param node its number
     * @param ticket what the attempt was started with
     */
    public void started(int node, int ticket) {
        if (nodes.isCurrent(node, ticket)) {
            if (nodes.status(node) == NodeStatus.WAITING && nodes.suspension(node) == null) {
                nodes.nextAttempt(node);
            }
            settlement.started(node);
        }
    }

    /**
     * An attempt of a node, or its recovery, has returned a value, which fires its first output port.
     *
     * @param node its number
     * @param ticket what the attempt was started with
     * @param value the value, may be null
     * @return false if it comes too late and is dropped, because nobody waits for it any more
     */
    public boolean completed(int node, int ticket, @Nullable Object value) {
        if (!nodes.isCurrent(node, ticket)) {
            return false;
        }
        dispatch.cameBack();
        failures.overcome(node);
        settlement.completed(node, value);
        interventions.proceed();
        return true;
    }

    /**
     * An attempt of a node has emitted to its ports.
     *
     * @param node its number
     * @param ticket what the attempt was started with
     * @param values what it emitted
     * @return false if it comes too late and is dropped, because nobody waits for it any more
     */
    public boolean emitted(int node, int ticket, PortValues values) {
        if (!nodes.isCurrent(node, ticket)) {
            return false;
        }
        dispatch.cameBack();
        failures.overcome(node);
        settlement.emitted(node, values);
        interventions.proceed();
        return true;
    }

    /**
     * An attempt of a loop has said what comes next.
     *
     * @param loop its number
     * @param ticket what the attempt was started with
     * @param item what the next iteration is about, or that there is none
     * @return false if it comes too late and is dropped, because nobody waits for it any more
     */
    public boolean looped(int loop, int ticket, LoopItem item) {
        if (!nodes.isCurrent(loop, ticket)) {
            return false;
        }
        dispatch.cameBack();
        failures.overcome(loop);
        interventions.next(loop, item);
        interventions.proceed();
        return true;
    }

    /**
     * An attempt of a map has said what comes next.
     *
     * @param map its number
     * @param ticket what the attempt was started with
     * @param answer the next item, that there is none, or the end
     * @return false if it comes too late and is dropped, because nobody waits for it any more
     */
    public boolean mapped(int map, int ticket, MapAnswer answer) {
        if (!nodes.isCurrent(map, ticket)) {
            return false;
        }
        dispatch.cameBack();
        failures.overcome(map);
        interventions.answered(map, answer);
        interventions.proceed();
        return true;
    }

    /**
     * An attempt of a node, or its recovery, has failed.
     *
     * @param node its number
     * @param ticket what the attempt was started with
     * @param failure how
     * @param retryIn how long to wait before the next attempt; null if there is none
     * @return false if it comes too late and is dropped, because nobody waits for it any more
     */
    public boolean failed(int node, int ticket, NodeFailure failure, @Nullable Duration retryIn) {
        if (!nodes.isCurrent(node, ticket)) {
            return false;
        }
        settlement.started(node);
        dispatch.cameBack();
        interventions.attemptFailed(node);
        if (life.isStopping()) {
            settlement.cancelled(node);
        } else if (retryIn != null) {
            failures.backOff(node, failure, retryIn);
        } else {
            interventions.handle(node, failure);
        }
        interventions.proceed();
        return true;
    }

    /**
     * No thread could be had for an attempt, which has not started.
     *
     * @param node number of the node
     * @param ticket what the attempt was to be started with
     * @param failure why
     */
    public void refused(int node, int ticket, NodeFailure failure) {
        if (nodes.isCurrent(node, ticket)) {
            dispatch.cameBack();
            interventions.handle(node, failure);
            interventions.proceed();
        }
    }

    /**
     * An attempt that was to be started was not, because nothing starts now.
     *
     * @param node number of the node
     * @param ticket what the attempt was to be started with
     */
    public void withdrawn(int node, int ticket) {
        if (nodes.isCurrent(node, ticket)) {
            dispatch.cameBack();
            if (life.isStopping()) {
                settlement.cancelled(node);
            } else {
                dispatch.start(node);
            }
            interventions.proceed();
        }
    }

    /**
     * The time between two attempts is over.
     *
     * @param node number of the node
     * @param ticket what its next attempt is to be started with
     */
    public void due(int node, int ticket) {
        if (!life.isStopping() && nodes.ticket(node) == ticket && interventions.isBackingOff(node)) {
            interventions.retry(node);
        }
    }

    /**
     * The body of a node has told something about itself, which somebody may want to know.
     *
     * @param node its number
     */
    public void reported(int node) {
        if (!life.status().isTerminal()) {
            effects.add(new Note.Reported(node));
        }
    }

    /**
     * A node has used up most of a timeout.
     *
     * @param node its number
     * @param ticket what the attempt was started with whose time it is
     * @param limit the timeout
     */
    public void timeoutNear(int node, int ticket, Duration limit) {
        if (!life.isStopping() && nodes.isCurrent(node, ticket)) {
            effects.add(new Note.Near(node, limit));
        }
    }

    /**
     * Nothing has happened for a long time, as far as somebody knows who looked from outside.
     *
     * @param happened what {@link #happened()} was then
     */
    public void stuck(long happened) {
        if (life.status() == ExecutionStatus.RUNNING && happened() == happened) {
            effects.add(new Note.Stuck(new OpenNodes(settlement.layout(), nodes).ready(MOST_NODES_NAMED)));
        }
    }

    /** From now on no attempt starts, until the execution is resumed. */
    public void pause() {
        life.pause();
    }

    /** Goes on after a pause. */
    public void resume() {
        if (life.resume()) {
            waits.released();
        }
    }

    /**
     * Stops the execution: what runs is asked to stop, everything else is cancelled now.
     *
     * @param reason becomes the reason of its end
     */
    public void cancel(FlowException reason) {
        life.cancel(reason);
    }

    /**
     * From now on no node starts. What runs may end; if nothing is left to start by then the execution ends as it would
     * have, else it is cancelled.
     *
     * @param reason given as the reason if it is cancelled
     */
    public void halt(FlowException reason) {
        life.halt(reason);
    }

    /** From now on no node starts, because another engine goes on with the execution. What runs may end. */
    public void release() {
        life.release();
    }

    /** Ends a stopped execution now; what still runs is cancelled, and its results are dropped. */
    public void terminate() {
        life.terminate();
    }

    /**
     * Ends the execution because it has taken too long, unless it is being stopped anyway.
     *
     * @param cause says so
     */
    public void expire(FlowException cause) {
        life.expire(cause);
    }

    /**
     * Ends the execution because it cannot be continued.
     *
     * @param cause why
     */
    public void abort(FlowException cause) {
        life.abort(cause);
    }

    /**
     * What was decided last cannot be kept, and nobody has been shown it: if it was how the execution ends, it ends failed.
     * Any other execution has to be {@linkplain #abort aborted}.
     *
     * @param cause why
     */
    public void refuse(FlowException cause) {
        life.refuse(cause);
    }

    /**
     * The status of the execution.
     *
     * @return its status
     */
    public ExecutionStatus status() {
        return life.status();
    }

    /**
     * Whether there is something to show or to do outside, besides starting nodes.
     *
     * @return false if only nodes changed that nobody observes
     */
    public boolean hasNews() {
        return effects.hasChanges() || effects.hasCommands();
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
     * What is done to nodes from outside.
     *
     * @return takes it
     */
    public Interventions interventions() {
        return interventions;
    }

    /**
     * The nodes that wait for a time or a signal.
     *
     * @return takes what happens to them
     */
    public Waits waits() {
        return waits;
    }

    /**
     * The state of the nodes.
     *
     * @return the live table
     */
    public NodeTable nodes() {
        return nodes;
    }

    /** Takes what happens while nodes are compensated; null if none can be. */
    public @Nullable Compensating compensating() {
        return compensating;
    }

    /** How far the compensations have come. */
    public CompensationView compensations() {
        return compensating == null
                ? CompensationView.NONE
                : compensating.compensations().view();
    }

    /** How far the loops have come; null if there are none. */
    public @Nullable Loops loops() {
        return settlement.loops();
    }

    /**
     * How many nodes are settled.
     *
     * @return their number, without those in bodies of loops
     */
    public int settledNodes() {
        return settlement.settledNodes();
    }

    /**
     * How much has happened: grows whenever a node starts, waits for its next attempt, or settles.
     *
     * @return a number that means nothing but that
     */
    public long happened() {
        return startLog.count() + dispatch.waits() + settlement.settledNodes();
    }

    /**
     * Whether nothing is out: no attempt and no recovery is under way that anybody waits for.
     *
     * @return false while answers are expected; after the end, if some never came
     */
    public boolean isIdle() {
        return dispatch.isIdle();
    }

    /**
     * Whether nothing happens until a time comes that is waited for, or somebody asks for something or sends a signal.
     *
     * @return false also if an execution is waited for that another engine could not wait for in the same way
     */
    public boolean isResting() {
        return life.isResting() && waits.areForTimesAndSignals();
    }

    /**
     * Why the execution ended, beyond the failures of its nodes.
     *
     * @return the reason; null if it ended by its nodes, or has not ended
     */
    public @Nullable FlowException failure() {
        return life.failure();
    }

    /**
     * The node whose failure was the first that nothing handled.
     *
     * @return its number, or -1 if none failed
     */
    public int firstFailed() {
        return life.firstFailed();
    }

    /**
     * The order in which nodes start.
     *
     * @return the log, with the queue of those that wait for an engine worker
     */
    public StartLog startLog() {
        return startLog;
    }
}
