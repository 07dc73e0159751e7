package dev.flowengine.jdbc;

import java.time.Duration;

/**
 * For how long the database may be busy with us.
 *
 * @param statement the longest time of one statement, and of the silence between two of a transaction: somebody who stands
 *     still in the middle of one would otherwise keep its rows from everybody for as long
 * @param lock the longest wait for a row that somebody else holds
 */
record Limits(Duration statement, Duration lock) {
    /** More would be none; databases count in 32 bits. */
    private static final Duration LONGEST = Duration.ofDays(1);
    /** Long enough for slow disks, and shorter than any lease one should choose. */
    static final Limits DEFAULT = new Limits(Duration.ofSeconds(15), Duration.ofSeconds(5));

    Limits {
        check(statement);
        check(lock);
    }

    private static void check(Duration timeout) {
        if (timeout.compareTo(Duration.ofMillis(1)) < 0 || timeout.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "a timeout is " + timeout + ", but must be at least a millisecond and at most a day");
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

    /** More time for statements that make tables. */
    Limits forTables() {
        Duration more = statement.multipliedBy(10);
        return new Limits(more.compareTo(LONGEST) > 0 ? LONGEST : more, lock);
    }
}
