package dev.flowengine.internal.attempt;

import dev.flowengine.model.Iteration;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** Names the executions that nodes start. */
public final class ChildId {
    private ChildId() {}

    /**
     * The id of the execution that an attempt starts.
     *
     * @param executionId the execution of the node
     * @param nodeId the node
     * @param iteration the pass through the loops around it
     * @param attempt the attempt, counted from 1
     * @return the same for the same attempt, and another one for any other
     */
    public static String of(String executionId, String nodeId, Iteration iteration, int attempt) {
        // The id of a node may hold anything, the others not this: no two attempts are written the same way.
        String key = executionId + '/' + attempt + '/' + iteration + '/' + nodeId;
        return UUID.nameUUIDFromBytes(key.getBytes(StandardCharsets.UTF_8)).toString();
    }
}
