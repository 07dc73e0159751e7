package dev.flowengine.internal.layout;

import dev.flowengine.graph.Connection;
import dev.flowengine.graph.LoopRegion;
import dev.flowengine.graph.Ports;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Lays out the bodies of loops, and those of maps lane by lane. */
final class LayoutRegions {
    private static final int[] NOTHING = {};

    private final LayoutArrays arrays;
    private final FlowIndex index;
    private final Lanes lanes;
    private final int[] renumbered;

    LayoutRegions(LayoutArrays arrays, FlowIndex index, Lanes lanes, int[] renumbered) {
        this.arrays = arrays;
        this.index = index;
        this.lanes = lanes;
        this.renumbered = renumbered;
    }

    /** Adds a loop or a map, as often as it is laid out. */
    void add(LoopRegion region, List<LoopLayout.Region> regions) {
        int loop = index.numberOf(region.loop());
        for (int copy = 0; copy < lanes.times(loop); copy++) {
            int number = lanes.copy(loop, renumbered[loop], copy);
            if (lanes.width(loop) == 0) {
                regions.add(body(region, number, -1, new Part(lanes.times(loop), copy)));
            } else {
                addMap(region, number, copy, regions);
            }
        }
    }

    private void addMap(LoopRegion region, int number, int copy, List<LoopLayout.Region> regions) {
        int map = index.numberOf(region.loop());
        int width = lanes.width(map);
        List<LoopLayout.Region> bodies = new ArrayList<>(width);
        for (int lane = copy * width; lane < (copy + 1) * width; lane++) {
            Part part = new Part(lanes.times(map) * width, lane);
            bodies.add(body(region, lanes.head(map, lane), number, part));
        }
        int[] heads = bodies.stream().mapToInt(LoopLayout.Region::loop).toArray();
        int[] inside = IntStream.concat(
                        IntStream.of(heads), bodies.stream().flatMapToInt(body -> IntStream.of(body.inside())))
                .sorted()
                .toArray();
        regions.add(new LoopLayout.Region(
                number, slot(number), NOTHING, inside, List.of(), List.of(), new LoopLayout.Lane(-1, heads)));
        regions.addAll(bodies);
    }

    private LoopLayout.Region body(LoopRegion region, int loop, int map, Part part) {
        List<LoopLayout.Back> back = new ArrayList<>();
        List<LoopLayout.Back> breaks = new ArrayList<>();
        for (Connection connection : region.back()) {
            int source = index.numberOf(connection.from());
            if (arrays.runs(source)) {
                int number = lanes.copy(source, renumbered[source], part.first(lanes.times(source)));
                LoopLayout.Back to = new LoopLayout.Back(number, arrays.slotOf(number, connection.fromPort()));
                (connection.toPort().equals(Ports.BREAK) ? breaks : back).add(to);
            }
        }
        return new LoopLayout.Region(
                loop,
                slot(loop),
                numbers(region.nodes().stream(), part, false),
                numbers(index.loops().inside(region), part, true),
                List.copyOf(back),
                List.copyOf(breaks),
                new LoopLayout.Lane(map, NOTHING));
    }

    private int slot(int loop) {
        return arrays.slotOf(loop, Ports.LOOP);
    }

    /** The numbers of the copies of nodes that lie in a part of all lanes. */
    private int[] numbers(Stream<String> ids, Part part, boolean withHeads) {
        return ids.map(index::numberOf)
                .filter(arrays::runs)
                .flatMapToInt(node ->
                        withHeads ? IntStream.concat(copies(node, part), heads(node, part)) : copies(node, part))
                .sorted()
                .toArray();
    }

    private IntStream copies(int node, Part part) {
        int times = lanes.times(node);
        return IntStream.range(part.first(times), part.end(times))
                .map(copy -> lanes.copy(node, renumbered[node], copy));
    }

    private IntStream heads(int node, Part part) {
        int times = lanes.times(node) * lanes.width(node);
        return IntStream.range(part.first(times), part.end(times)).map(lane -> lanes.head(node, lane));
    }

    /** Where the copies of each node are; null if there is one of each. */
    LoopLayout.@Nullable Copies copies() {
        if (lanes.isEmpty()) {
            return null;
        }
        int[] original = new int[arrays.size - arrays.declared];
        int[] firstCopy = new int[arrays.declared];
        for (int node = 0; node < index.size(); node++) {
            if (!arrays.runs(node)) {
                continue;
            }
            int number = renumbered[node];
            firstCopy[number] = lanes.copy(node, number, 1);
            for (int copy = 1; copy < lanes.times(node); copy++) {
                original[lanes.copy(node, number, copy) - arrays.declared] = number;
            }
            for (int lane = 0; lane < lanes.times(node) * lanes.width(node); lane++) {
                original[lanes.head(node, lane) - arrays.declared] = number;
            }
        }
        return new LoopLayout.Copies(arrays.declared, original, firstCopy);
    }

    /**
     * One of several equal parts of all copies of a node.
     *
     * @param parts how many there are
     * @param part which one it is
     */
    private record Part(int parts, int part) {

        int first(int times) {
            return part * (times / parts);
        }

        int end(int times) {
            return (part + 1) * (times / parts);
        }
    }
}
