package dev.flowengine.internal.journal;

import dev.flowengine.execution.Retention;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.persistence.ExecutionStore;
import dev.flowengine.persistence.PurgeRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * Removes ended executions from a store, a bounded number with each call, until none is left that has to go. What cannot be
 * removed in one call is tried with half of it, down to a single execution, so that it progresses however large they are. It
 * has a thread of its own, so that it never holds up those that look after executions that go on.
 *
 * <p>Any number of engines may do so on one store. Thread-safe.
 */
public final class Purge {
    private static final int MOST_AT_ONCE = 500;
    private static final int SWEEPS = 12;
    private static final Duration LONG = Duration.ofDays(1);
    /** Longer than anything stores can tell: nothing is that old. */
    private static final Duration LONGEST = Duration.ofDays(365_000);

    private final ExecutionStore store;
    private final List<Outcome> outcomes;
    private final Sweeper sweeper;

    /**
     * Creates what has not begun.
     *
     * @param store where to remove them
     * @param retention which have to go
     * @param sweepInterval how often the store is looked after; this is done with every twelfth time
     * @param threads creates its thread
     */
    public Purge(ExecutionStore store, Retention retention, Duration sweepInterval, ThreadFactory threads) {
        this.store = store;
        this.outcomes = Arrays.stream(ExecutionStatus.values())
                .filter(ExecutionStatus::isTerminal)
                .map(status -> new Outcome(status, retention.ageOf(status), retention.countOf(status)))
                .filter(Outcome::isLimited)
                .toList();
        Duration interval = sweepInterval.compareTo(LONG) < 0 ? sweepInterval.multipliedBy(SWEEPS) : sweepInterval;
        this.sweeper = new Sweeper(interval, this::removeSome, threads);
    }

    /** Begins, if there is anything that may have to go some day. */
    public void start() {
        if (!outcomes.isEmpty()) {
            sweeper.start();
        }
    }

    /**
     * Why executions of an outcome cannot be removed.
     *
     * @return what the store said; empty if they can
     */
    public Optional<Throwable> failing() {
        for (Outcome outcome : outcomes) {
            Throwable failure = outcome.failing;
            if (failure != null) {
                return Optional.of(failure);
            }
        }
        return Optional.empty();
    }

    /**
     * Ends it after the call that is under way.
     *
     * @param atMost how long to wait for that
     * @throws InterruptedException if the thread is interrupted while waiting
     */
    public void close(Duration atMost) throws InterruptedException {
        sweeper.close(atMost);
    }

    /** One call for each outcome, and then the others have their turn. */
    private void removeSome() {
        Instant now = store.now();
        RuntimeException failure = null;
        for (Outcome outcome : outcomes) {
            try {
                if (outcome.removeSome(now)) {
                    sweeper.nudge();
                }
            } catch (RuntimeException failed) {
                failure = failed;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** The executions that ended in one way; for the thread of the sweeper. */
    private final class Outcome {
        private final ExecutionStatus status;
        private final Optional<Duration> age;
        private final OptionalLong count;
        private int atOnce = MOST_AT_ONCE;
        private volatile @Nullable RuntimeException failing;

        Outcome(ExecutionStatus status, Optional<Duration> age, OptionalLong count) {
            this.status = status;
            this.age = age.filter(any -> any.compareTo(LONGEST) < 0);
            this.count = count;
        }

        boolean isLimited() {
            return age.isPresent() || count.isPresent();
        }

        /** Removes at most as many as are tried at once; true if that is worth to be done again now. */
        boolean removeSome(Instant now) {
            int limit = atOnce;
            try {
                int removed =
                        store.purge(new PurgeRequest(status, Optional.empty(), age.map(now::minus), count, limit));
                failing = null;
                atOnce = Math.min(MOST_AT_ONCE, 2 * limit);
                return removed >= limit;
            } catch (RuntimeException failure) {
                failing = failure;
                atOnce = Math.max(1, limit / 2);
                if (limit > 1) {
                    return true;
                }
                throw failure;
            }
        }
    }
}
