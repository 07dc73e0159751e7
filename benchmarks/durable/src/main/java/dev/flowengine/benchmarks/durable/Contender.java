package dev.flowengine.benchmarks.durable;

import java.sql.SQLException;
import javax.sql.DataSource;

/**
 * Keeps flows of {@value #STEPS} steps in a row that do nothing in a PostgreSQL database. Peers are found as services, so
 * that each can have a module of its own.
 */
public interface Contender extends AutoCloseable {
    /** Steps of a flow. */
    int STEPS = 10;

    /**
     * What it is called in the report.
     *
     * @return a short name
     */
    String name();

    /**
     * Gets ready; called once.
     *
     * @param dataSource a pool over an empty database of its own
     * @param times is told whenever a step of a flow begins
     * @throws Exception if it cannot
     */
    void open(DataSource dataSource, StepTimes times) throws Exception;

    /**
     * Runs flows one after the other, usually one, and returns once the end of the last is kept. Called by many threads.
     *
     * @param flow a number no other call has, nor the {@link #flowsPerCall()} numbers that follow
     * @throws Exception if a flow does not complete
     */
    void run(long flow) throws Exception;

    /**
     * How many flows one call runs.
     *
     * @return at least 1
     */
    default int flowsPerCall() {
        return 1;
    }

    /**
     * How many threads call at once so that so many flows are under way.
     *
     * @param concurrent how many flows
     * @return at least 1
     */
    default int callers(int concurrent) {
        return concurrent;
    }

    @Override
    default void close() throws SQLException {}
}
