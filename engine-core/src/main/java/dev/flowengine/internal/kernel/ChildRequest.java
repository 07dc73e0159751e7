package dev.flowengine.internal.kernel;

import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.internal.attempt.RunScope;
import dev.flowengine.internal.machine.ChildCall;
import dev.flowengine.model.Iteration;
import dev.flowengine.node.SubflowBody;
import org.jspecify.annotations.Nullable;

/**
 * What a node asks for that starts an execution.
 *
 * @param parent the execution of the node
 * @param node the node
 * @param iteration the pass through the loops around it
 * @param attempt the attempt of the node, counted from 1
 * @param call the execution to start
 * @param data what its trigger is fired with
 */
record ChildRequest(
        RunScope parent,
        NodeDefinition node,
        Iteration iteration,
        int attempt,
        ChildCall call,
        @Nullable Object data) {

    SubflowBody body() {
        return (SubflowBody) node.body().orElseThrow();
    }
}
