package dev.flowengine.internal.kernel;

import dev.flowengine.execution.ItemCounts;
import dev.flowengine.internal.layout.LoopLayout;
import dev.flowengine.internal.layout.PlanLayout;
import dev.flowengine.internal.machine.NodeTable;
import dev.flowengine.internal.machine.ReusedItems;
import dev.flowengine.model.NodeStatus;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * What a copy of the state of nodes shows of the items of maps.
 *
 * @param layout what runs
 * @param nodes its state
 * @param taken the items of maps that are taken over, by number of the map
 */
record ShownItems(PlanLayout layout, NodeTable nodes, Map<Integer, ReusedItems> taken) {

    /** A node and its copies, as far as any item is or was in work in them. */
    IntStream of(int node) {
        LoopLayout loops = layout.loops();
        IntStream copies = IntStream.range(layout.declared(), layout.size())
                .filter(copy -> loops.original(copy) == node && !loops.isHead(copy))
                .filter(copy -> !loops.isSpare(copy, nodes::pass));
        return IntStream.concat(IntStream.of(node), copies);
    }

    /** The items of a map that do not run. */
    List<Integer> reused(int map) {
        ReusedItems reused = taken.get(map);
        return reused == null ? List.of() : reused.completed().stream().boxed().toList();
    }

    ItemCounts counts(int map) {
        ReusedItems reused = taken.get(map);
        int begun = nodes.pass(map);
        int ahead = reused == null ? 0 : reused.after(begun);
        int running = lanes(map, status -> !status.isSettled(), true);
        int cancelled = lanes(map, NodeStatus.CANCELLED::equals, false);
        int failed = nodes.failedItems(map);
        int known = nodes.width(map);
        int width = reused == null || known != NodeTable.UNKNOWN_WIDTH ? known : reused.width();
        return new ItemCounts(
                width == NodeTable.UNKNOWN_WIDTH ? OptionalInt.empty() : OptionalInt.of(width),
                Math.max(0, begun + ahead - failed - running - cancelled),
                failed,
                running,
                reused == null ? 0 : reused.count());
    }

    /** In how many lanes an item has such a node; of those in which something still runs, only if these are asked for. */
    private int lanes(int map, Predicate<NodeStatus> which, boolean open) {
        return (int) IntStream.of(layout.loops().region(map).lanes())
                .filter(lane -> nodes.pass(lane) > 0)
                .filter(lane -> open || !has(lane, status -> !status.isSettled()))
                .filter(lane -> has(lane, which))
                .count();
    }

    private boolean has(int lane, Predicate<NodeStatus> which) {
        return IntStream.of(layout.loops().region(lane).members())
                .mapToObj(nodes::status)
                .anyMatch(which);
    }
}
