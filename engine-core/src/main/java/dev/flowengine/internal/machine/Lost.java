package dev.flowengine.internal.machine;

import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowError;
import dev.flowengine.model.FlowException;

/** The failure of a body that had started when its engine was lost, and must not start again. */
final class Lost {
    private Lost() {}

    static NodeFailure failure(String nodeId, int attempt) {
        FlowError error = new FlowError(
                FailureKind.OWNERSHIP_LOST,
                FlowException.class.getName(),
                "node '" + nodeId
                        + "' is to run at most once, and had started when its engine was lost: nobody knows how"
                        + " far it came",
                "",
                nodeId,
                attempt,
                "Find out what it has done. Then redrive the execution from this node, or pin what it came to in a new"
                        + " one; recover(…) or an error output can do that for the next time.");
        return new NodeFailure(error, null);
    }
}
