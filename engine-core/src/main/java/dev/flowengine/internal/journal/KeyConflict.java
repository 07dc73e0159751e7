package dev.flowengine.internal.journal;

import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;

/** Says that a key is taken. */
public final class KeyConflict {
    private KeyConflict() {}

    /**
     * A start has the key of an execution that was begun with another input.
     *
     * @param flowId the flow
     * @param key the key
     * @param executionId the execution
     * @return says so
     */
    public static FlowException of(String flowId, String key, String executionId) {
        return FlowException.of(
                        FailureKind.KEY_CONFLICT,
                        "flow '" + flowId + "': key '" + key + "' is that of execution " + executionId
                                + ", which was started with another input")
                .suggestedResolution("Repeat the start with the input it had, or give another input another key.")
                .build();
    }
}
