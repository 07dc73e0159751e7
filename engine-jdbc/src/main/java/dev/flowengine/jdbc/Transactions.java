package dev.flowengine.jdbc;

import dev.flowengine.persistence.Rejection;
import dev.flowengine.persistence.StoreException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs work in transactions of its own, each on a connection that goes back as it came. What the database undid for the
 * sake of others is done again at once, a few times: nothing of it was written. Whatever else happens is told as a {@link
 * StoreException}.
 */
final class Transactions {
    private static final Logger LOG = LoggerFactory.getLogger(Transactions.class);
    /** How often the same is tried at once. */
    static final int MOST_ATTEMPTS = 8;

    private static final long FIRST_PAUSE = TimeUnit.MILLISECONDS.toNanos(2);

    private final DataSource dataSource;
    private final Dialect dialect;
    private final Tables tables;
    private final Limits limits;
    private final Warnings warnings;

    Transactions(DataSource dataSource, Dialect dialect, Tables tables, Limits limits) {
        this(dataSource, dialect, tables, limits, new Warnings(System::nanoTime, LOG::warn));
    }

    Transactions(DataSource dataSource, Dialect dialect, Tables tables, Limits limits, Warnings warnings) {
        this.dataSource = dataSource;
        this.dialect = dialect;
        this.tables = tables;
        this.limits = limits;
        this.warnings = warnings;
    }

    Dialect dialect() {
        return dialect;
    }

    Tables tables() {
        return tables;
    }

    /** Work whose statements each see what was committed before. */
    <T> T run(String what, Work<T> work) {
        return told(() -> repeat(what, work, false));
    }

    /**
     * Work on many things at once, which fewer may get past.
     *
     * @throws RefusedByDatabase if the database refuses one of them
     * @throws TooSlow if they take too long
     */
    <T> T runMany(String what, Work<T> work) {
        return repeat(what, work, false);
    }

    /** Tells what nobody is told by an exception. */
    void warn(String what, String happened) {
        warnings.add(what, happened);
    }

    /** Reading, all of it as of one moment. */
    <T> T snapshot(String what, Work<T> work) {
        return told(() -> repeat(what, work, true));
    }

    /**
     * Work within a transaction of the host's, which it commits or undoes itself; nothing is repeated.
     */
    <T> T within(Connection connection, String what, Work<T> work) {
        return told(() -> {
            try {
                return finished(work, new Session(connection, dialect, tables, 1));
            } catch (SQLException e) {
                throw report(what, e, dialect.failure(e), new Progress());
            }
        });
    }

    /**
     * Work of the host's, on a connection as the data source hands it out; undone unless it answers true. Nothing is repeated.
     *
     * @throws Exception what the work throws
     */
    boolean forHost(String what, HostCall work) throws Exception {
        Progress progress = new Progress();
        Connection connection;
        try {
            connection = open();
        } catch (SQLException e) {
            throw asTold(what, e, progress);
        }
        try {
            boolean autoCommit = begun(what, connection, progress);
            try {
                boolean accepted = work.on(connection);
                if (accepted) {
                    commit(what, connection, progress);
                }
                return accepted;
            } finally {
                giveBack(connection, autoCommit, Optional.empty(), progress);
            }
        } finally {
            close(connection);
        }
    }

    /** Begins a transaction; tells whether the connection committed by itself before. */
    private boolean begun(String what, Connection connection, Progress progress) {
        try {
            boolean autoCommit = connection.getAutoCommit();
            connection.setAutoCommit(false);
            return autoCommit;
        } catch (SQLException e) {
            throw asTold(what, e, progress);
        }
    }

    private void commit(String what, Connection connection, Progress progress) {
        progress.committing = true;
        try {
            connection.commit();
        } catch (SQLException e) {
            throw asTold(what, e, progress);
        } catch (RuntimeException e) {
            throw unexpected(what, e, progress);
        }
        progress.committed = true;
    }

    private RuntimeException asTold(String what, SQLException e, Progress progress) {
        return told(() -> {
            throw report(what, e, dialect.failure(e), progress);
        });
    }

    private static <T> T told(Supplier<T> work) {
        try {
            return work.get();
        } catch (RefusedByDatabase e) {
            String detail = "the database refused it: " + e.getMessage();
            throw StoreException.refused(new Rejection(Rejection.Reason.UNSTORABLE_TEXT, detail));
        } catch (TooSlow e) {
            throw StoreException.transientFailure(String.valueOf(e.getMessage()), e.getCause());
        }
    }

    private <T> T repeat(String what, Work<T> work, boolean snapshot) {
        for (int attempt = 1; ; attempt++) {
            Progress progress = new Progress();
            try {
                return once(work, snapshot, attempt, progress);
            } catch (TryAgain found) {
                refuseForEver(what, attempt, found);
            } catch (StoreException e) {
                throw e;
            } catch (RuntimeException e) {
                throw unexpected(what, e, progress);
            } catch (SQLException e) {
                Failure failure = dialect.failure(e);
                boolean again = failure == Failure.ROLLED_BACK || failure == Failure.DUPLICATE;
                if (!again || attempt == MOST_ATTEMPTS) {
                    throw report(what, e, failure, progress);
                }
                warnings.add(what, "undone by the database, and done again: " + e.getMessage());
                LOG.debug("{} was undone, attempt {}", what, attempt, e);
                pause(attempt);
            }
        }
    }

