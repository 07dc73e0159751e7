package dev.flowengine.internal.kernel;

import dev.flowengine.extension.TimeSource;
import dev.flowengine.internal.machine.ExecutionMachine;
import dev.flowengine.internal.scheduling.RunTimers;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Has things done to an execution when they are due, after a time or at an instant. Thread-safe. */
final class RunAlarms {
    /** How long it may take to notice that somebody has set the clock forward. */
    private static final Duration CLOCK_CHECK = Duration.ofMinutes(1);

    /** How often the clock is looked at during a long wait for an instant: nobody waits for years by the minute. */
    private static final int CLOCK_CHECKS = 8;

    /** Longer than anybody waits, and still a time that clocks can tell. */
    private static final Duration AGES = Duration.ofDays(36_500);

    private final TimeSource time;
    private final RunTimers timers;
    private final Consumer<Consumer<ExecutionMachine>> run;

    RunAlarms(TimeSource time, RunTimers timers, Consumer<Consumer<ExecutionMachine>> run) {
        this.time = time;
        this.timers = timers;
        this.run = run;
    }

    void arm(Object key, RunTimers.Granted granted, boolean standsStill, Consumer<Duration> task) {
        timers.arm(key, granted, standsStill, all -> {
            try {
                task.accept(all);
            } catch (RuntimeException | Error broken) {
                // What was to happen will not: without it the execution might never end.
                run.accept(machine -> machine.abort(
                        FlowException.of(FailureKind.INVALID_FLOW_STATE, "what was due could not be done: " + broken)
                                .cause(broken)
                                .suggestedResolution("Look at the clock and the timer given to the engine's builder.")
                                .build()));
            }
        });
    }

    private void arm(Object key, Duration delay, Consumer<Duration> task) {
        arm(key, new RunTimers.Granted(delay, delay), false, task);
    }

    /** Wakes a node at an instant, if it still waits for that by then. */
    void awaitInstant(Object key, int node, int ticket, Instant until) {
        Duration left = left(until);
        Duration check = left.dividedBy(CLOCK_CHECKS);
        Duration atMost = check.compareTo(CLOCK_CHECK) < 0 ? CLOCK_CHECK : check;
        arm(key, left.compareTo(atMost) < 0 ? left : atMost, all -> {
            if (time.instant().isBefore(until)) {
                // What is left until then changes when the clock is set.
                run.accept(machine -> {
                    if (machine.waits().awaitsTime(node, ticket)) {
                        awaitInstant(key, node, ticket, until);
                    }
                });
            } else {
                run.accept(machine -> machine.waits().woke(node, ticket));
            }
        });
    }

    /** Does something at an instant. */
    void awaitDeadline(Object key, Instant deadline, Runnable due) {
        Duration delay = left(deadline);
        arm(key, delay.compareTo(CLOCK_CHECK) < 0 ? delay : CLOCK_CHECK, all -> {
            if (time.instant().isBefore(deadline)) {
                // A deadline is an instant: what is left until then changes when the clock is set.
                awaitDeadline(key, deadline, due);
            } else {
                due.run();
            }
        });
    }

    /**
     * When something is due next.
     *
     * @param instants those that are waited for
     * @return the first of them, or of what is armed here and whose time can stand still; null if there is none
     */
    @Nullable
    Instant next(Stream<Instant> instants) {
        Instant now = time.instant();
        Instant last = now.plus(AGES);
        Duration left = timers.next();
        Stream<Instant> armed =
                left == null ? Stream.empty() : Stream.of(left.compareTo(AGES) < 0 ? now.plus(left) : last);
        return Stream.concat(armed, instants)
                .min(Comparator.naturalOrder())
                .map(first -> first.isBefore(last) ? first : last)
                .orElse(null);
    }

    private Duration left(Instant until) {
        Duration left = Duration.between(time.instant(), until);
        return left.isNegative() ? Duration.ZERO : left;
    }
}
