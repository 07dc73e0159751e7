package dev.flowengine.internal.layout;

import dev.flowengine.model.Iteration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The loops and maps of a scope by number. Immutable. A node of a body is numbered once, like any other: each iteration of its
 * loop takes place in the same arrays. The body of a map is numbered once for each of its <i>lanes</i>, and in each of them item
 * comes after item as iterations do in a loop. A lane has a number too, that of its <i>head</i>, which never runs.
 */
public final class LoopLayout {
    static final LoopLayout NONE = new LoopLayout(List.of(), 0, null);

    private final List<Region> regions;
    private final int[] around;
    private final @Nullable Region[] byLoop;
    private final int bodyNodes;
    private final @Nullable Copies copies;

    LoopLayout(List<Region> regions, int size, @Nullable Copies copies) {
        this.copies = copies;
        this.regions = List.copyOf(regions);
        this.around = new int[size];
        this.byLoop = new Region[size];
        Arrays.fill(around, -1);
        for (Region region : regions) {
            byLoop[region.loop()] = region;
            for (int member : region.members()) {
                around[member] = region.loop();
            }
            for (int head : region.lanes()) {
                // Outer regions come first: it is known where the map lies.
                around[head] = around[region.loop()];
            }
        }
        int declared = copies == null ? size : copies.declared();
        this.bodyNodes = (int) IntStream.of(around)
                        .limit(declared)
                        .filter(loop -> loop >= 0)
                        .count()
                + size
                - declared;
    }

    /**
     * Whether there are none.
     *
     * @return true for most flows
     */
    public boolean isEmpty() {
        return regions.isEmpty();
    }

    /**
     * The loops.
     *
     * @return outer ones before inner ones
     */
    public List<Region> regions() {
        return regions;
    }

    /**
     * How many nodes lie in bodies.
     *
     * @return their number, inner loops included
     */
    public int bodyNodes() {
        return bodyNodes;
    }

    /**
     * Whether a node is the head of a lane.
     *
     * @param node its number
     * @return true if it stands for its map in one lane
     */
    public boolean isHead(int node) {
        return copies != null && node >= copies.declared() && node < byLoop.length && isLane(byLoop[node]);
    }

    private static boolean isLane(@Nullable Region region) {
        return region != null && region.map() >= 0;
    }

    /** Whether any loop is a map. */
    public boolean hasMaps() {
        return copies != null;
    }

    /**
     * Whether a node is a map.
     *
     * @param node its number
     * @return true if its items have lanes
     */
    public boolean isMap(int node) {
        return copies != null && node < byLoop.length && byLoop[node] != null && byLoop[node].lanes().length > 0;
    }

    /**
     * The node a number was given for first.
     *
     * @param node any number
     * @return the number of the node of which it is a copy, or the map whose lane it heads; the number itself for all others
     */
    public int original(int node) {
        return copies != null && node >= copies.declared() && node < byLoop.length
                ? copies.original()[node - copies.declared()]
                : node;
    }

    /**
     * A copy of a node.
     *
     * @param node number of a node that is no copy
     * @param copy which of them, counted over all lanes around it from 0, the innermost changing fastest
     * @return its number
     */
    public int copy(int node, int copy) {
        return copy == 0 || copies == null ? node : copies.firstCopy()[node] + copy - 1;
    }

    /**
     * Whether a node lies in a lane, other than the first, that has not begun: nothing of it is shown.
     *
     * @param node its number
     * @param passes the item each lane is at, and the iteration each loop is in, by number
     * @return true if the first lane, or another one, stands for it
     */
    public boolean isSpare(int node, IntUnaryOperator passes) {
        if (copies == null || node < copies.declared()) {
            return false;
        }
        for (int at = isHead(node) ? node : around(node); at >= 0; at = around(at)) {
            Region region = region(at);
            if (region.map() >= 0
                    && passes.applyAsInt(at) == 0
                    && region(region.map()).lanes()[0] != at) {
                return true;
            }
        }
        return false;
    }

    /**
     * The loop of a number.
     *
     * @param loop number of a node that is a loop
     * @return what belongs to it
     */
    public Region region(int loop) {
        Region region = byLoop[loop];
        if (region == null) {
            throw new IllegalArgumentException("node " + loop + " is no loop");
        }
        return region;
    }

    /**
     * The innermost loop in whose body a node lies.
     *
     * @param node its number
     * @return number of the loop, or -1
     */
    public int around(int node) {
        return node < around.length ? around[node] : -1;
    }

    /**
     * The innermost loop or map in whose body a node lies.
     *
     * @param node its number
     * @return number of the node that is the loop or the map, or -1
     */
    public int enclosing(int node) {
        int around = around(node);
        if (isHead(node)) {
            return region(node).map();
        }
        return around >= 0 && region(around).map() >= 0 ? region(around).map() : around;
    }

    /**
     * Everything in the body of a loop.
     *
     * @param loop number of the loop
     * @return numbers of nodes, those in the bodies of inner loops included
     */
    public int[] inside(int loop) {
        return region(loop).inside();
    }

    /**
     * Whether a node lies in the body of a loop, or in that of an inner one.
     *
     * @param node number of the node
     * @param loop number of the loop
     * @return true if so
     */
    public boolean isInside(int node, int loop) {
        int at = around(node);
        while (at >= 0 && at != loop) {
            at = around[at];
        }
        return at == loop;
    }

    /**
     * Which iterations a node is in.
     *
     * @param node number of the node
     * @param passes the iteration each loop is in, by its number
     * @return the path of its loops' iterations, outermost first
     */
    public Iteration iteration(int node, IntUnaryOperator passes) {
        if (around(node) < 0) {
            return Iteration.NONE;
        }
        List<Integer> path = new ArrayList<>(1);
        for (int loop = around(node); loop >= 0; loop = around(loop)) {
            path.add(0, passes.applyAsInt(loop));
        }
        return new Iteration(path);
    }

    /**
     * A loop and its body. Arrays are not to be changed.
     *
     * @param loop number of the loop
     * @param slot the slot of its port {@code loop}
     * @param members numbers of the nodes of its body, without what is in the bodies of inner loops
     * @param inside numbers of all nodes of its body
     * @param back the connections that bring results back, in declaration order
     * @param breaks the connections that end it, in declaration order
     * @param lane what it has to do with a map
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Region(
            int loop, int slot, int[] members, int[] inside, List<Back> back, List<Back> breaks, Lane lane) {

        /**
         * The map this is a lane of.
         *
         * @return its number, or -1
         */
        public int map() {
            return lane.map();
        }

        /**
         * The lanes of a map, which has no members itself.
         *
         * @return numbers of their heads; empty for anything else
         */
        public int[] lanes() {
            return lane.heads();
        }
    }

    /**
     * What a region has to do with a map.
     *
     * @param map number of the map it is a lane of, or -1
     * @param heads if it is a map itself, the numbers of its lanes' heads
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Lane(int map, int[] heads) {}

    /**
     * Where the nodes are that are laid out more than once.
     *
     * @param declared how many numbers were given first
     * @param original of each number after these the one it is a copy of
     * @param firstCopy of each of these the number of its first copy
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Copies(int declared, int[] original, int[] firstCopy) {}

    /**
     * A connection from a body back to its loop.
     *
     * @param source number of the node it comes from
     * @param slot the slot it carries
     */
    public record Back(int source, int slot) {}
}
