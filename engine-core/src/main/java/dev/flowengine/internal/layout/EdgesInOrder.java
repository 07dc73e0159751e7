package dev.flowengine.internal.layout;

import java.util.Arrays;
import java.util.List;

/** The edges of a layout by which its nodes are ordered. Each loop has a second node, its end, after its whole body. */
final class EdgesInOrder {
    private final PlanLayout layout;
    private final List<LoopLayout.Region> loops;
    private final int[] ends;
    private final int[] from;
    private final int[] to;
    private int count;

    EdgesInOrder(PlanLayout layout) {
        this.layout = layout;
        this.loops = layout.loops().regions();
        this.ends = new int[loops.isEmpty() ? 0 : layout.size()];
        int more = loops.stream()
                .mapToInt(loop -> 1 + loop.members().length + 2 * loop.lanes().length)
                .sum();
        int edges = layout.firstOut(layout.size());
        this.from = new int[edges + more];
        this.to = new int[edges + more];
        for (int i = 0; i < loops.size(); i++) {
            ends[loops.get(i).loop()] = layout.size() + i;
        }
        for (int node = 0; node < layout.size(); node++) {
            for (int out = layout.firstOut(node); out < layout.firstOut(node + 1); out++) {
                boolean intoBody = layout.isLoop(node)
                        && layout.outSlot(out) == layout.loops().region(node).slot();
                add(intoBody ? node : endOf(node), layout.outTarget(out));
            }
        }
        for (LoopLayout.Region loop : loops) {
            add(loop.loop(), endOf(loop.loop()));
            for (int lane : loop.lanes()) {
                add(loop.loop(), lane);
                add(endOf(lane), endOf(loop.loop()));
            }
            for (int member : loop.members()) {
                add(endOf(member), endOf(loop.loop()));
            }
        }
    }

    int nodes() {
        return layout.size() + loops.size();
    }

    int[] from() {
        return Arrays.copyOf(from, count);
    }

    int[] to() {
        return Arrays.copyOf(to, count);
    }

    private int endOf(int node) {
        return layout.isLoop(node) ? ends[node] : node;
    }

    private void add(int source, int target) {
        from[count] = source;
        to[count++] = target;
    }
}
