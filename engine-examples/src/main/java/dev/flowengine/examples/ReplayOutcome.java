package dev.flowengine.examples;

import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.NodeState;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.NodeStatus;

/**
 * What a replay came to. All times are of the replay, so that they compare with each other; recorded times are scaled.
 *
 * @param replay what was replayed
 * @param setting how
 * @param wallNanos from before the start to the result
 * @param busyNanos all tasks together
 * @param result what the engine says
 */
record ReplayOutcome(
        TraceReplay replay, ReplaySetting setting, long wallNanos, long busyNanos, ExecutionResult result) {

    int tasks() {
        return replay.analysis().tasks();
    }

    boolean succeeded() {
        return result.status() == ExecutionStatus.COMPLETED;
    }

    /** Tasks, without the trigger, in a status. */
    int tasksIn(NodeStatus status) {
        int count = 0;
        for (NodeState node : result.snapshot().nodes()) {
            if (node.status() == status && !node.nodeId().equals(replay.flow().trigger())) {
                count++;
            }
        }
        return count;
    }

    double makespanMs() {
        return Milliseconds.ofNanos(wallNanos);
    }

    double criticalPathMs() {
        return scaledMs(replay.analysis().criticalPathSeconds());
    }

    double workMs() {
        return scaledMs(replay.analysis().workSeconds());
    }

    double lowerBoundMs() {
        return scaledMs(replay.analysis().lowerBoundSeconds(setting.workers()));
    }

    double grahamBoundMs() {
        return scaledMs(replay.analysis().grahamBoundSeconds(setting.workers()));
    }

    /** The part of the time of the workers that could be used in which tasks ran: 0 to 1. */
    double utilisation() {
        return busyNanos / ((double) wallNanos * setting.usableWorkers());
    }

    private double scaledMs(double recordedSeconds) {
        return recordedSeconds / setting.speed() * 1_000;
    }
}
