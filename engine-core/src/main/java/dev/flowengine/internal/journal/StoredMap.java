package dev.flowengine.internal.journal;

import dev.flowengine.graph.Ports;
import dev.flowengine.internal.layout.LoopLayout;
import dev.flowengine.internal.layout.PlanLayout;
import dev.flowengine.internal.machine.NodeFailure;
import dev.flowengine.internal.machine.RestoredLoop;
import dev.flowengine.internal.machine.RestoredMap;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.model.Iteration;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.persistence.NodeRecord;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How far one map had come: which item each of its lanes was at, and what became of those before. */
final class StoredMap {
    private final PlanLayout layout;
    private final LoopLayout.Region map;
    private final Iteration iteration;
    private final SortedMap<Integer, NodeRecord> items;
    private final int width;
    /** Of each lane the item it was at; 0 if none. */
    private final int[] lanes;

    private final ItemDigests digests;
    /** Of each item that another has followed in its lane, that one. */
    private final Map<Integer, Integer> followers = new HashMap<>();

    private final Map<Integer, NodeFailure> failures = new HashMap<>();

    StoredMap(Place place, SortedMap<Integer, NodeRecord> items) {
        this.layout = place.layout();
        this.map = place.map();
        this.iteration = place.iteration();
        this.items = items;
        this.digests = new ItemDigests(iteration, items);
        this.width = LaneNote.of(items.values().iterator().next()).width();
        SortedMap<Integer, Integer> kept = new TreeMap<>();
        items.forEach((item, row) -> {
            Integer before = kept.put(LaneNote.of(row).lane(), item);
            if (before != null) {
                followers.put(before, item);
            }
        });
        this.lanes = lanes(kept, place.isLeft());
    }

    /** The map may have another number of lanes by now: what was in one that it has not is in one of the others. */
    private int[] lanes(SortedMap<Integer, Integer> kept, boolean isLeft) {
        int[] found = new int[map.lanes().length];
        kept.headMap(found.length).forEach((lane, item) -> found[lane] = item);
        int free = 0;
        for (int item : kept.tailMap(found.length).values()) {
            while (free < found.length && found[free] > 0) {
                free++;
            }
            if (free == found.length && isLeft) {
                throw tooFew(kept.size());
            }
            if (free == found.length) {
                // Nobody goes on with it: of an item without a lane there is only less to see.
                break;
            }
            found[free] = item;
        }
        return found;
    }

    private FlowException tooFew(int before) {
        String id = layout.definition(map.loop()).id();
        return FlowException.of(
                        FailureKind.INVALID_FLOW_STATE,
                        "map '" + id + "' was left with room for " + before + " items at once, and has room for "
                                + map.lanes().length)
                .affectedNodes(List.of(id))
                .suggestedResolution("Register the flow with the concurrency it had until the execution has ended.")
                .build();
    }

    int number() {
        return map.loop();
    }

    ItemDigests digests() {
        return digests;
    }

    void tellPasses(Passes passes) {
        for (int lane = 0; lane < lanes.length; lane++) {
            passes.pass(map.lanes()[lane], lanes[lane]);
        }
    }

    /** Finds which items have failed among those that are in no lane any more: a node of the body had, for good. */
    void findFailures(List<NodeRecord> rows) {
        Set<String> members = new HashSet<>();
        for (int member : layout.loops().region(map.lanes()[0]).members()) {
            members.add(layout.definition(member).id());
        }
        Map<Integer, Map<String, NodeRecord>> last = new HashMap<>();
        for (NodeRecord row : rows) {
            int item = members.contains(row.key().nodeId()) ? itemOf(row) : 0;
            if (followers.containsKey(item)) {
                last.computeIfAbsent(item, any -> new HashMap<>(2))
                        .merge(
                                row.key().nodeId(),
                                row,
                                (one, other) ->
                                        one.key().attempt() > other.key().attempt() ? one : other);
            }
        }
        last.forEach((item, byNode) -> byNode.values().stream()
                .filter(row -> row.status() == NodeStatus.FAILED)
                .flatMap(row -> row.result().error().stream())
                .findFirst()
                .ifPresent(error -> failures.put(item, new NodeFailure(error, null))));
    }

    private int itemOf(NodeRecord row) {
        List<Integer> path = row.key().iteration().path();
        int depth = iteration.path().size();
        boolean isOwn = path.size() == depth + 1 && path.subList(0, depth).equals(iteration.path());
        return isOwn ? path.get(depth) : 0;
    }

    List<RestoredLoop> lanes(Payloads payloads) {
        List<RestoredLoop> restored = new ArrayList<>();
        for (int lane = 0; lane < lanes.length; lane++) {
            NodeRecord row = items.get(lanes[lane]);
            if (row != null) {
                Object item = StoredLoops.value(layout, map.loop(), row, Ports.LOOP, payloads);
                restored.add(new RestoredLoop(map.lanes()[lane], lanes[lane], item, List.of()));
            }
        }
        return restored;
    }

    RestoredMap restored(Payloads payloads) {
        Map<Integer, List<@Nullable Object>> results = new HashMap<>();
        followers.forEach((item, follower) -> {
            NodeRecord row = items.get(follower);
            if (row != null && !failures.containsKey(item)) {
                List<@Nullable Object> brought = StoredLoops.brought(layout, map.loop(), row, payloads);
                if (!brought.isEmpty()) {
                    results.put(item, brought);
                }
            }
        });
        BitSet completed = new BitSet();
        followers.keySet().stream().filter(item -> !failures.containsKey(item)).forEach(completed::set);
        return new RestoredMap(map.loop(), items.lastKey(), width, completed, results, failures, digests.all());
    }

    /**
     * Where a map lies.
     *
     * @param layout what runs
     * @param map the map
     * @param iteration the iteration it is in
     * @param isLeft whether somebody goes on with it
     */
    record Place(PlanLayout layout, LoopLayout.Region map, Iteration iteration, boolean isLeft) {}

    /** Is told which item a lane is at. */
    @FunctionalInterface
    interface Passes {
        void pass(int lane, int item);
    }
}
