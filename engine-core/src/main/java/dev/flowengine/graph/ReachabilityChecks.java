package dev.flowengine.graph;

import java.util.BitSet;
import java.util.List;

/** Nodes that no trigger leads to. A node gets one warning at most, and what a wrong id cut off gets none. */
final class ReachabilityChecks {
    private final GraphIndex index;
    private final List<Problem> problems;
    private final BitSet triggers = new BitSet();

    ReachabilityChecks(GraphIndex index, List<Problem> problems) {
        this.index = index;
        this.problems = problems;
        for (int node = 0; node < index.size(); node++) {
            triggers.set(node, index.isTrigger(node));
        }
    }

    void findOrphanedAndUnreachableNodes() {
        BitSet orphans = orphans();
        orphans.stream().forEach(this::addOrphan);
        if (triggers.isEmpty() && index.size() > 0) {
            addWithoutTrigger();
        } else {
            BitSet found = (BitSet) triggers.clone();
            found.or(index.cutOff());
            found = index.digraph().reachableFrom(found);
            found.or(orphans);
            for (int node = found.nextClearBit(0); node < index.size(); node = found.nextClearBit(node + 1)) {
                addUnreachable(node);
            }
        }
    }

    /** Nodes without any dependency; the only node of a flow needs none. */
    private BitSet orphans() {
        BitSet orphans = new BitSet(index.size());
        for (int node = 0; index.size() > 1 && node < index.size(); node++) {
            boolean isolated = index.digraph().inDegree(node) + index.digraph().outDegree(node) == 0;
            orphans.set(node, isolated && !index.cutOff().get(node));
        }
        return orphans;
    }

    private void addOrphan(int node) {
        boolean isTrigger = index.isTrigger(node);
        problems.add(new Problem(
                Problem.Code.ORPHANED_NODE,
                Severity.WARNING,
                (isTrigger ? "trigger '" : "node '") + index.id(node) + "' is connected to nothing",
                List.of(index.id(node)),
                isTrigger ? "connect it to what it should start, or remove it" : "connect it, or remove it"));
    }

    private void addUnreachable(int node) {
        problems.add(new Problem(
                Problem.Code.UNREACHABLE_NODE,
                Severity.WARNING,
                "no trigger leads to node '" + index.id(node) + "'",
                List.of(index.id(node)),
                "connect it downstream of a trigger, or start it with executeFromNode"));
    }

    private void addWithoutTrigger() {
        problems.add(new Problem(
                Problem.Code.UNREACHABLE_NODE,
                Severity.WARNING,
                "the flow has no trigger, so no trigger leads to any of its nodes",
                List.of(),
                "add a trigger, or start the flow with executeFromNode"));
    }
}
