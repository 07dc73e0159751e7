package dev.flowengine.persistence.tck;

import dev.flowengine.persistence.ExecutionStore;
import java.time.Duration;
import java.util.Optional;

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

    /**
     * Something a host could do in a transaction of the store's, for a store with
     * {@link dev.flowengine.persistence.TransactionalSteps}.
     *
     * @return the work, with nothing done; empty if the store has no such ability
     */
    default Optional<HostWork<?>> hostWork() {
        return Optional.empty();
    }

    /** Removes the data of the test. */
    @Override
    default void close() {}
}
