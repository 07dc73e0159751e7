package dev.flowengine.internal.machine;

import dev.flowengine.flow.ErrorHandling;
import dev.flowengine.flow.FailureMode;
import dev.flowengine.internal.layout.PlanLayout;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowError;
import dev.flowengine.model.FlowException;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.node.LoopBody;
import dev.flowengine.node.LoopItem;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Begins the iterations of loops and decides what follows them. Before each the loop's body is asked, by an attempt; as that
 * starts only after all that was decided is written and shown, no iteration is forgotten before it has been seen.
 */
final class Looping {
    private final PlanLayout layout;
    private final NodeTable nodes;
    private final Loops loops;
    private final Settlement settlement;
    private final Dispatch dispatch;
    private final FailureHandling failures;
    private final RunLife life;
    private final Effects effects;
    private final @Nullable Mapping mapping;

    Looping(Settlement settlement, Dispatch dispatch, FailureHandling failures, RunLife life, Effects effects) {
        this.layout = settlement.layout();
        this.nodes = settlement.nodes();
        this.loops = Objects.requireNonNull(settlement.loops(), "loops");
        this.settlement = settlement;
        this.dispatch = dispatch;
        this.failures = failures;
        this.life = life;
        this.effects = effects;
        this.mapping = loops.maps() == null ? null : new Mapping(settlement, dispatch, failures, life, effects);
    }

    /** Feeds the maps; null if there are none. */
    @Nullable
    Mapping mapping() {
        return mapping;
    }

    /** A loop has been asked what comes next; what is returned has failed it. */
    @Nullable
    NodeFailure next(int loop, LoopItem item) {
        if (!item.isPresent()) {
            settlement.completed(loop, loops.takeResults(loop));
            return null;
        }
        if (life.isStopping()) {
            settlement.cancelled(loop);
            return null;
        }
        int most = mostIterations(loop);
        if (nodes.pass(loop) >= most) {
            return tooMany(loop, most);
        }
        for (int node : layout.loops().inside(loop)) {
            failures.forget(node);
        }
        settlement.beginIteration(loop, nodes.pass(loop) + 1, item.value());
        return null;
    }

    /** A loop whose iteration has ended, and that is to be asked for the next; -1 if none is left. */
    int nextEnded() {
        int loop = loops.nextEnded();
        while (loop >= 0 && (life.isStopping() || !loops.isInWork(loop))) {
            loop = loops.nextEnded();
        }
        return loop;
    }

    /** The loop, or the map, an iteration belongs to that has ended. */
    int owner(int loop) {
        int map = layout.loops().region(loop).map();
        return map < 0 ? loop : map;
    }

    /** The iteration of a loop has ended: asks for the next one. What is returned has failed the loop instead. */
    @Nullable
    NodeFailure ended(int loop) {
        if (mapping != null && layout.loops().isHead(loop)) {
            return mapping.ended(loop);
        }
        int failed = loops.failed(loop);
        loops.collect(loop);
        if (failed >= 0) {
            // Its time ends here, and not when it was asked last.
            effects.add(new Command.Abandon(loop));
            return failedBy(loop, failed);
        }
        nodes.nextTicket(loop);
        dispatch.start(loop);
        return null;
    }

    /** Nothing handles the failure of a node: true if that ends no more than the loop around it. */
    boolean contains(int node) {
        int loop = layout.loops().around(node);
        if (loop < 0 || (layout.failureMode() == FailureMode.FAIL_FAST && !isHandledAround(node))) {
            return false;
        }
        loops.failed(loop, node);
        settlement.failed(node);
        return true;
    }

    /** Lets go of the iteration a loop is in; false if it is in none. */
    boolean giveUp(int loop, GivingUp nodeByNode) {
        if (mapping != null && layout.loops().isMap(loop)) {
            return mapping.giveUp(loop, nodeByNode);
        }
        if (!loops.isInWork(loop)) {
            return false;
        }
        loops.giveUp(loop);
        for (int node : layout.loops().inside(loop)) {
            if (nodes.isOpen(node)) {
                nodeByNode.giveUp(node);
                failures.forget(node);
            }
            if (!nodes.status(node).isSettled()) {
                settlement.cancelled(node);
                if (layout.isLimited(node)) {
                    effects.add(new Command.Disarm(node));
                }
            }
        }
        effects.add(new Command.Abandon(loop));
        return true;
    }

    private boolean isHandledAround(int node) {
        int loop = layout.loops().around(node);
        while (loop >= 0
                && layout.policy(loop).errorHandling().equals(ErrorHandling.FAIL)
                && !Mapping.tolerates(layout, layout.loops().region(loop))) {
            loop = layout.loops().around(loop);
        }
        return loop >= 0;
    }

    private int mostIterations(int loop) {
        return layout.definition(loop).body().orElse(null) instanceof LoopBody body
                ? body.maxIterations()
                : LoopBody.MAX_ITERATIONS;
    }

    private NodeFailure tooMany(int loop, int most) {
        String id = layout.definition(loop).id();
        return new NodeFailure(
                new FlowError(
                        FailureKind.LIMIT_EXCEEDED,
                        FlowException.class.getName(),
                        "loop '" + id + "' would go on after " + most + " iterations, which is its limit",
                        "",
                        id,
                        nodes.attempt(loop),
                        "Look for why it comes to no end, or raise its maxIterations."),
                null);
    }

    private NodeFailure failedBy(int loop, int node) {
        String id = layout.definition(loop).id();
        NodeFailure failure = nodes.failure(node);
        if (failure == null || nodes.status(node) != NodeStatus.FAILED) {
            throw new IllegalStateException("node " + node + " has ended loop '" + id + "' without a failure");
        }
        FlowError error = failure.error();
        return new NodeFailure(
                new FlowError(
                        error.kind(),
                        error.type(),
                        "iteration " + nodes.pass(loop) + ": node '"
                                + layout.definition(node).id() + "' failed: " + error.message(),
                        error.stackText(),
                        id,
                        nodes.attempt(loop),
                        error.suggestedResolution()),
                failure.cause());
    }

    /** Stops what is under way for a node. */
    @FunctionalInterface
    interface GivingUp {
        void giveUp(int node);
    }
}
