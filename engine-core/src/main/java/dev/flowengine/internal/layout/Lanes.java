package dev.flowengine.internal.layout;

import dev.flowengine.graph.LoopRegion;
import dev.flowengine.node.MapBody;
import java.util.Arrays;
import java.util.List;

/**
 * How often the nodes of a scope are laid out: those in the body of a map once for each of its lanes, which is what lets several
 * items be in work at once. The first lane has the numbers of the nodes themselves; the others come after all of these, and then
 * a <i>head</i> for each lane, which stands for the map in it. Of a map within a map all that holds for each lane of the outer.
 *
 * <p>A copy of a node is found by a count over the lanes around it, the innermost changing fastest: so what feeds it, which lies
 * in as many of these maps or fewer, is found by a division. Immutable.
 */
final class Lanes {
    static final int MOST_NODES = 1_000_000;

    private final int[] times;
    private final int[] firstCopy;
    private final int[] firstHead;
    private final int[] widths;
    private final int laidOut;

    /** Lays out what comes after so many nodes. */
    Lanes(FlowIndex index, Scope scope) {
        boolean any = index.loops().regions().stream().anyMatch(region -> width(index, scope, region) > 0);
        int size = any ? index.size() : 0;
        this.times = new int[size];
        this.firstCopy = new int[size];
        this.firstHead = new int[size];
        this.widths = new int[size];
        Arrays.fill(times, 1);
        int declared = scope.nodes().cardinality();
        this.laidOut = any ? declared + layOut(index, scope, declared) : declared;
    }

    private int layOut(FlowIndex index, Scope scope, int declared) {
        for (LoopRegion region : index.loops().regions()) {
            int loop = index.numberOf(region.loop());
            widths[loop] = width(index, scope, region);
            // Outer ones come first.
            long in = (long) times[loop] * Math.max(1, widths[loop]);
            for (String id : in > MOST_NODES ? List.<String>of() : region.nodes()) {
                times[index.numberOf(id)] = (int) in;
            }
        }
        long next = declared;
        for (int n = scope.nodes().nextSetBit(0); n >= 0; n = scope.nodes().nextSetBit(n + 1)) {
            firstCopy[n] = (int) next;
            next += times[n] - 1;
            firstHead[n] = (int) next;
            next += (long) times[n] * widths[n];
            if (next - declared > MOST_NODES) {
                throw Refusals.tooManyLanes(index, maps(index), MOST_NODES);
            }
        }
        return (int) next - declared;
    }

    private static int width(FlowIndex index, Scope scope, LoopRegion region) {
        int loop = index.numberOf(region.loop());
        boolean isMap = scope.nodes().get(loop) && index.node(loop).body().orElse(null) instanceof MapBody;
        return isMap ? ((MapBody) index.node(loop).body().orElseThrow()).concurrency() : 0;
    }

    private List<String> maps(FlowIndex index) {
        return index.loops().regions().stream()
                .map(LoopRegion::loop)
                .filter(id -> widths[index.numberOf(id)] > 0)
                .toList();
    }

    /** Whether every node is laid out once. */
    boolean isEmpty() {
        return times.length == 0;
    }

    /** How many nodes there are, copies and heads included, without those that only supply. */
    int laidOut() {
        return laidOut;
    }

    /** How often a node is laid out, by its number in the flow. */
    int times(int node) {
        return isEmpty() ? 1 : times[node];
    }

    /** How many lanes a map has; 0 for any other node. */
    int width(int node) {
        return isEmpty() ? 0 : widths[node];
    }

    /** The number of a copy of a node which has a number itself. */
    int copy(int node, int number, int copy) {
        return copy == 0 ? number : firstCopy[node] + copy - 1;
    }

    /** The number of the head of a lane, counted over all copies of its map. */
    int head(int map, int lane) {
        return firstHead[map] + lane;
    }

    /** Which copy of a node feeds a copy of another. */
    int feeding(int source, int target, int copy) {
        return isEmpty() ? 0 : copy / (times[target] / times[source]);
    }

    /** Which head of a map feeds a copy of a node in its body. */
    int heading(int map, int target, int copy) {
        return head(map, copy / (times[target] / (times[map] * widths[map])));
    }
}
