package dev.flowengine.execution;

import dev.flowengine.model.ExecutionStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Several executions in numbers.
 *
 * @param totals how many executions have each status, with an entry for every status
 * @param successRate which part of those that have ended is {@link ExecutionStatus#COMPLETED}, from 0 to 1; empty if none
 *     has ended
 * @param meanWallTime how long those that have ended took on average; empty if none has
 * @param longestWallTime how long the longest of them took; empty if none has ended
 * @param lastStart when the latest was admitted; empty if there are no executions
 */
public record ExecutionStatistics(
        Map<ExecutionStatus, Integer> totals,
        OptionalDouble successRate,
        Optional<Duration> meanWallTime,
        Optional<Duration> longestWallTime,
        Optional<Instant> lastStart) {

    /** Copies the map and refuses null. */
    public ExecutionStatistics {
        Map<ExecutionStatus, Integer> copy = new EnumMap<>(ExecutionStatus.class);
        copy.putAll(totals);
        totals = Collections.unmodifiableMap(copy);
        Objects.requireNonNull(successRate, "successRate");
        Objects.requireNonNull(meanWallTime, "meanWallTime");
        Objects.requireNonNull(longestWallTime, "longestWallTime");
        Objects.requireNonNull(lastStart, "lastStart");
    }

    /**
     * Counts executions.
     *
     * @param executions such as those of a {@link HistoryPage}
     * @return what they come to
     */
    public static ExecutionStatistics of(Collection<ExecutionSummary> executions) {
        Map<ExecutionStatus, Integer> totals = new EnumMap<>(ExecutionStatus.class);
        for (ExecutionStatus status : ExecutionStatus.values()) {
            totals.put(status, 0);
        }
        executions.forEach(execution -> totals.merge(execution.status(), 1, Integer::sum));
        List<Duration> ended = executions.stream()
                .flatMap(execution ->
                        execution.endedAt().stream().map(endedAt -> Duration.between(execution.startedAt(), endedAt)))
                .toList();
        return new ExecutionStatistics(
                totals,
                ended.isEmpty()
                        ? OptionalDouble.empty()
                        : OptionalDouble.of((double) totals.getOrDefault(ExecutionStatus.COMPLETED, 0) / ended.size()),
                ended.stream().reduce(Duration::plus).map(sum -> sum.dividedBy(ended.size())),
                ended.stream().max(Comparator.naturalOrder()),
                executions.stream().map(ExecutionSummary::startedAt).max(Comparator.naturalOrder()));
    }

    /**
     * How many executions there are.
     *
     * @return the sum of the totals
     */
    public int count() {
        return totals.values().stream().mapToInt(Integer::intValue).sum();
    }

    /**
     * How many executions go on.
     *
     * @return the sum of the totals of all statuses that are not terminal
     */
    public int running() {
        return totals.entrySet().stream()
                .filter(entry -> !entry.getKey().isTerminal())
                .mapToInt(Map.Entry::getValue)
                .sum();
    }
}
