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
 * @param wallTimes within which time so many of them ended; empty if none has
 * @param lastStart when the latest was admitted; empty if there are no executions
 */
public record ExecutionStatistics(
        Map<ExecutionStatus, Integer> totals,
        OptionalDouble successRate,
        Optional<Duration> meanWallTime,
        Optional<Duration> longestWallTime,
        Optional<Percentiles> wallTimes,
        Optional<Instant> lastStart) {

    /** Copies the map and refuses null. */
    public ExecutionStatistics {
        Map<ExecutionStatus, Integer> copy = new EnumMap<>(ExecutionStatus.class);
        copy.putAll(totals);
        totals = Collections.unmodifiableMap(copy);
        Objects.requireNonNull(successRate, "successRate");
        Objects.requireNonNull(meanWallTime, "meanWallTime");
        Objects.requireNonNull(longestWallTime, "longestWallTime");
        Objects.requireNonNull(wallTimes, "wallTimes");
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
                .flatMap(execution -> execution.endedAt().stream()
                        .map(endedAt -> Duration.between(execution.startedAt(), endedAt))
                        // Begun on one machine and ended on another, whose clock is behind.
                        .map(wallTime -> wallTime.isNegative() ? Duration.ZERO : wallTime))
                .sorted()
                .toList();
        return new ExecutionStatistics(
                totals,
                ended.isEmpty()
                        ? OptionalDouble.empty()
                        : OptionalDouble.of((double) totals.getOrDefault(ExecutionStatus.COMPLETED, 0) / ended.size()),
                ended.stream().reduce(Duration::plus).map(sum -> sum.dividedBy(ended.size())),
                ended.stream().max(Comparator.naturalOrder()),
                ended.isEmpty() ? Optional.empty() : Optional.of(Percentiles.of(ended)),
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

    /**
     * Within which time so many executions ended.
     *
     * @param p50 half of them
     * @param p95 95 of 100
     * @param p99 99 of 100
     */
    public record Percentiles(Duration p50, Duration p95, Duration p99) {

        /** Refuses null. */
        public Percentiles {
            Objects.requireNonNull(p50, "p50");
            Objects.requireNonNull(p95, "p95");
            Objects.requireNonNull(p99, "p99");
        }

        /** Nearest rank: always a time that one of them took. */
        private static Percentiles of(List<Duration> sorted) {
            return new Percentiles(rank(sorted, 50), rank(sorted, 95), rank(sorted, 99));
        }

        private static Duration rank(List<Duration> sorted, int percent) {
            return sorted.get((int) (((long) sorted.size() * percent + 99) / 100) - 1);
        }
    }
}
