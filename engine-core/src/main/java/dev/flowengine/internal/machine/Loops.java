package dev.flowengine.internal.machine;

import dev.flowengine.internal.layout.LoopLayout;
import dev.flowengine.internal.layout.PlanLayout;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.node.LoopProgress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * How far the loops of an execution have come. Written by the machine alone; what an attempt of a loop reads does not change
 * while that is under way, because no iteration is.
 */
public final class Loops {
    private static final int NONE = -1;

    private final LoopLayout layout;
    private final NodeTable nodes;
    private final @Nullable State[] states;
    private final @Nullable Maps maps;
    private final IntList ended = new IntList();

    Loops(PlanLayout layout, NodeTable nodes, RunInputs inputs) {
        this.layout = layout.loops();
        this.nodes = nodes;
        this.states = new State[layout.size()];
        this.maps = this.layout.hasMaps() ? new Maps(layout, nodes, inputs) : null;
        for (LoopLayout.Region region : this.layout.regions()) {
            states[region.loop()] = new State();
            if (region.map() >= 0) {
                nodes.supply(region.loop());
            }
        }
    }

    /**
     * What the next iteration of a loop is made of.
     *
     * @param loop its number
     * @return how many iterations have ended, and what the last of them brought back
     */
    public LoopProgress progress(int loop) {
        int pass = nodes.pass(loop);
        return pass == 0 ? LoopProgress.NONE : new LoopProgress(pass, state(loop).last);
    }

    /**
     * What all iterations of a loop brought back.
     *
     * @param loop its number
     * @return a copy, in the order of the iterations
     */
    public List<@Nullable Object> results(int loop) {
        return new ArrayList<>(state(loop).results);
    }

    /** What all iterations of a loop that ends brought back, in their order: it is the loop's output now. */
    List<@Nullable Object> takeResults(int loop) {
        State state = state(loop);
        List<@Nullable Object> all = state.results;
        state.results = new ArrayList<>();
        state.last = List.of();
        return all;
    }

    /**
     * Whether the body of a loop has asked for its end.
     *
     * @param loop its number
     * @return true if there is to be no other iteration
     */
    public boolean isBroken(int loop) {
        return state(loop).broken;
    }

    /** How far the maps have come; null if there are none. */
    public @Nullable Maps maps() {
        return maps;
    }

    /** What the iteration that has ended last brought back, or the item that has ended last in a lane. */
    List<@Nullable Object> last(int loop) {
        return state(loop).last;
    }

    /** Whether nothing of a node is shown: it lies in a lane that has not begun, and another one stands for it. */
    boolean isSpare(int node) {
        return layout.isSpare(node, nodes::pass);
    }

    /** Whether an iteration is under way. */
    boolean isInWork(int loop) {
        State state = states[loop];
        return state != null && state.inWork;
    }

    /** The node that failed first in the iteration, or -1. */
    int failed(int loop) {
        return state(loop).failed;
    }

    void failed(int loop, int node) {
        State state = state(loop);
        state.failed = state.failed == NONE ? node : state.failed;
    }

    /** Whether nothing is decided about a node yet, whatever is known: the iteration it would belong to has not begun. */
    boolean holdsBack(int node) {
        int loop = layout.around(node);
        return loop >= 0 && !state(loop).inWork && !nodes.status(owner(loop)).isSettled();
    }

    private int owner(int loop) {
        int map = layout.region(loop).map();
        return map < 0 ? loop : map;
    }

    /** Whether a node belongs to a loop that has ended, or will never begin, without an iteration. */
    boolean isLeftOut(int node) {
        int loop = layout.around(node);
        return loop >= 0 && !state(loop).inWork;
    }

    /** An iteration begins: its body is to be settled. */
    void begin(int loop) {
        State state = state(loop);
        state.open = layout.region(loop).members().length;
        state.inWork = true;
        state.failed = NONE;
        state.broken = false;
        for (int node : layout.inside(loop)) {
            if (states[node] != null) {
                states[node] = new State();
            }
            if (maps != null && maps.isMap(node)) {
                maps.begin(node);
            }
        }
        endIfSettled(loop, state);
    }

    /** A node of a body has settled. */
    void settled(int node) {
        int loop = layout.around(node);
        State state = state(loop);
        if (state.inWork) {
            state.open--;
            endIfSettled(loop, state);
        }
    }

    /** A map has settled: what was held for it is let go. */
    void settledMap(int map, Effects effects) {
        ItemSource source = maps == null || !maps.isMap(map) ? null : maps.release(map);
        if (source != null) {
            effects.add(new Command.CloseItems(source));
        }
    }

    /** Nobody waits for the iteration any more. */
    void giveUp(int loop) {
        state(loop).inWork = false;
    }

    /** A loop whose iteration has ended and has not been looked at yet, or -1. */
    int nextEnded() {
        return ended.isEmpty() ? NONE : ended.removeLast();
    }

    /** Takes what an iteration has brought back; it is over. */
    void collect(int loop) {
        State state = state(loop);
        state.inWork = false;
        LoopLayout.Region region = layout.region(loop);
        state.last = new ArrayList<>(region.back().size());
        for (LoopLayout.Back back : region.back()) {
            if (isTaken(back)) {
                state.last.add(nodes.outputs().get(back.slot()));
            }
        }
        if (region.map() < 0) {
            state.results.addAll(state.last);
        }
        state.broken = region.breaks().stream().anyMatch(this::isTaken);
    }

    /** Takes up a map that was left; before its lanes are. */
    void restore(RestoredMap map) {
        if (maps != null) {
            maps.restore(map, this);
        }
    }

    /** Takes up a loop that was left in the middle of an iteration, or after one; or while it waited to be asked again. */
    void restore(int loop, List<@Nullable Object> results, boolean waits) {
        State state = state(loop);
        state.results.addAll(results);
        state.inWork = true;
        for (int member : layout.region(loop).members()) {
            state.open += nodes.status(member).isSettled() ? 0 : 1;
            if (state.failed == NONE && nodes.status(member) == NodeStatus.FAILED) {
                state.failed = member;
            }
        }
        if (waits) {
            collect(loop);
        } else {
            endIfSettled(loop, state);
        }
    }

    /** Looks at the last item of a lane, which is not gone on with. */
    void recall(int lane) {
        int[] members = layout.region(lane).members();
        if (maps == null || !allOf(members, NodeStatus::isSettled)) {
            return;
        }
        if (!allOf(members, status -> status != NodeStatus.FAILED)) {
            maps.recallFailed(layout.region(lane).map());
        } else if (allOf(members, status -> status != NodeStatus.CANCELLED)) {
            collect(lane);
            maps.recallCompleted(lane, state(lane).last);
        }
    }

    private boolean allOf(int[] members, Predicate<NodeStatus> what) {
        return IntStream.of(members).mapToObj(nodes::status).allMatch(what);
    }

    private boolean isTaken(LoopLayout.Back back) {
        return nodes.status(back.source()) == NodeStatus.COMPLETED
                && nodes.outputs().isFired(back.slot());
    }

    private void endIfSettled(int loop, State state) {
        if (state.open == 0) {
            ended.add(loop);
        }
    }

    private State state(int loop) {
        State state = states[loop];
        if (state == null) {
            throw new IllegalArgumentException("node " + loop + " is no loop");
        }
        return state;
    }

    /** One loop. */
    private static final class State {
        private int open;
        private boolean inWork;
        private int failed = NONE;
        private boolean broken;
        private List<@Nullable Object> results = new ArrayList<>();
        private List<@Nullable Object> last = List.of();
    }
}
