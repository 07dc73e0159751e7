package dev.flowengine.internal.machine;

import dev.flowengine.internal.layout.PlanLayout;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** Names the nodes that are not settled. */
record OpenNodes(PlanLayout layout, NodeTable nodes) {

    /** The ids of the nodes that are not settled. */
    List<String> unsettled() {
        return ids(node -> !nodes.status(node).isSettled(), layout.size());
    }

    /** The ids of nodes that are ready, run or wait: so many at most. */
    List<String> ready(int atMost) {
        return ids(nodes::isOpen, atMost);
    }

    private List<String> ids(IntPredicate which, int atMost) {
        return IntStream.range(0, layout.size())
                .filter(which)
                .mapToObj(node -> layout.definition(node).id())
                .distinct()
                .limit(atMost)
                .toList();
    }
}
