package dev.flowengine.internal.layout;

import dev.flowengine.model.Iteration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The loops of a scope by number. Immutable. A node of a body is numbered once, like any other: each iteration of its loop
 * takes place in the same arrays.
 */
public final class LoopLayout {
    static final LoopLayout NONE = new LoopLayout(List.of(), 0);

    private final List<Region> regions;
    private final int[] around;
    private final @Nullable Region[] byLoop;
    private final int bodyNodes;

    LoopLayout(List<Region> regions, int size) {
        this.regions = List.copyOf(regions);
        this.around = new int[size];
        this.byLoop = new Region[size];
        Arrays.fill(around, -1);
        for (Region region : regions) {
            byLoop[region.loop()] = region;
            for (int member : region.members()) {
                around[member] = region.loop();
            }
        }
        this.bodyNodes = (int) IntStream.of(around).filter(loop -> loop >= 0).count();
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
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Region(int loop, int slot, int[] members, int[] inside, List<Back> back, List<Back> breaks) {}

    /**
     * A connection from a body back to its loop.
     *
     * @param source number of the node it comes from
     * @param slot the slot it carries
     */
    public record Back(int source, int slot) {}
}
