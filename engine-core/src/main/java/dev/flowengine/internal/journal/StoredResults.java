package dev.flowengine.internal.journal;

import dev.flowengine.extension.ResultCache;
import dev.flowengine.flow.CachePolicy;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.graph.InputPort;
import dev.flowengine.internal.attempt.KeptResults;
import dev.flowengine.node.TypeRef;
import dev.flowengine.persistence.Payload;
import dev.flowengine.persistence.ResultCacheStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps results of nodes in a store, where all engines on it find them. There, two things are the same if the codec writes the
 * same bytes for them: an entry is known by a digest of what the node was given. Thread-safe.
 */
public final class StoredResults implements KeptResults {
    /** To be changed with the way keys or values are made. */
    private static final String FORMAT = "result 1";

    private static final TypeRef<Object> PLAIN = TypeRef.of(Object.class);

    private final ResultCacheStore store;
    private final Payloads payloads;

    /**
     * Keeps results in a store.
     *
     * @param store where
     * @param payloads encodes and decodes
     */
    public StoredResults(ResultCacheStore store, Payloads payloads) {
        this.store = store;
        this.payloads = payloads;
    }

    @Override
    public Optional<ResultCache.Result> get(NodeDefinition node, ResultCache.Key key) {
        return store.get(digest(node, key))
                .map(payload -> new ResultCache.Result(payloads.decode(payload, outputType(node))));
    }

    @Override
    public void put(NodeDefinition node, ResultCache.Key key, ResultCache.Result result, Duration keep) {
        Payload payload =
                payloads.encode(node, "the result of node '" + node.id() + "'", result.value(), outputType(node));
        store.put(digest(node, key), payload, keep);
    }

    private static TypeRef<?> outputType(NodeDefinition node) {
        List<String> ports = node.shape().outputs();
        return ports.isEmpty() ? PLAIN : Payloads.typeOf(node, ports.get(0)).orElse(PLAIN);
    }

    private String digest(NodeDefinition node, ResultCache.Key key) {
        Sha256 sha =
                new Sha256().add(FORMAT).add(key.flowId()).add(key.version()).add(key.nodeId());
        // What is declared now may not be what was written then, under a version of the node's own.
        sha.add(outputType(node).toString());
        boolean byInputs = node.cache().flatMap(CachePolicy::key).isEmpty();
        if (byInputs && key.given() instanceof List<?> given) {
            addInputs(sha, node, given);
        } else {
            add(sha, node, key.given(), null);
        }
        return sha.hex();
    }

    /** The parameters, and then for each port whether there is a value, and the value. */
    private void addInputs(Sha256 sha, NodeDefinition node, List<?> given) {
        add(sha, node, given.get(0), PLAIN);
        int next = 1;
        for (InputPort port : node.shape().inputs()) {
            sha.add(port.name()).add(String.valueOf(given.get(next)));
            add(sha, node, given.get(next + 1), node.inputType(port.name()).orElse(null));
            next += 2;
        }
    }

    /** Where nothing is declared, a value is written as what it is, so that two kinds of values are never taken for each other. */
    private void add(Sha256 sha, NodeDefinition node, @Nullable Object value, @Nullable TypeRef<?> declared) {
        if (declared == null && value instanceof List<?> values) {
            sha.add("list").add(String.valueOf(values.size()));
            values.forEach(element -> add(sha, node, element, null));
            return;
        }
        TypeRef<?> type = declared == null ? typeOf(value) : declared;
        sha.add(type.toString());
        sha.add(payloads.encode(node, "what node '" + node.id() + "' is given", value, type)
                .bytes());
    }

    private static TypeRef<?> typeOf(@Nullable Object value) {
        return value == null || value instanceof Map<?, ?> ? PLAIN : TypeRef.of(value.getClass());
    }
}
