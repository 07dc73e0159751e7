package dev.flowengine.persistence.tck;

import dev.flowengine.persistence.BlobKey;
import dev.flowengine.persistence.BlobStore;
import dev.flowengine.persistence.BlobWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Blobs in memory, for tests. Thread-safe. */
public final class InMemoryBlobStore implements BlobStore {
    private final InstantSource clock;
    private final TreeMap<String, Run> runs = new TreeMap<>();
    private Duration ahead = Duration.ZERO;

    /** Creates a store that goes by the clock of the machine. */
    public InMemoryBlobStore() {
        this(SystemClock.INSTANCE);
    }

    /**
     * Creates a store.
     *
     * @param clock what ages are judged by
     */
    public InMemoryBlobStore(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * Sets the clock of this store forward.
     *
     * @param by how far
     */
    public synchronized void advance(Duration by) {
        ahead = ahead.plus(by);
    }

    /**
     * How many blobs there are.
     *
     * @return the number of those that are committed
     */
    public synchronized int size() {
        return runs.values().stream().mapToInt(run -> run.blobs.size()).sum();
    }

    /**
     * Changes a bit of every blob, as a bad disk may.
     *
     * @throws IllegalStateException if there is no blob that is not empty
     */
    public synchronized void damage() {
        boolean damaged = false;
        for (Run run : runs.values()) {
            for (byte[] blob : run.blobs.values()) {
                if (blob.length > 0) {
                    blob[blob.length / 2] ^= 1;
                    damaged = true;
                }
            }
        }
        if (!damaged) {
            throw new IllegalStateException("there is no blob to damage");
        }
    }

    @Override
    public synchronized BlobWriter write(BlobKey key) {
        touch(key.executionId());
        return new Writer(key);
    }

    @Override
    public synchronized Optional<InputStream> read(BlobKey key) {
        return Optional.ofNullable(runs.get(key.executionId()))
                .flatMap(run -> Optional.ofNullable(run.blobs.get(key.name())))
                .map(bytes -> new ByteArrayInputStream(bytes.clone()));
    }

    @Override
    public synchronized void remove(String executionId) {
        runs.remove(executionId);
    }

    @Override
    public synchronized List<String> idleRuns(Duration atLeast, @Nullable String after, int limit) {
        Instant latest = now().minus(atLeast);
        Map<String, Run> following = after == null ? runs : runs.tailMap(after, false);
        return following.entrySet().stream()
                .filter(run -> !run.getValue().writtenAt.isAfter(latest))
                .map(Map.Entry::getKey)
                .limit(limit)
                .toList();
    }

    private Instant now() {
        return clock.instant().plus(ahead);
    }

    private Run touch(String executionId) {
        Run run = runs.computeIfAbsent(executionId, any -> new Run());
        run.writtenAt = now();
        return run;
    }

    private synchronized void commit(BlobKey key, byte[] bytes) {
        touch(key.executionId()).blobs.put(key.name(), bytes);
    }

    /** What belongs to a run. */
    private static final class Run {
        private final Map<String, byte[]> blobs = new TreeMap<>();
        private Instant writtenAt = Instant.EPOCH;
    }

    /** A blob that is being written. */
    private final class Writer extends BlobWriter {
        private final BlobKey key;
        private @Nullable ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Writer(BlobKey key) {
            this.key = key;
        }

        @Override
        public void write(int one) throws IOException {
            open().write(one);
        }

        @Override
        public void write(byte[] from, int offset, int length) throws IOException {
            open().write(from, offset, length);
        }

        @Override
        public void commit() throws IOException {
            InMemoryBlobStore.this.commit(key, open().toByteArray());
            bytes = null;
        }

        @Override
        public void close() {
            bytes = null;
        }

        private ByteArrayOutputStream open() throws IOException {
            ByteArrayOutputStream still = bytes;
            if (still == null) {
                throw new IOException("the blob is ended");
            }
            return still;
        }
    }
}
