package dev.flowengine.internal.kernel;

import dev.flowengine.extension.ResultCache;
import dev.flowengine.internal.attempt.CachedResults;
import dev.flowengine.internal.attempt.KeptResults;
import dev.flowengine.internal.journal.Blobs;
import dev.flowengine.internal.journal.Payloads;
import dev.flowengine.internal.journal.StoredResults;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.persistence.ResultCacheStore;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds what keeps the results of nodes. */
final class ResultCaches {
    private ResultCaches() {}

    /** What stands in front of bodies; null if nothing keeps results. */
    static @Nullable CachedResults of(EngineConfig config) {
        if (config.resultsInStore()) {
            StoreSettings settings = config.store();
            return new CachedResults(inStore(settings));
        }
        ResultCache cache = config.resultCache();
        return cache == null ? null : new CachedResults(KeptResults.in(cache));
    }

    private static KeptResults inStore(@Nullable StoreSettings settings) {
        if (settings == null) {
            throw refused("an engine without a store cannot keep results in the store");
        }
        Optional<ResultCacheStore> cache = settings.store().capability(ResultCacheStore.class);
        Payloads payloads = new Payloads(settings.codec(), settings.payloadLimit(), new Blobs(null, 0));
        return new StoredResults(
                cache.orElseThrow(() -> refused("the store of the engine cannot keep results: it has no cache")),
                payloads);
    }

    private static FlowException refused(String message) {
        return FlowException.of(FailureKind.INVALID_DEFINITION, message)
                .suggestedResolution(
                        "Give the builder a store that can, or resultCache(...) in place of" + " resultCacheInStore().")
                .build();
    }
}
