package dev.flowengine.extension;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps results of nodes, for those whose flow says so with a {@link dev.flowengine.flow.CachePolicy}. It is a cache: an
 * entry may be gone at any time, and whatever it throws is taken for an entry that is not there. The module {@code engine-cache}
 * brings one. Thread-safe; called on threads of bodies; for asynchronous ones on whatever thread completes them.
 */
public interface ResultCache {

    /**
     * Reads an entry.
     *
     * @param key what it is known by
     * @return the result last put, unless it is too old or gone
     */
    Optional<Result> get(Key key);

    /**
     * Writes an entry in place of one of the same key.
     *
     * @param key what it is known by
     * @param result the result
     * @param keep for how long it may be read; positive
     */
    void put(Key key, Result result, Duration keep);

    /**
     * What a result is known by. Equal to another one if all components are.
     *
     * @param flowId the flow
     * @param version that of the flow, or of the node
     * @param nodeId the node
     * @param given what the node was given, or what its policy makes of that
     */
    record Key(String flowId, String version, String nodeId, Object given) {}

    /**
     * A result.
     *
     * @param value what the node put out; may be null, and is not changed
     */
    record Result(@Nullable Object value) {}
}
