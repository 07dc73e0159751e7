package dev.flowengine.persistence.tck;

import java.util.List;

/**
 * Something a host could do in a transaction of the store's: it keeps lines. What is not committed is not kept. Thread-safe.
 *
 * @param <C> what it is done with, such as {@code java.sql.Connection}
 */
public interface HostWork<C> {

    /**
     * What the work is done with.
     *
     * @return a kind that the store {@linkplain dev.flowengine.persistence.TransactionalSteps#offers offers}
     */
    Class<C> resource();

    /**
     * Adds a line.
     *
     * @param resource takes part in the transaction
     * @param line the line; not empty, ASCII
     * @throws Exception if it cannot be added
     */
    void add(C resource, String line) throws Exception;

    /**
     * The lines that are kept, as somebody else sees them.
     *
     * @return the lines, in no particular order
     */
    List<String> done();
}
