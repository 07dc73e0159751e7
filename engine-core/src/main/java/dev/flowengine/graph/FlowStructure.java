package dev.flowengine.graph;

import dev.flowengine.internal.digraph.IntDigraph;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What the passes over a flow's dependencies found: its cycles, its loops with their bodies, what waits for what. */
final class FlowStructure {
    private final GraphIndex index;
    private final BitSet backEdges;
    private final LoopNesting nesting;
    private final WaitGraph waits;
    private final List<Cycle> cycles;

    FlowStructure(GraphIndex index) {
        CycleSearch search = CycleSearch.in(index);
        BitSet leftOut = (BitSet) search.illegalEdges().clone();
        leftOut.or(search.backEdges());
        this.index = index;
        this.backEdges = search.backEdges();
        this.nesting = LoopNesting.of(index, leftOut);
        this.waits = WaitGraph.of(index, nesting, backEdges);
        WaitGraph judged = search.illegalEdges().isEmpty() ? waits : WaitGraph.of(index, nesting, leftOut);
        this.cycles = merge(search.cycles(), circularWaits(judged));
    }

    /** The connections that lead from the body of a loop back to it. */
    BitSet backEdges() {
        return backEdges;
    }

    LoopNesting nesting() {
        return nesting;
    }

    WaitGraph waits() {
        return waits;
    }

    /** All cycles, legal loops included, by their first node. */
    List<Cycle> cycles() {
        return cycles;
    }

    private List<Cycle> circularWaits(WaitGraph judged) {
        List<Cycle> found = new ArrayList<>();
        if (nesting.loopCount() > 0) {
            IntDigraph digraph = judged.digraph();
            ShortestCycle shortest = new ShortestCycle(digraph, edge -> true);
            for (int[] part : Region.cyclicParts(digraph)) {
                int[] path = judged.flowPath(shortest.through(part, firstLoop(part, judged)));
                int[] nodes = Arrays.stream(part)
                        .map(judged::flowNode)
                        .sorted()
                        .distinct()
                        .toArray();
                found.add(new Cycle(index.ids(nodes), index.ids(path), CycleFault.BODY_WAITS_FOR_LOOP));
            }
        }
        return found;
    }

    private int firstLoop(int[] part, WaitGraph judged) {
        return Arrays.stream(part)
                .filter(node -> !judged.isEnd(node) && index.isLoop(judged.flowNode(node)))
                .findFirst()
                .orElse(part[0]);
    }

    /** A loop that waits for itself is reported as that, not also as a legal loop. */
    private List<Cycle> merge(List<Cycle> cyclesOfComponents, List<Cycle> waitsOfLoops) {
        Set<String> waiting = new HashSet<>();
        waitsOfLoops.forEach(cycle -> waiting.addAll(cycle.nodes()));
        List<Cycle> all = new ArrayList<>(waitsOfLoops);
        for (Cycle cycle : cyclesOfComponents) {
            if (cycle.fault() != null || Collections.disjoint(waiting, cycle.nodes())) {
                all.add(cycle);
            }
        }
        all.sort(Comparator.comparingInt(cycle -> index.find(cycle.nodes().get(0))));
        return Collections.unmodifiableList(all);
    }
}
