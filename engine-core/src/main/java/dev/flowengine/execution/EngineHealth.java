package dev.flowengine.execution;

import java.util.List;
import java.util.Objects;

/**
 * How an engine is doing.
 *
 * @param status the judgement
 * @param reasons why it is not {@link Status#UP}, a sentence each; empty if it is
 * @param executions how many executions go on in this engine; not those that only wait, and that it has let go of
 * @param stuckExecutions how many of them are running but have stood still for long, as the builder's {@code stuckAfter}
 *     says
 * @param abandonedBodies how many bodies nobody waits for any more still hold their threads
 * @param lateResults how many results of bodies came when nobody waited for them any more
 * @param droppedEvents how many events listeners were not told of because they had fallen behind
 */
public record EngineHealth(
        Status status,
        List<String> reasons,
        int executions,
        int stuckExecutions,
        int abandonedBodies,
        long lateResults,
        long droppedEvents) {

    /** Copies the list and refuses null. */
    public EngineHealth {
        Objects.requireNonNull(status, "status");
        reasons = List.copyOf(reasons);
    }

    /** The judgement about an engine. */
    public enum Status {
        /** Everything works. */
        UP,
        /** Executions go on, but something needs attention. */
        DEGRADED,
        /** No execution can be started. */
        DOWN
    }
}
