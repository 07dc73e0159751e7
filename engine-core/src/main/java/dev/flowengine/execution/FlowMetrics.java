package dev.flowengine.execution;

import dev.flowengine.plan.Start;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * The executions of a flow in numbers.
 *
 * @param flowId the flow
 * @param total all of them
 * @param byStart those that began in each way: from a trigger, from a node, or a node alone
 */
public record FlowMetrics(String flowId, ExecutionStatistics total, Map<Start, ExecutionStatistics> byStart) {

    /** Copies the map and refuses null. */
    public FlowMetrics {
        Objects.requireNonNull(flowId, "flowId");
        Objects.requireNonNull(total, "total");
        byStart = Map.copyOf(byStart);
    }

    /**
     * Counts executions.
     *
     * @param flowId the flow
     * @param executions executions of the flow
     * @return what they come to
     */
    public static FlowMetrics of(String flowId, Collection<ExecutionSummary> executions) {
        Map<Start, ExecutionStatistics> byStart = executions.stream()
                .collect(Collectors.groupingBy(
                        ExecutionSummary::start,
                        Collectors.collectingAndThen(Collectors.toList(), ExecutionStatistics::of)));
        return new FlowMetrics(flowId, ExecutionStatistics.of(executions), byStart);
    }
}
