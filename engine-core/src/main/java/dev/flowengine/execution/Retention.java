package dev.flowengine.execution;

import dev.flowengine.model.ExecutionStatus;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How long a store keeps executions that have ended, by outcome. An execution goes as soon as one limit says so, with all that
 * belongs to it; one that has not ended never does. Immutable: each method gives a changed copy.
 */
public final class Retention {
    private static final Retention UNLIMITED = new Retention(Map.of(), Map.of());

    private final Map<ExecutionStatus, Duration> ages;
    private final Map<ExecutionStatus, Long> counts;

    private Retention(Map<ExecutionStatus, Duration> ages, Map<ExecutionStatus, Long> counts) {
        this.ages = Map.copyOf(ages);
        this.counts = Map.copyOf(counts);
    }

    /**
     * Everything is kept.
     *
     * @return the retention to limit
     */
    public static Retention unlimited() {
        return UNLIMITED;
    }

    /**
     * Removes executions that ended so long ago, whatever their outcome.
     *
     * @param age positive
     * @return a copy
     */
    public Retention maxAge(Duration age) {
        Retention changed = this;
        for (ExecutionStatus status : ExecutionStatus.values()) {
            changed = status.isTerminal() ? changed.maxAge(status, age) : changed;
        }
        return changed;
    }

    /**
     * Removes executions of an outcome that ended so long ago.
     *
     * @param outcome a terminal status
     * @param age positive
     * @return a copy
     */
    public Retention maxAge(ExecutionStatus outcome, Duration age) {
        requireTerminal(outcome);
        if (age.isNegative() || age.isZero()) {
            throw new IllegalArgumentException("age is " + age + ", but must be positive");
        }
        return new Retention(with(ages, outcome, age), counts);
    }

    /**
     * Keeps so many executions of each outcome, those that ended last, counted over all flows.
     *
     * @param count at least 0
     * @return a copy
     */
    public Retention maxCount(long count) {
        Retention changed = this;
        for (ExecutionStatus status : ExecutionStatus.values()) {
            changed = status.isTerminal() ? changed.maxCount(status, count) : changed;
        }
        return changed;
    }

    /**
     * Keeps so many executions of an outcome, those that ended last, counted over all flows.
     *
     * @param outcome a terminal status
     * @param count at least 0
     * @return a copy
     */
    public Retention maxCount(ExecutionStatus outcome, long count) {
        requireTerminal(outcome);
        if (count < 0) {
            throw new IllegalArgumentException("count is " + count + ", but must be at least 0");
        }
        return new Retention(ages, with(counts, outcome, count));
    }

    /**
     * How long executions of an outcome are kept after their end.
     *
     * @param outcome the outcome
     * @return the age; empty if it does not matter
     */
    public Optional<Duration> ageOf(ExecutionStatus outcome) {
        return Optional.ofNullable(ages.get(outcome));
    }

    /**
     * How many executions of an outcome are kept.
     *
     * @param outcome the outcome
     * @return their number; empty if it does not matter
     */
    public OptionalLong countOf(ExecutionStatus outcome) {
        Long count = counts.get(outcome);
        return count == null ? OptionalLong.empty() : OptionalLong.of(count);
    }

    private static void requireTerminal(ExecutionStatus outcome) {
        if (!outcome.isTerminal()) {
            throw new IllegalArgumentException(
                    outcome + " is not terminal: only executions that have ended are removed");
        }
    }

    private static <V> Map<ExecutionStatus, V> with(Map<ExecutionStatus, V> limits, ExecutionStatus outcome, V limit) {
        Map<ExecutionStatus, V> changed = new EnumMap<>(ExecutionStatus.class);
        changed.putAll(limits);
        changed.put(outcome, limit);
        return changed;
    }
}
