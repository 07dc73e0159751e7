package dev.flowengine.graph;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Tells the loops of a flow by what the passes over its dependencies have found. Linear. */
final class LoopRegions {
    private final GraphIndex index;
    private final FlowStructure structure;
    private final List<List<String>> bodies = new ArrayList<>();
    private final List<List<Connection>> back = new ArrayList<>();
    private final List<Set<String>> waitsFor = new ArrayList<>();

    private LoopRegions(GraphIndex index, FlowStructure structure) {
        this.index = index;
        this.structure = structure;
        for (int number = 0; number <= structure.nesting().loopCount(); number++) {
            bodies.add(new ArrayList<>());
            back.add(new ArrayList<>());
            waitsFor.add(new LinkedHashSet<>());
        }
    }

    /** The loops, outer ones before inner ones. */
    static List<LoopRegion> of(GraphIndex index, FlowStructure structure) {
        return structure.nesting().loopCount() == 0
                ? List.of()
                : new LoopRegions(index, structure).sort().regions();
    }

    private LoopRegions sort() {
        LoopNesting nesting = structure.nesting();
        for (int node = 0; node < index.size(); node++) {
            bodies.get(nesting.body(node)).add(index.id(node));
        }
        structure.backEdges().stream().forEach(edge -> {
            int loop = index.digraph().target(edge);
            back.get(nesting.loopNumber(loop)).add(index.connection(edge));
        });
        for (int entry = 0; entry < nesting.entryCount(); entry++) {
            int edge = nesting.entryEdge(entry);
            // The item of an outer loop is there before anything of its body is.
            if (!index.entersBody(edge)) {
                int number = nesting.loopNumber(nesting.enteredLoop(entry));
                waitsFor.get(number).add(index.id(index.digraph().source(edge)));
            }
        }
        return this;
    }

    private List<LoopRegion> regions() {
        LoopNesting nesting = structure.nesting();
        List<LoopRegion> regions = new ArrayList<>();
        for (int number = 1; number <= nesting.loopCount(); number++) {
            int around = nesting.enclosing(number);
            regions.add(new LoopRegion(
                    index.id(nesting.loop(number)),
                    around == 0 ? Optional.empty() : Optional.of(index.id(nesting.loop(around))),
                    bodies.get(number),
                    back.get(number),
                    waitsFor.get(number)));
        }
        return regions;
    }
}
