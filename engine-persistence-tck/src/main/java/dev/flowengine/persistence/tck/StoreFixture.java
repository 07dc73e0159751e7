package dev.flowengine.persistence.tck;

import dev.flowengine.persistence.ExecutionStore;
import java.time.Duration;

/** A store for one test: empty at first, and with a clock that the test sets forward. */
public interface StoreFixture extends AutoCloseable {

    /**
     * The store.
     *
     * @return the same store at each call
     */
    ExecutionStore store();

    /**
     * Another store over the same data, as another process has one.
     *
     * @return the same store at each call; the only one, if the data cannot be shared
     */
    default ExecutionStore anotherStore() {
        return store();
    }

    /**
     * Sets the clock of the store forward, for every store over the same data: what {@link ExecutionStore#now()} tells, and
     * what leases, wake times and expiry are judged by.
     *
     * @param by how far
     */
    void advance(Duration by);

    /** Removes the data of the test. */
    @Override
    default void close() {}
}
