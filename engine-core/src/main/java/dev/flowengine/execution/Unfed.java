package dev.flowengine.execution;

import dev.flowengine.graph.Connection;
import dev.flowengine.plan.UnfedPort;
import java.util.List;

/** Required input ports that have no source in an execution. */
final class Unfed {
    private Unfed() {}

    static List<UnfedPort> of(ExecutionSnapshot snapshot, String nodeId) {
        return snapshot.plan().unfed().stream()
                .filter(port -> port.required() && port.nodeId().equals(nodeId))
                .toList();
    }

    /** That the port is unfed, and by what, as a clause. */
    static String text(UnfedPort port) {
        List<Connection> pruned = port.pruned();
        String cause = pruned.isEmpty()
                ? "nothing is connected to it"
                : Phrases.list(pruned, Connection::toString) + (pruned.size() == 1 ? " is" : " are") + " out of scope";
        return "its required input port " + Phrases.quote(port.port()) + " has no source in this execution, as "
                + cause;
    }
}
