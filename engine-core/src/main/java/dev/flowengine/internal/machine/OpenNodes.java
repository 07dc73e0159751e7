package dev.flowengine.internal.machine;

import dev.flowengine.internal.layout.PlanLayout;
import java.util.ArrayList;
import java.util.List;

/** Names the nodes of an execution that still have something to do. */
final class OpenNodes {
    private OpenNodes() {}

    /** The ids of the nodes that are not settled. */
    static List<String> unsettled(PlanLayout layout, NodeTable nodes) {
        List<String> open = new ArrayList<>();
        for (int node = 0; node < layout.size(); node++) {
            if (!nodes.status(node).isSettled()) {
                open.add(layout.definition(node).id());
            }
        }
        return open;
    }

    /** The ids of nodes that are ready, run or wait: so many at most. */
    static List<String> ready(PlanLayout layout, NodeTable nodes, int atMost) {
        List<String> open = new ArrayList<>();
        for (int node = 0; node < layout.size() && open.size() < atMost; node++) {
            if (nodes.isOpen(node)) {
                open.add(layout.definition(node).id());
            }
        }
        return open;
    }
}
