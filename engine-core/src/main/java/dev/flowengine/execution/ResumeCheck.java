package dev.flowengine.execution;

import java.util.List;

/**
 * Whether an execution that was left can go on with a flow, as {@code FlowEngine.canResume} judges it.
 *
 * @param differences what stands against it, each in one sentence that names the nodes and what was found; empty if nothing does
 */
public record ResumeCheck(List<String> differences) {

    /** Copies the list and refuses null. */
    public ResumeCheck {
        differences = List.copyOf(differences);
    }

    /**
     * Whether the execution can go on.
     *
     * @return true if nothing stands against it
     */
    public boolean isPossible() {
        return differences.isEmpty();
    }
}
