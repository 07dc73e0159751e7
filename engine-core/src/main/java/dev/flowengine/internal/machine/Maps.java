package dev.flowengine.internal.machine;

import dev.flowengine.internal.layout.LoopLayout;
import dev.flowengine.internal.layout.PlanLayout;
import dev.flowengine.model.FlowError;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.node.ItemFailure;
import dev.flowengine.node.MapSummary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How far the maps of an execution have come. Written by the machine alone; an attempt of a map reads only what does not change
 * while it is under way: where its items come from, how many have begun, what the lane it is asked for has done last, and in the
 * end everything.
 */
public final class Maps {
    private static final int NONE = -1;

    private final LoopLayout layout;
    private final NodeTable nodes;
    private final RunInputs inputs;
    private final @Nullable State[] states;
    private boolean keepsItems;

    Maps(PlanLayout layout, NodeTable nodes, RunInputs inputs) {
        this.layout = layout.loops();
        this.nodes = nodes;
        this.inputs = inputs;
        this.states = new State[layout.size()];
        for (LoopLayout.Region region : this.layout.regions()) {
            if (region.lanes().length > 0) {
                begin(region.loop());
            }
        }
    }

    /**
     * The source of a map.
     *
     * @param map its number
     * @return where the next item comes from; null if nothing is open
     */
    public @Nullable ItemSource source(int map) {
        return state(map).source;
    }

    /**
     * How many items of a map have begun.
     *
     * @param map its number
     * @return the number of the last of them
     */
    public int begun(int map) {
        return nodes.pass(map);
    }

    /**
     * Whether all items have begun and ended, so that a map is asked only for what it puts out.
     *
     * @param map its number
     * @return true in the end
     */
    public boolean isDone(int map) {
        return state(map).exhausted;
    }

    /**
     * What the item before has brought back in the lane the next one is for.
     *
     * @param map its number
     * @return the values, in the order in which the connections were drawn
     */
    public List<@Nullable Object> lastInLane(int map) {
        return state(map).lastInLane;
    }

    /**
     * What all items have brought back.
     *
     * @param map its number
     * @return a copy, in the order of the items
     */
    public List<@Nullable Object> results(int map) {
        List<@Nullable Object> all = new ArrayList<>();
        state(map).results.forEach(brought -> all.addAll(brought == null ? List.of() : brought));
        return all;
    }

    /**
     * What has become of the items.
     *
     * @param map its number
     * @return the summary
     */
    public MapSummary summary(int map) {
        State state = state(map);
        List<ItemFailure> told = state.failures.entrySet().stream()
                .limit(MapSummary.MOST_FAILURES)
                .map(failed -> {
                    FlowError error = failed.getValue().error();
                    return new ItemFailure(failed.getKey(), error.kind(), error.nodeId(), error.message());
                })
                .toList();
        return new MapSummary(begun(map), nodes.failedItems(map), told);
    }

    /**
     * The items of a map that are taken over from another execution.
     *
     * @param map its number
     * @return those that do not run; null if all do
     */
    public @Nullable ReusedItems reused(int map) {
        return inputs.items().get(map);
    }

    /** What items have brought back is not let go with the end of a map that has not completed all of them: nobody else keeps it. */
    public void keepItems() {
        keepsItems = true;
    }

    /**
     * The items of a map that another execution need not run again. Only of a map that has settled.
     *
     * @param map its number
     * @return those that have completed; null if what they brought back is not kept
     */
    public @Nullable ReusedItems completed(int map) {
        State state = state(map);
        if (state.isReleased) {
            return null;
        }
        Map<Integer, List<@Nullable Object>> brought = new HashMap<>();
        for (int item = 1; item <= state.results.size(); item++) {
            List<@Nullable Object> values = state.results.get(item - 1);
            if (values != null) {
                brought.put(item, values);
            }
        }
        long[] digests = Arrays.copyOf(state.digests, Math.max(0, state.completed.length() - 1));
        int width = nodes.width(map);
        ReusedItems before = reused(map);
        if (before != null) {
            for (int item = before.completed().nextSetBit(0);
                    item > 0;
                    item = before.completed().nextSetBit(item + 1)) {
                digests[item - 1] = before.digest(item);
            }
            width = width == NodeTable.UNKNOWN_WIDTH ? before.width() : width;
        }
        return new ReusedItems(width, (BitSet) state.completed.clone(), brought, digests);
    }

    /** The sources that are open. */
    public List<ItemSource> sources() {
        List<ItemSource> open = new ArrayList<>();
        for (State state : states) {
            if (state != null && state.source != null) {
                open.add(state.source);
            }
        }
        return open;
    }

    boolean isMap(int node) {
        return states[node] != null;
    }

    /** The map is to be decided anew. */
    void begin(int map) {
        states[map] = new State(layout.region(map).lanes(), reused(map));
        nodes.countItems(map, 0, NodeTable.UNKNOWN_WIDTH);
    }

    /** An attempt is under way, or will be, that is asked for an item of a lane, or for the end. */
    void asks(int map, Loops loops) {
        State state = state(map);
        state.asking = true;
        reserve(state, loops);
    }

    private static void reserve(State state, Loops loops) {
        if (!state.exhausted && state.lane == NONE && state.free.size() > 0) {
            state.lane = state.free.removeLast();
            state.lastInLane = loops.last(state.lane);
        }
    }

    boolean isAsking(int map) {
        return state(map).asking;
    }

    void asksNoMore(int map) {
        State state = state(map);
        state.asking = false;
        if (state.lane != NONE) {
            state.free.add(state.lane);
            state.lane = NONE;
        }
    }

