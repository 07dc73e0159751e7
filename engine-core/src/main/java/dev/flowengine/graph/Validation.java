package dev.flowengine.graph;

import java.util.ArrayList;
import java.util.List;

/** Everything validation looks for, in the order it reports (S30). */
final class Validation {
    private Validation() {}

    static ValidationResult of(FlowGraph flow, GraphIndex index, FlowStructure structure) {
        List<Problem> problems = new ArrayList<>();
        NodeChecks nodes = new NodeChecks(flow, index, problems);
        ConnectionChecks connections = new ConnectionChecks(flow, index, problems);
        nodes.findEmptyFlow();
        nodes.findDuplicateIds();
        connections.findMissingNodes();
        connections.findUnknownPorts();
        structure.cycles().forEach(cycle -> problems.add(cycle.toProblem()));
        new JoinChecks(index, structure.backEdges(), problems).findJoinsThatNeverFire();
        new ReachabilityChecks(index, problems).findOrphanedAndUnreachableNodes();
        nodes.findInvalidNodes();
        return new ValidationResult(problems);
    }
}
