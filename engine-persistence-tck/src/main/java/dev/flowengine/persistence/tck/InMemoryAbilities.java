package dev.flowengine.persistence.tck;

import dev.flowengine.persistence.Counters;
import dev.flowengine.persistence.OnceMarks;
import dev.flowengine.persistence.Payload;
import dev.flowengine.persistence.ResultCacheStore;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The optional abilities of a store in memory, guarded by the lock of that store. */
final class InMemoryAbilities implements OnceMarks, Counters, ResultCacheStore {
    private static final int MOST_ENTRIES = 10_000;

    private final Object lock;
    private final Leases leases;
    private final Map<String, Instant> marks = new HashMap<>();
    private final Map<String, Map<String, String>> workersByHolder = new HashMap<>();
    private final Map<String, Entry> cache = new LinkedHashMap<>();

    InMemoryAbilities(Object lock, Leases leases) {
        this.lock = lock;
        this.leases = leases;
    }

    @Override
    public boolean setOnce(String mark, Duration keep) {
        synchronized (lock) {
            Instant now = leases.now();
            marks.values().removeIf(end -> !end.isAfter(now));
            return marks.putIfAbsent(mark, now.plus(keep)) == null;
        }
    }

    @Override
    public boolean tryAcquire(String counter, String holder, String workerId, long limit) {
        synchronized (lock) {
            Map<String, String> holders = workersByHolder.computeIfAbsent(counter, name -> new HashMap<>());
            boolean counts = leases.isLive(holders.getOrDefault(holder, ""));
            boolean hasRoom = counts || count(counter) < limit;
            if (!leases.isLive(workerId) || !hasRoom) {
                return false;
            }
            holders.put(holder, workerId);
            return true;
        }
    }

    @Override
    public void release(String counter, String holder) {
        synchronized (lock) {
            workersByHolder.getOrDefault(counter, new HashMap<>()).remove(holder);
        }
    }

    @Override
    public long count(String counter) {
        synchronized (lock) {
            Map<String, String> holders = workersByHolder.getOrDefault(counter, Map.of());
            return holders.values().stream().filter(leases::isLive).count();
        }
    }

    @Override
    public Optional<Payload> get(String key) {
        synchronized (lock) {
            return Optional.ofNullable(cache.get(key))
                    .filter(entry -> entry.end().isAfter(leases.now()))
                    .map(Entry::value);
        }
    }

    @Override
    public void put(String key, Payload value, Duration keep) {
        synchronized (lock) {
            cache.remove(key);
            if (cache.size() >= MOST_ENTRIES) {
                cache.remove(cache.keySet().iterator().next());
            }
            cache.put(key, new Entry(value, leases.now().plus(keep)));
        }
    }

    @Override
    public void remove(String key) {
        synchronized (lock) {
            cache.remove(key);
        }
    }

    /** What is cached, and until when. */
    private record Entry(Payload value, Instant end) {}
}