    private static void refuseForEver(String what, int attempt, TryAgain found) {
        if (attempt == MOST_ATTEMPTS) {
            throw StoreException.permanentFailure(
                    what + ": " + found.getMessage() + ", however often it was looked for",
                    found,
                    "Check whether somebody else writes to the tables of the store.");
        }
    }

    private <T> T once(Work<T> work, boolean snapshot, int attempt, Progress progress) throws SQLException {
        Connection connection = open();
        try {
            boolean autoCommit = connection.getAutoCommit();
            connection.setAutoCommit(false);
            Optional<Dialect.Restore> restore = Optional.empty();
            try {
                restore = Optional.of(dialect.begin(connection, limits, snapshot));
                Session session = new Session(connection, dialect, tables, attempt);
                session.begin(dialect.settings(limits, snapshot));
                T result = finished(work, session);
                progress.committing = true;
                connection.commit();
                progress.committed = true;
                return result;
            } finally {
                giveBack(connection, autoCommit, restore, progress);
            }
        } finally {
            close(connection);
        }
    }

    private static <T> T finished(Work<T> work, Session session) throws SQLException {
        T result = work.in(session);
        session.finish();
        return result;
    }

    private Connection open() throws SQLException {
        try {
            return dataSource.getConnection();
        } catch (RuntimeException e) {
            throw StoreException.permanentFailure(
                    "the data source gives no connection: " + e, e, "Check the data source.");
        } catch (SQLException e) {
            // Pools say so when the thread that waits is interrupted, and tell it by nothing but the cause.
            if (e.getCause() instanceof InterruptedException) {
                throw StoreException.transientFailure("interrupted while waiting for a connection", e);
            }
            throw e;
        }
    }

    /** Nothing here may hide how the work ended: a connection that is broken shows it to the next one who uses it. */
    private static void giveBack(
            Connection connection, boolean autoCommit, Optional<Dialect.Restore> restore, Progress progress) {
        if (!progress.committed && !isUndone(connection)) {
            return;
        }
        try {
            if (restore.isPresent()) {
                restore.get().restore(connection);
                // What restores may have begun a transaction.
                connection.rollback();
            }
        } catch (SQLException | RuntimeException e) {
            LOG.debug("a connection could not be given back as it came", e);
        }
        try {
            connection.setAutoCommit(autoCommit);
        } catch (SQLException | RuntimeException e) {
            LOG.debug("a connection could not be given back as it came", e);
        }
    }

    /**
     * Undoes what was written. A connection that cannot do so is cut off: to set its autocommit would commit what is half
     * done.
     */
    private static boolean isUndone(Connection connection) {
        try {
            connection.rollback();
            return true;
        } catch (SQLException | RuntimeException e) {
            LOG.debug("a transaction could not be undone, its connection is cut off", e);
        }
        try {
            connection.abort(Runnable::run);
        } catch (SQLException | RuntimeException e) {
            LOG.debug("a connection could not be cut off", e);
        }
        return false;
    }

    private static void close(Connection connection) {
        try {
            connection.close();
        } catch (SQLException | RuntimeException e) {
            LOG.debug("a connection could not be closed", e);
        }
    }

    private static RuntimeException report(String what, SQLException e, Failure failure, Progress progress) {
        String message = what + ": " + e.getMessage();
        return switch (failure) {
            case DATA -> new RefusedByDatabase(e);
            // Told by the database itself: the transaction is undone, even if that happened at its end.
            case ROLLED_BACK -> StoreException.transientFailure(message, e);
            case TIMEOUT -> progress.committing ? StoreException.inDoubt(message, e) : new TooSlow(message, e);
            case TRANSIENT ->
                progress.committing ? StoreException.inDoubt(message, e) : StoreException.transientFailure(message, e);
            case DUPLICATE, PERMANENT ->
                progress.committing
                        ? StoreException.inDoubt(message, e)
                        : StoreException.permanentFailure(message, e, "Read what the database says, and check it.");
        };
    }

    /** What no driver should throw, and some do. */
    private static StoreException unexpected(String what, RuntimeException e, Progress progress) {
        return progress.committing
                ? StoreException.inDoubt(what + ": " + e, e)
                : StoreException.permanentFailure(what + ": " + e, e, "Report it, with the stack trace.");
    }

    /** Waits for what others do just now: longer each time, and never as long as they. */
    static void pause(int attempt) {
        long longest = FIRST_PAUSE << attempt;
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(longest / 4, longest));
    }

    /** Does something with the tables. */
    @FunctionalInterface
    interface Work<T> {
        T in(Session session) throws SQLException;
    }

    /** Does something in a transaction of the host's. */
    @FunctionalInterface
    interface HostCall {

        /** Does it; false if it is to be undone. */
        boolean on(Connection connection) throws Exception;
    }

    /** How far a transaction has come. */
    private static final class Progress {
        private boolean committing;
        private boolean committed;
    }
}
