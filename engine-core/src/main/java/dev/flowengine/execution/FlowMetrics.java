package dev.flowengine.execution;

import dev.flowengine.plan.Start;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The executions of a flow in numbers.
 *
 * @param flowId the flow
 * @param total all of them
 * @param byStart those that began in each way: from a trigger, from a node, or a node alone
 * @param byDay those that were admitted on each day by UTC, the earliest first; days without any are left out
 */
public record FlowMetrics(
        String flowId,
        ExecutionStatistics total,
        Map<Start, ExecutionStatistics> byStart,
        SortedMap<LocalDate, ExecutionStatistics> byDay) {

    /** Copies the maps and refuses null. */
    public FlowMetrics {
        Objects.requireNonNull(flowId, "flowId");
        Objects.requireNonNull(total, "total");
        byStart = Map.copyOf(byStart);
        byDay = Collections.unmodifiableSortedMap(new TreeMap<>(byDay));
    }

    /**
     * Counts executions.
     *
     * @param flowId the flow
     * @param executions executions of the flow
     * @return what they come to
     */
    public static FlowMetrics of(String flowId, Collection<ExecutionSummary> executions) {
        return new FlowMetrics(
                flowId,
                ExecutionStatistics.of(executions),
                by(ExecutionSummary::start, executions),
                new TreeMap<>(by(FlowMetrics::day, executions)));
    }

    private static LocalDate day(ExecutionSummary execution) {
        return LocalDate.ofInstant(execution.startedAt(), ZoneOffset.UTC);
    }

    private static <K> Map<K, ExecutionStatistics> by(
            Function<ExecutionSummary, K> key, Collection<ExecutionSummary> executions) {
        return executions.stream()
                .collect(Collectors.groupingBy(
                        key, Collectors.collectingAndThen(Collectors.toList(), ExecutionStatistics::of)));
    }
}
