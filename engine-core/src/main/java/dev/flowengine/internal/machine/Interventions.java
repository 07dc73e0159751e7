package dev.flowengine.internal.machine;

import dev.flowengine.internal.layout.PlanLayout;
import dev.flowengine.model.Intervention;
import dev.flowengine.node.LoopItem;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What is done to a node from outside, instead of by its own attempt: by hand, or because its time is over. For one writer at a time. */
public final class Interventions {
    private final PlanLayout layout;
    private final NodeTable nodes;
    private final Settlement settlement;
    private final Dispatch dispatch;
    private final FailureHandling failures;
    private final RunLife life;
    private final Effects effects;
    private final @Nullable Looping looping;

    Interventions(Settlement settlement, Dispatch dispatch, FailureHandling failures, RunLife life, Effects effects) {
        this.layout = settlement.layout();
        this.nodes = settlement.nodes();
        this.settlement = settlement;
        this.dispatch = dispatch;
        this.failures = failures;
        this.life = life;
        this.effects = effects;
        this.looping = settlement.loops() == null ? null : new Looping(settlement, dispatch, failures, life, effects);
    }

    /** A loop has been asked what comes next. */
    void next(int loop, LoopItem item) {
        NodeFailure failure = looping == null ? null : looping.next(loop, item);
        if (failure != null) {
            handle(loop, failure);
        }
    }

    /** A map has been asked what comes next. */
    void answered(int map, MapAnswer answer) {
        Mapping mapping = mapping(map);
        NodeFailure failure = mapping == null ? null : mapping.answered(map, answer);
        if (failure != null) {
            handle(map, failure);
        }
    }

    /** An attempt of a node has failed, whatever comes next. */
    void attemptFailed(int node) {
        Mapping mapping = mapping(node);
        if (mapping != null) {
            mapping.sourceFailed(node);
        }
    }

    private @Nullable Mapping mapping(int node) {
        return looping == null || !layout.loops().isMap(node) ? null : looping.mapping();
    }

    /** After every signal: looks after loops whose iteration has ended, then whether the execution has. */
    void proceed() {
        if (looping != null) {
            for (int loop = looping.nextEnded(); loop >= 0; loop = looping.nextEnded()) {
                NodeFailure failure = looping.ended(loop);
                if (failure != null) {
                    handle(looping.owner(loop), failure);
                }
            }
        }
        life.proceed();
    }

    /**
     * Somebody has the next attempt of a node start, however long it was to wait for it.
     *
     * @param node its number
     * @return false if the node does not wait for its next attempt
     */
    public boolean retryNow(int node) {
        if (life.isStopping() || !isBackingOff(node)) {
            return false;
        }
        effects.add(new Note.Intervened(node, Intervention.RETRY_NOW, ""));
        retry(node);
        return true;
    }

    /** Whether a node waits for its next attempt, and for nothing else. */
    boolean isBackingOff(int node) {
        return dispatch.isBackingOff(node) && nodes.suspension(node) == null;
    }

    /**
     * Somebody has given a node more time.
     *
     * @param node its number
     */
    public void extended(int node) {
        if (!life.status().isTerminal()) {
            effects.add(new Note.Intervened(node, Intervention.EXTEND_TIMEOUT, ""));
        }
    }

    /**
     * A node has taken as long as it may altogether.
     *
     * @param node its number
     * @param failure that says so
     */
    public void expired(int node, NodeFailure failure) {
        if (canGiveUp(node)) {
            giveUp(node);
            handle(node, failure);
            proceed();
        }
    }

    /**
     * Somebody has a node skipped that is ready, runs or waits.
     *
     * @param node its number
     * @param reason why
     * @return false if it is in no such state, or runs on an engine worker
     */
    public boolean skip(int node, String reason) {
        if (!canGiveUp(node)) {
            return false;
        }
        effects.add(new Note.Intervened(node, Intervention.SKIP, reason));
        giveUp(node);
        settlement.skipped(node);
        proceed();
        return true;
    }

    /**
     * Somebody gives the value of a node that is ready, runs or waits.
     *
     * @param node its number
     * @param value the value, may be null
     * @return false if it is in no such state, or runs on an engine worker
     */
    public boolean complete(int node, @Nullable Object value) {
        if (!canGiveUp(node)) {
            return false;
        }
        effects.add(new Note.Intervened(node, Intervention.COMPLETE, ""));
        giveUp(node);
        failures.forget(node);
        settlement.given(node, value);
        proceed();
        return true;
    }

    /** The node goes on without a failure: nothing is left of earlier ones. */
    void overcome(int node) {
        failures.overcome(node);
    }

    /** The execution that a node has started came to nothing: another one follows, or that decides the node. */
    void childFailed(int node, NodeFailure failure, @Nullable Duration retryIn) {
        if (retryIn == null) {
            handle(node, failure);
        } else {
            failures.backOff(node, failure, retryIn);
        }
    }

    /** Has the next attempt of a node start that waits for it. */
    void retry(int node) {
        dispatch.waitsNoMore(node);
        effects.add(new Command.Wake(node));
        life.wakes();
        dispatch.start(node);
        proceed();
    }

    /** Decides a node whose last attempt has failed. */
    void handle(int node, NodeFailure failure) {
        Mapping mapping = mapping(node);
        if (life.isStopping()) {
            settlement.cancelled(node);
        } else if (mapping != null && mapping.waitsForItems(node, failure)) {
            // It fails when they have settled.
            return;
        } else if (!failures.handle(node, failure) && !(looping != null && looping.contains(node))) {
            life.fail(node);
        }
    }

    /** Whether a node is ready, runs or waits, and can be let go. */
    private boolean canGiveUp(int node) {
        if (life.isStopping() || !nodes.isOpen(node)) {
            return false;
        }
        // A first attempt that only computes is in the queue of the workers, or on one of them: neither lets it go.
        boolean onWorker = layout.isCpuBound(node)
                && nodes.startingAttempt(node) == 1
                && !dispatch.isBackingOff(node)
                && !failures.isRecovering(node);
        return !onWorker;
    }

    /** Stops whatever is under way for a node. */
    private void giveUp(int node) {
        nodes.nextTicket(node);
        if (looping != null && layout.isLoop(node) && looping.giveUp(node, this::giveUp)) {
            return;
        }
        if (dispatch.waitsNoMore(node)) {
            effects.add(new Command.Wake(node));
            life.wakes();
        } else if (!dispatch.takeBack(node) && !settlement.needsNoBody(node)) {
            // What needs no body is ready without being out only while nothing starts.
            dispatch.cameBack();
            effects.add(new Command.Abandon(node));
        }
    }
}
