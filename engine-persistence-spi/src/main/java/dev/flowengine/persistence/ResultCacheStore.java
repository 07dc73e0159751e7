package dev.flowengine.persistence;

import java.time.Duration;
import java.util.Optional;

/**
 * An optional ability of a store: results of nodes that other runs, in any process, may use again. It is a cache: an entry
 * may be gone at any time, and a store bounds how much it keeps. What is said of every store in the documentation of this package holds here, too.
 */
public interface ResultCacheStore {

    /**
     * Reads an entry.
     *
     * @param key what it is known by
     * @return the value last put, unless it is too old or gone
     */
    Optional<Payload> get(String key);

    /**
     * Writes an entry in place of one of the same key. An entry the store cannot keep is refused with a
     * {@link StoreException}, and what was there before may be gone.
     *
     * @param key what it is known by
     * @param value the value
     * @param keep for how long it may be read, in the store's time; positive
     */
    void put(String key, Payload value, Duration keep);

    /**
     * Removes an entry; nothing happens if it is not there.
     *
     * @param key what it is known by
     */
    void remove(String key);
}
