package dev.flowengine.internal.kernel;

import dev.flowengine.internal.attempt.Failures;
import dev.flowengine.internal.attempt.RunScope;
import dev.flowengine.internal.machine.ExecutionMachine;
import dev.flowengine.model.Iteration;
import dev.flowengine.model.NodeStatus;
import java.time.Duration;

/** The time a node has altogether. */
record NodeLimit(int node) {

    /** It is over, unless the node has settled in that iteration while this was on its way. */
    void expire(ExecutionMachine machine, RunScope scope, Iteration iteration, Duration limit) {
        if (!scope.iteration(node).equals(iteration)) {
            return;
        }
        boolean started = machine.nodes().status(node) != NodeStatus.QUEUED;
        int attempt = started ? machine.nodes().attempt(node) : 0;
        machine.interventions().expired(node, Failures.nodeTimeout(scope.nodeId(node), attempt, limit));
    }
}
