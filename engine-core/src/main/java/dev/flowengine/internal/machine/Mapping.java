package dev.flowengine.internal.machine;

import dev.flowengine.internal.layout.LoopLayout;
import dev.flowengine.internal.layout.PlanLayout;
import dev.flowengine.model.FlowError;
import dev.flowengine.node.LoopItem;
import dev.flowengine.node.MapBody;
import dev.flowengine.node.Tolerance;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Feeds the lanes of maps. A map is asked for one item at a time, by an attempt, and only while a lane is free; so there are never
 * more items in work than lanes, and none has begun before that was written and shown. Once there are no more items and no lane
 * is in work, it is asked for what it puts out.
 */
final class Mapping {
    private final PlanLayout layout;
    private final NodeTable nodes;
    private final Loops loops;
    private final Maps maps;
    private final Settlement settlement;
    private final Dispatch dispatch;
    private final FailureHandling failures;
    private final RunLife life;
    private final Effects effects;

    Mapping(Settlement settlement, Dispatch dispatch, FailureHandling failures, RunLife life, Effects effects) {
        this.layout = settlement.layout();
        this.nodes = settlement.nodes();
        this.loops = Objects.requireNonNull(settlement.loops(), "loops");
        this.maps = Objects.requireNonNull(loops.maps(), "maps");
        this.settlement = settlement;
        this.dispatch = dispatch;
        this.failures = failures;
        this.life = life;
        this.effects = effects;
    }

    /** A map has been asked; what is returned has failed it. */
    @Nullable
    NodeFailure answered(int map, MapAnswer answer) {
        maps.asksNoMore(map);
        if (answer.outputs() != null) {
            settlement.emitted(map, answer.outputs());
            return null;
        }
        takeOver(map, answer.source());
        if (life.isStopping()) {
            settlement.cancelled(map);
            return null;
        }
        if (!answer.item().isPresent()) {
            nodes.pass(map, answer.number());
            maps.exhausted(map);
        } else if (maps.failure(map) == null) {
            begin(map, answer.number(), answer.item());
        }
        return goOn(map);
    }

    private void takeOver(int map, @Nullable ItemSource source) {
        close(maps.source(map, source));
        if (source != null) {
            maps.width(map, source.width());
        }
    }

    private void begin(int map, int number, LoopItem item) {
        int lane = maps.take(map);
        for (int node : layout.loops().inside(lane)) {
            failures.forget(node);
        }
        nodes.pass(map, number);
        settlement.beginIteration(lane, number, item.value());
    }

    /** The item of a lane has ended. What is returned has failed the map. */
    @Nullable
    NodeFailure ended(int lane) {
        int failed = loops.failed(lane);
        loops.collect(lane);
        maps.ended(lane, loops, failed < 0 ? null : Objects.requireNonNull(nodes.failure(failed)));
        return goOn(layout.loops().region(lane).map());
    }

    /** Asks for what comes next, if that is due. What is returned has failed the map. */
    @Nullable
    NodeFailure goOn(int map) {
        if (maps.failure(map) == null && failsTooOften(map)) {
            maps.fails(map, tooManyFailed(map));
        }
        NodeFailure failure = maps.failure(map);
        if (failure != null) {
            return hasSettled(map) ? failure : null;
        }
        boolean due = maps.isDone(map) ? maps.inWork(map) == 0 : maps.hasFree(map);
        if (due && !maps.isAsking(map)) {
            maps.asks(map, loops);
            nodes.nextTicket(map);
            dispatch.start(map);
        }
        return null;
    }

    /** Whether nothing is out for a map that is to fail: an item it has not been asked for yet, it is not. */
    private boolean hasSettled(int map) {
        if (maps.isAsking(map) && withdraw(map)) {
            maps.asksNoMore(map);
        }
        if (maps.inWork(map) > 0 || maps.isAsking(map)) {
            return false;
        }
        // Its time ends here, and not when it was asked last.
        effects.add(new Command.Abandon(map));
        return true;
    }

    private boolean withdraw(int map) {
        if (dispatch.waitsNoMore(map)) {
            effects.add(new Command.Wake(map));
            life.wakes();
            return true;
        }
        return dispatch.takeBack(map);
    }

    /** An attempt of a map has failed: what it took from is not used again. */
    void sourceFailed(int map) {
        close(maps.source(map, null));
    }

    /** The question has failed for good. True if the map does not fail yet, because items of it are in work. */
    boolean waitsForItems(int map, NodeFailure failure) {
        maps.asksNoMore(map);
        if (maps.inWork(map) == 0) {
            return false;
        }
        maps.fails(map, failure);
        return true;
    }

    /** Lets go of the items of a map; false if an attempt of it is out, which is to be let go too. */
    boolean giveUp(int map, Looping.GivingUp nodeByNode) {
        boolean asking = maps.isAsking(map);
        for (int lane : layout.loops().region(map).lanes()) {
            loops.giveUp(lane);
        }
        letGo(map, nodeByNode);
        close(maps.release(map));
        if (!asking) {
            effects.add(new Command.Abandon(map));
        }
        return !asking;
    }

    private void letGo(int map, Looping.GivingUp nodeByNode) {
        for (int node : layout.loops().inside(map)) {
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
    }

    private void close(@Nullable ItemSource source) {
        if (source != null) {
            effects.add(new Command.CloseItems(source));
        }
    }

    private boolean failsTooOften(int map) {
        int failed = nodes.failedItems(map);
        if (failed == 0) {
            return false;
        }
        Tolerance tolerance = tolerance(layout, map);
        int width = nodes.width(map);
        boolean done = maps.isDone(map) && maps.inWork(map) == 0;
        if (width == NodeTable.UNKNOWN_WIDTH && !done && tolerance.percent() > 0) {
            // A share of what, shows at the end.
            return false;
        }
        return !tolerance.accepts(failed, width == NodeTable.UNKNOWN_WIDTH ? maps.begun(map) : width);
    }

    /** How many items of a map, or of the one whose lane a node heads, may fail. */
    static Tolerance tolerance(PlanLayout layout, int node) {
        return layout.definition(node).body().orElse(null) instanceof MapBody body ? body.tolerance() : Tolerance.NONE;
    }

    private NodeFailure tooManyFailed(int map) {
        NodeFailure first = Objects.requireNonNull(maps.firstFailure(map));
        FlowError error = first.error();
        String id = layout.definition(map).id();
        int failed = nodes.failedItems(map);
        String count = failed == 1 ? "" : failed + " items have failed, first ";
        return new NodeFailure(
                new FlowError(
                        error.kind(),
                        error.type(),
                        count + "item " + maps.firstFailedItem(map) + ": node '" + error.nodeId() + "' failed: "
                                + error.message(),
                        error.stackText(),
                        id,
                        nodes.attempt(map),
                        error.suggestedResolution()),
                first.cause());
    }

    /** Whether a failure in a lane may be no matter of the whole execution, however that takes failures. */
    static boolean tolerates(PlanLayout layout, LoopLayout.Region region) {
        return region.map() >= 0 && !tolerance(layout, region.map()).isNone();
    }
}