    /** Takes a source over; what is returned is to be closed instead. */
    @Nullable
    ItemSource source(int map, @Nullable ItemSource source) {
        State state = state(map);
        ItemSource before = state.source;
        state.source = source;
        return before == source ? null : before;
    }

    void width(int map, int width) {
        nodes.countItems(map, nodes.failedItems(map), width);
    }

    void exhausted(int map) {
        state(map).exhausted = true;
    }

    /** Takes the lane an item is to begin in: the one it was asked for, which was given back last. */
    int take(int map) {
        State state = state(map);
        state.inWork++;
        return state.free.removeLast();
    }

    /** An item has ended. */
    void ended(int lane, Loops loops, @Nullable NodeFailure failure) {
        int map = layout.region(lane).map();
        State state = state(map);
        int item = nodes.pass(lane);
        state.inWork--;
        state.free.add(lane);
        if (state.asking) {
            // A question that was taken up while every lane was taken.
            reserve(state, loops);
        }
        if (failure != null) {
            countFailed(map);
            state.failed(item, failure);
        } else {
            state.completed(item, loops.last(lane));
        }
    }

    private void countFailed(int map) {
        nodes.countItems(map, nodes.failedItems(map) + 1, nodes.width(map));
    }

    /** The last item of a lane, of a map that has settled, has completed. */
    void recallCompleted(int lane, List<@Nullable Object> brought) {
        state(layout.region(lane).map()).completed(nodes.pass(lane), brought);
    }

    /** The last item of a lane, of a map that has settled, has failed. */
    void recallFailed(int map) {
        countFailed(map);
    }

    /** Takes up what was kept of items that are in no lane any more. */
    void restore(RestoredMap kept, Loops loops) {
        int map = kept.map();
        State state = state(map);
        asksNoMore(map);
        nodes.pass(map, kept.begun());
        kept.completed().stream()
                .forEach(item -> state.completed(item, kept.results().getOrDefault(item, List.of())));
        state.digests = kept.digests();
        kept.failures().forEach(state::failed);
        nodes.countItems(map, kept.failures().size(), kept.width());
        for (int lane : layout.region(map).lanes()) {
            if (nodes.pass(lane) > 0) {
                state.free.remove(lane);
                state.inWork++;
            }
        }
        if (nodes.status(map) == NodeStatus.WAITING) {
            asks(map, loops);
        }
    }

    int inWork(int map) {
        return state(map).inWork;
    }

    boolean hasFree(int map) {
        return state(map).free.size() > 0;
    }

    /** The failure of the first item that has failed; null if none has. */
    @Nullable
    NodeFailure firstFailure(int map) {
        TreeMap<Integer, NodeFailure> failures = state(map).failures;
        return failures.isEmpty() ? null : failures.firstEntry().getValue();
    }

    int firstFailedItem(int map) {
        return state(map).failures.firstKey();
    }

    /** Why the map fails once what runs of it has settled; null if it goes on. */
    @Nullable
    NodeFailure failure(int map) {
        return state(map).failure;
    }

    void fails(int map, NodeFailure failure) {
        state(map).failure = failure;
    }

    /** The map has settled, or is let go: nothing is held for it any more. What is returned is to be closed. */
    @Nullable
    ItemSource release(int map) {
        State state = state(map);
        ItemSource source = state.source;
        state.source = null;
        state.asking = false;
        state.failure = null;
        state.inWork = 0;
        state.lastInLane = List.of();
        if (!keepsItems || layout.around(map) >= 0 || hasCompletedAll(map, state)) {
            state.isReleased = true;
            state.results = List.of();
        }
        return source;
    }

    private boolean hasCompletedAll(int map, State state) {
        return state.exhausted && state.completed.cardinality() == begun(map);
    }

    private State state(int map) {
        State state = states[map];
        if (state == null) {
            throw new IllegalArgumentException("node " + map + " is no map");
        }
        return state;
    }

    /** One map. */
    private static final class State {
        private final IntList free = new IntList();
        private final TreeMap<Integer, NodeFailure> failures = new TreeMap<>();
        /** The numbers of the items that need not run again, those included that are taken over. */
        private final BitSet completed;

        private long[] digests = {};
        private boolean isReleased;
        private List<@Nullable List<@Nullable Object>> results = new ArrayList<>();
        private List<@Nullable Object> lastInLane = List.of();
        /** It is asked for the first item when it is ready, as any node is started. */
        private boolean asking = true;

        /** The lane the next item is for. */
        private int lane;

        private boolean exhausted;
        private int inWork;
        private @Nullable ItemSource source;
        private @Nullable NodeFailure failure;

        State(int[] lanes, @Nullable ReusedItems reused) {
            completed =
                    reused == null ? new BitSet() : (BitSet) reused.completed().clone();
            if (reused != null) {
                reused.results().forEach(this::brought);
            }
            for (int i = lanes.length - 1; i > 0; i--) {
                free.add(lanes[i]);
            }
            lane = lanes[0];
        }

        void completed(int item, List<@Nullable Object> values) {
            completed.set(item);
            if (!values.isEmpty()) {
                brought(item, values);
            }
        }

        void brought(int item, List<@Nullable Object> values) {
            while (results.size() < item) {
                results.add(null);
            }
            results.set(item - 1, values);
        }

        /** Of many failures the first are told. */
        void failed(int item, NodeFailure failed) {
            failures.put(item, failed);
            if (failures.size() > MapSummary.MOST_FAILURES) {
                failures.pollLastEntry();
            }
        }
    }
}
