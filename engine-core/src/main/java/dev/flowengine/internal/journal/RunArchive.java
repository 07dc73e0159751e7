package dev.flowengine.internal.journal;

import dev.flowengine.extension.TimeSource;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The executions that have ended, as long as they may be found again: bounded by count, by age, and by the nodes they
 * hold together, so that large executions cannot fill the memory. Thread-safe.
 *
 * @param <R> what is kept of an execution
 */
public final class RunArchive<R> {
    private static final long MOST_NODES = 2_000_000;

    private final int maxExecutions;
    private final long maxAgeNanos;
    private final TimeSource time;
    private final Consumer<R> evicted;
    private final Map<String, R> byId = new HashMap<>();
    private final Deque<Entry> oldestFirst = new ArrayDeque<>();
    private long nodes;

    /**
     * Creates an empty archive.
     *
     * @param maxExecutions how many are kept at most
     * @param maxAge how long each is kept at most
     * @param time the clock
     * @param evicted is told what is not kept any more, by whoever makes it go; does not block
     */
    public RunArchive(int maxExecutions, Duration maxAge, TimeSource time, Consumer<R> evicted) {
        this.maxExecutions = maxExecutions;
        this.maxAgeNanos = TimeUnit.NANOSECONDS.convert(maxAge);
        this.time = time;
        this.evicted = evicted;
    }

    /**
     * Keeps an execution.
     *
     * @param id its id
     * @param size how many nodes it holds
     * @param execution what is kept of it
     */
    public synchronized void add(String id, int size, R execution) {
        byId.put(id, execution);
        oldestFirst.add(new Entry(id, size, time.nanoTime()));
        nodes += size;
        evict();
    }

    /**
     * Finds an execution.
     *
     * @param id its id
     * @return what was kept of it, if it still is
     */
    public synchronized Optional<R> find(String id) {
        evict();
        return Optional.ofNullable(byId.get(id));
    }

    /**
     * Everything that is kept.
     *
     * @return a copy, oldest first
     */
    public synchronized List<R> all() {
        evict();
        List<R> all = new ArrayList<>(oldestFirst.size());
        for (Entry entry : oldestFirst) {
            R kept = byId.get(entry.id());
            if (kept != null) {
                all.add(kept);
            }
        }
        return all;
    }

    private void evict() {
        long now = time.nanoTime();
        Entry oldest = oldestFirst.peek();
        while (oldest != null && isTooMuch(oldest, now)) {
            oldestFirst.remove();
            R gone = byId.remove(oldest.id());
            if (gone != null) {
                evicted.accept(gone);
            }
            nodes -= oldest.size();
            oldest = oldestFirst.peek();
        }
    }

    private boolean isTooMuch(Entry oldest, long now) {
        return oldestFirst.size() > maxExecutions
                || now - oldest.archivedAt() > maxAgeNanos
                || (nodes > MOST_NODES && oldestFirst.size() > 1);
    }

    /** An execution in the order of archiving. */
    private record Entry(String id, int size, long archivedAt) {}
}
