package dev.flowengine.internal.journal;

import dev.flowengine.graph.Ports;
import dev.flowengine.internal.layout.LoopLayout;
import dev.flowengine.internal.layout.PlanLayout;
import dev.flowengine.internal.machine.RestoredLoop;
import dev.flowengine.internal.machine.RestoredMap;
import dev.flowengine.model.Iteration;
import dev.flowengine.node.TypeRef;
import dev.flowengine.persistence.NodeRecord;
import dev.flowengine.persistence.Payload;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How far the loops and maps of a run had come, by its rows. Beside its own row a loop has one for each iteration it has begun,
 * under the path of that iteration: it holds the item, and what the iteration before brought back. So has a map for each item,
 * which holds what the item before brought back in the same lane.
 */
final class StoredLoops {
    private final PlanLayout layout;
    private final boolean hasEnded;
    private final int[] passes;
    private final Map<Integer, SortedMap<Integer, NodeRecord>> items = new HashMap<>();
    private final List<StoredMap> maps = new ArrayList<>();

    StoredLoops(PlanLayout layout, List<NodeRecord> rows, boolean hasEnded) {
        this.layout = layout;
        this.hasEnded = hasEnded;
        this.passes = new int[layout.loops().isEmpty() ? 0 : layout.size()];
        Map<Integer, List<NodeRecord>> rowsOfLoops = new HashMap<>();
        for (NodeRecord row : passes.length == 0 ? List.<NodeRecord>of() : rows) {
            int node = layout.numberOf(row.key().nodeId());
            if (node >= 0 && layout.isLoop(node)) {
                rowsOfLoops.computeIfAbsent(node, any -> new ArrayList<>()).add(row);
            }
        }
        // Outer ones come first: what inner ones have done counts only in the iteration their outer one is in.
        for (LoopLayout.Region region : layout.loops().regions()) {
            if (region.map() < 0) {
                List<NodeRecord> own = rowsOfLoops.getOrDefault(layout.loops().original(region.loop()), List.of());
                begun(region, begun(region.loop(), own), rows);
            }
        }
    }

    private void begun(LoopLayout.Region region, SortedMap<Integer, NodeRecord> begun, List<NodeRecord> rows) {
        int loop = region.loop();
        passes[loop] = begun.isEmpty() ? 0 : begun.lastKey();
        if (region.lanes().length == 0) {
            items.put(loop, begun);
        } else if (!begun.isEmpty()) {
            StoredMap map = new StoredMap(new StoredMap.Place(layout, region, iteration(loop), !hasEnded), begun);
            map.tellPasses((lane, item) -> passes[lane] = item);
            map.findFailures(rows);
            maps.add(map);
        }
    }

    /** The number of the node a row, or a step, belongs to; -1 if it is not of the iteration that node is in. */
    int number(String nodeId, Iteration iteration) {
        int node = layout.numberOf(nodeId);
        if (passes.length == 0 || node < 0 || node >= layout.size()) {
            return node;
        }
        List<Integer> around = new ArrayList<>(0);
        for (int loop = layout.loops().enclosing(node);
                loop >= 0;
                loop = layout.loops().enclosing(loop)) {
            around.add(0, loop);
        }
        return around.size() == iteration.path().size() ? number(node, around, iteration.path()) : -1;
    }

    private int number(int node, List<Integer> around, List<Integer> path) {
        int copy = 0;
        for (int i = 0; i < path.size(); i++) {
            int loop = layout.loops().copy(around.get(i), copy);
            int[] lanes = layout.loops().region(loop).lanes();
            int lane = lanes.length == 0 ? -1 : laneOf(path.get(i), lanes);
            if (passes[lane < 0 ? loop : lanes[lane]] != path.get(i)) {
                return -1;
            }
            copy = lane < 0 ? copy : copy * lanes.length + lane;
        }
        return layout.loops().copy(node, copy);
    }

    /** The lane an item is in: the first for one that has not begun, or is over. */
    private int laneOf(int item, int[] lanes) {
        for (int lane = 0; item > 0 && lane < lanes.length; lane++) {
            if (passes[lanes[lane]] == item) {
                return lane;
            }
        }
        return 0;
    }

    boolean hasBegun(int node) {
        return passes.length > 0 && passes[node] > 0;
    }

    /** What machines need to go on with the loops that have begun, and with the lanes of maps that have. */
    List<RestoredLoop> restored(Payloads payloads) {
        List<RestoredLoop> restored = new ArrayList<>();
        items.forEach((loop, begun) -> {
            if (!begun.isEmpty()) {
                List<@Nullable Object> results = new ArrayList<>();
                begun.values().forEach(row -> results.addAll(brought(layout, loop, row, payloads)));
                NodeRecord last = Objects.requireNonNull(begun.get(begun.lastKey()));
                restored.add(new RestoredLoop(
                        loop, begun.lastKey(), value(layout, loop, last, Ports.LOOP, payloads), results));
            }
        });
        maps.forEach(map -> restored.addAll(map.lanes(payloads)));
        return restored;
    }

    /** What machines need to go on with the maps that have begun. */
    List<RestoredMap> restoredMaps(Payloads payloads) {
        return maps.stream().map(map -> map.restored(payloads)).toList();
    }

    /** What the items were like of the maps that have begun, by the numbers of these. */
    Map<Integer, ItemDigests> digests() {
        Map<Integer, ItemDigests> digests = new HashMap<>();
        maps.forEach(map -> digests.put(map.number(), map.digests()));
        return digests;
    }

    private SortedMap<Integer, NodeRecord> begun(int loop, List<NodeRecord> rows) {
        List<Integer> around = iteration(loop).path();
        SortedMap<Integer, NodeRecord> begun = new TreeMap<>();
        for (NodeRecord row : rows) {
            List<Integer> path = row.key().iteration().path();
            boolean isItem = path.size() == around.size() + 1
                    && path.subList(0, around.size()).equals(around);
            if (isItem) {
                begun.put(path.get(around.size()), row);
            }
        }
        return begun;
    }

    private Iteration iteration(int node) {
        return layout.loops().iteration(node, loop -> passes[loop]);
    }

    /** What the row of an iteration says the one before brought back. */
    static List<@Nullable Object> brought(PlanLayout layout, int loop, NodeRecord row, Payloads payloads) {
        return value(layout, loop, row, Ports.DONE, payloads) instanceof List<?> brought
                ? new ArrayList<>(brought)
                : List.of();
    }

    static @Nullable Object value(PlanLayout layout, int loop, NodeRecord row, String port, Payloads payloads) {
        Payload payload = row.result().outputs().get(port);
        TypeRef<?> type = Payloads.typeOf(layout.definition(loop), port).orElse(null);
        return payload == null || type == null ? null : payloads.decode(payload, type);
    }
}
