package dev.flowengine.internal.attempt;

import dev.flowengine.extension.ResultCache;
import dev.flowengine.flow.NodeDefinition;
import java.time.Duration;
import java.util.Optional;

/** Where results of nodes are kept to be used again. Whatever it throws counts as nothing being there. Thread-safe. */
public interface KeptResults {

    /**
     * Reads a result.
     *
     * @param node the node, with a policy that says to
     * @param key what the result is known by
     * @return the result last put, unless it is too old or gone
     */
    Optional<ResultCache.Result> get(NodeDefinition node, ResultCache.Key key);

    /**
     * Keeps a result.
     *
     * @param node the node
     * @param key what the result is known by
     * @param result the result
     * @param keep for how long it may be read; positive
     */
    void put(NodeDefinition node, ResultCache.Key key, ResultCache.Result result, Duration keep);

    /**
     * Keeps results where the host says.
     *
     * @param cache the host's, which needs to know nothing of the node
     * @return the same
     */
    static KeptResults in(ResultCache cache) {
        return new KeptResults() {
            @Override
            public Optional<ResultCache.Result> get(NodeDefinition node, ResultCache.Key key) {
                return cache.get(key);
            }

            @Override
            public void put(NodeDefinition node, ResultCache.Key key, ResultCache.Result result, Duration keep) {
                cache.put(key, result, keep);
            }
        };
    }
}
