package dev.flowengine.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import dev.flowengine.extension.ResultCache;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Keeps results in the memory of the process: as many as it is allowed to, those first that are used again. Found by {@link
 * java.util.ServiceLoader}, with room for {@value #DEFAULT_ENTRIES} results; give one of your own to
 * {@code FlowEngineBuilder.resultCache} for another bound, or to share it between engines. Thread-safe.
 *
 * <p>Results are kept as they are, and not copied: as everywhere, what a node has put out must not be changed.
 */
public final class CaffeineResultCache implements ResultCache {
    /** How many results there is room for unless the host says otherwise. */
    public static final int DEFAULT_ENTRIES = 10_000;

    private final Cache<Key, Entry> entries;

    /** Creates a cache for {@value #DEFAULT_ENTRIES} results, as it is installed. */
    public CaffeineResultCache() {
        this(DEFAULT_ENTRIES);
    }

    /**
     * Creates a cache.
     *
     * @param mostEntries how many results there is room for; not negative
     * @throws IllegalArgumentException if it is negative
     */
    public CaffeineResultCache(long mostEntries) {
        this(mostEntries, System::nanoTime);
    }

    CaffeineResultCache(long mostEntries, LongSupplier nanoTime) {
        this.entries = Caffeine.newBuilder()
                .maximumSize(mostEntries)
                .ticker(nanoTime::getAsLong)
                // On the thread that calls: the common pool belongs to the host.
                .executor(Runnable::run)
                .expireAfter(Expiry.<Key, Entry>writing((key, entry) -> entry.keep()))
                .build();
    }

    @Override
    public Optional<Result> get(Key key) {
        return Optional.ofNullable(entries.getIfPresent(key)).map(Entry::result);
    }

    @Override
    public void put(Key key, Result result, Duration keep) {
        entries.put(key, new Entry(result, keep));
    }

    /** Removes all results. */
    public void clear() {
        entries.invalidateAll();
    }

    private record Entry(Result result, Duration keep) {}
}
