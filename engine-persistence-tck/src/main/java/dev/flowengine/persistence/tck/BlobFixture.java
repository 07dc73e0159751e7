package dev.flowengine.persistence.tck;

import dev.flowengine.persistence.BlobStore;
import java.time.Duration;

/** A blob store for one test: empty at first, and with a clock that the test sets forward. */
public interface BlobFixture extends AutoCloseable {

    /**
     * The store.
     *
     * @return the same store at each call
     */
    BlobStore store();

    /**
     * Another store over the same data, as another process has one.
     *
     * @return the same store at each call; the only one, if the data cannot be shared
     */
    default BlobStore anotherStore() {
        return store();
    }

    /**
     * Sets the clock forward by which every store over the same data judges ages.
     *
     * @param by how far
     */
    void advance(Duration by);

    /** Removes the data of the test. */
    @Override
    default void close() {}
}
