package dev.flowengine.jdbc;

import java.time.Duration;

/**
 * For how long the database may be busy with us.
 *
 * @param statement the longest time of one statement
 * @param lock the longest wait for a row that somebody else holds
 */
record Limits(Duration statement, Duration lock) {
    /** Long enough for slow disks, and shorter than any lease one should choose. */
    static final Limits DEFAULT = new Limits(Duration.ofSeconds(15), Duration.ofSeconds(5));

    Limits {
        if (statement.toMillis() < 1 || lock.toMillis() < 1) {
            throw new IllegalArgumentException("timeouts are at least a millisecond: " + statement + ", " + lock);
        }
    }

    long statementMillis() {
        return statement.toMillis();
    }

    /** Whole seconds, rounded up: what {@code setQueryTimeout} knows. */
    int statementSeconds() {
        return Math.toIntExact((statement.toMillis() + 999) / 1000);
    }

    long lockMillis() {
        return lock.toMillis();
    }

    int lockSeconds() {
        return Math.toIntExact((lock.toMillis() + 999) / 1000);
    }

    /** More time for statements over all rows of a run. */
    Limits forWholeRuns() {
        return new Limits(statement.multipliedBy(10), lock);
    }
}
