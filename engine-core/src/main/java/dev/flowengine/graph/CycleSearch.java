package dev.flowengine.graph;

import dev.flowengine.internal.digraph.IntDigraph;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Tells the connections that lead back into a loop from the edges that close an illegal cycle (S31).
 *
 * <p>Each strongly connected component is taken apart from outside inwards. A loop can be the head of a region iff only
 * its port {@code loop} leads on inside the region: every other way out of it would come back to it, since everything
 * in the region leads to everything. Then all edges from the region into the head come from its body: they are its back
 * connections. What is still strongly connected without the head is judged in the same way, so inner loops are judged
 * with the back connections of outer ones out of the way.
 *
 * <p>If two loops could be the head, each lies in the body of the other. The one that is connected from outside the
 * region is the outer one; if that does not decide it, the cycle is illegal.
 *
 * <p>O((nodes + edges) · depth to which loops are nested).
 */
final class CycleSearch {
    private final GraphIndex index;
    private final IntDigraph graph;
    private final Region.Marks marks;
    private final ShortestCycle shortest;
    private final BitSet backEdges = new BitSet();
    private final BitSet illegalEdges = new BitSet();
    private final List<Cycle> cycles = new ArrayList<>();
    private final Deque<Region> open = new ArrayDeque<>();

    private CycleSearch(GraphIndex index) {
        this.index = index;
        this.graph = index.digraph();
        this.marks = new Region.Marks(index.size());
        this.shortest = new ShortestCycle(graph, edge -> true);
    }

    static CycleSearch in(GraphIndex index) {
        CycleSearch search = new CycleSearch(index);
        Region.cyclicParts(search.graph).forEach(search::judgeComponent);
        return search;
    }

    /** The connections from the body of a loop back to it. */
    BitSet backEdges() {
        return backEdges;
    }

    /** The edges inside regions that are no legal loops. */
    BitSet illegalEdges() {
        return illegalEdges;
    }

    /** One cycle per component, by lowest node. */
    List<Cycle> cycles() {
        return cycles;
    }

    private void judgeComponent(int[] component) {
        Cycle illegal = null;
        int outermost = -1;
        open.add(new Region(graph, marks, component));
        while (!open.isEmpty()) {
            Region region = open.remove();
            Verdict verdict = judge(region);
            if (verdict.fault() == null) {
                outermost = outermost < 0 ? verdict.head() : outermost;
                cutBackEdges(region, verdict.head());
            } else {
                Cycle cycle = new Cycle(index.ids(component), index.ids(verdict.path()), verdict.fault());
                illegal = illegal == null ? cycle : illegal;
                insideEdges(region).forEach(illegalEdges::set);
            }
        }
        cycles.add(illegal == null ? legal(component, outermost) : illegal);
    }

    private Cycle legal(int[] component, int head) {
        int[] path = shortest.through(component, head);
        return new Cycle(index.ids(component), index.ids(path), null);
    }

    private Verdict judge(Region region) {
        for (int member : region.members()) {
            if (graph.hasSelfLoop(member)) {
                return Verdict.illegal(CycleFault.SELF_CONNECTION, new int[] {member, member});
            }
        }
        int[] heads = heads(region);
        if (heads.length == 0) {
            return withoutHead(region);
        }
        int[] entered = heads.length == 1 ? heads : filter(heads, head -> isConnectedFromOutside(region, head));
        if (entered.length != 1) {
            int[] rivals = entered.length == 0 ? heads : entered;
            int[] path = shortest.throughBoth(region.members(), rivals[0], rivals[1]);
            return Verdict.illegal(CycleFault.NOT_NESTED, path);
        }
        return judgeHead(region, entered[0]);
    }

    private int[] heads(Region region) {
        return filter(region.members(), member -> index.isLoop(member) && leadsOnOnlyByLoop(region, member));
    }

    private boolean leadsOnOnlyByLoop(Region region, int loop) {
        for (int i = 0; i < graph.outDegree(loop); i++) {
            int edge = graph.outEdge(loop, i);
            if (region.holds(edge) && !index.entersBody(edge)) {
                return false;
            }
        }
        return true;
    }

    private boolean isConnectedFromOutside(Region region, int loop) {
        for (int i = 0; i < graph.inDegree(loop); i++) {
            int edge = graph.inEdge(loop, i);
            if (index.isConnection(edge) && !region.holds(edge)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Shows a cycle that leaves no loop by {@code loop}. There is one: without a head every node of the region, loops
     * included, leads on inside it by something else.
     */
    private Verdict withoutHead(Region region) {
        IntPredicate outsideBodies = edge -> !index.entersBody(edge);
        int[] part = region.cyclicParts(outsideBodies).get(0);
        int start = firstLoopOr(part, part[0]);
        int[] path = new ShortestCycle(graph, outsideBodies).through(part, start);
        return Verdict.illegal(index.isLoop(start) ? CycleFault.ENTERED_AGAIN : CycleFault.NO_LOOP, path);
    }

    private int firstLoopOr(int[] members, int other) {
        int[] loops = filter(members, index::isLoop);
        return loops.length > 0 ? loops[0] : other;
    }

    private Verdict judgeHead(Region region, int head) {
        for (int i = 0; i < graph.inDegree(head); i++) {
            int edge = graph.inEdge(head, i);
            if (region.holds(edge) && !index.isConnection(edge)) {
                int[] path = shortest.throughBoth(region.members(), head, graph.source(edge));
                return Verdict.illegal(CycleFault.ORDER_INTO_LOOP, path);
            }
        }
        return Verdict.legal(head);
    }

    private void cutBackEdges(Region region, int head) {
        for (int i = 0; i < graph.inDegree(head); i++) {
            if (region.holds(graph.inEdge(head, i))) {
                backEdges.set(graph.inEdge(head, i));
            }
        }
        IntPredicate apartFromHead = edge -> graph.source(edge) != head && graph.target(edge) != head;
        region.cyclicParts(apartFromHead).forEach(part -> open.add(new Region(graph, marks, part)));
    }

    private List<Integer> insideEdges(Region region) {
        List<Integer> edges = new ArrayList<>();
        for (int member : region.members()) {
            for (int i = 0; i < graph.outDegree(member); i++) {
                if (region.holds(graph.outEdge(member, i))) {
                    edges.add(graph.outEdge(member, i));
                }
            }
        }
        return edges;
    }

    private static int[] filter(int[] nodes, IntPredicate wanted) {
        return Arrays.stream(nodes).filter(wanted).toArray();
    }

    /** What a region is: a loop with a head, or illegal with a path that shows it. */
    private static final class Verdict {
        private final int head;
        private final @Nullable CycleFault fault;
        private final int[] path;

        private Verdict(int head, @Nullable CycleFault fault, int[] path) {
            this.head = head;
            this.fault = fault;
            this.path = path;
        }

        static Verdict legal(int head) {
            return new Verdict(head, null, new int[0]);
        }

        static Verdict illegal(CycleFault fault, int[] path) {
            return new Verdict(-1, fault, path);
        }

        int head() {
            return head;
        }

        @Nullable
        CycleFault fault() {
            return fault;
        }

        int[] path() {
            return path;
        }
    }
}
