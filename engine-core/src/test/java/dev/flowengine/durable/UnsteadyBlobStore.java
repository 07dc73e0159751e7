package dev.flowengine.durable;

import dev.flowengine.persistence.BlobKey;
import dev.flowengine.persistence.BlobStore;
import dev.flowengine.persistence.BlobWriter;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A blob store that fails so many of the next writes or reads. */
class UnsteadyBlobStore implements BlobStore {
    private final BlobStore store;
    private final Supplier<? extends Exception> failure;
    private final AtomicInteger failingWrites = new AtomicInteger();
    private final AtomicInteger failingReads = new AtomicInteger();

    UnsteadyBlobStore(BlobStore store, Supplier<? extends Exception> failure) {
        this.store = store;
        this.failure = failure;
    }

    void failWrites(int next) {
        failingWrites.set(next);
    }

    void failReads(int next) {
        failingReads.set(next);
    }

    int failuresLeft() {
        return Math.max(0, failingWrites.get()) + Math.max(0, failingReads.get());
    }

    @Override
    public BlobWriter write(BlobKey key) throws IOException {
        fail(failingWrites);
        return store.write(key);
    }

    @Override
    public Optional<InputStream> read(BlobKey key) throws IOException {
        fail(failingReads);
        return store.read(key);
    }

    @Override
    public void remove(String executionId) throws IOException {
        store.remove(executionId);
    }

    @Override
    public List<String> idleRuns(Duration atLeast, @Nullable String after, int limit) throws IOException {
        return store.idleRuns(atLeast, after, limit);
    }

    private void fail(AtomicInteger left) throws IOException {
        if (left.getAndDecrement() > 0) {
            Exception thrown = failure.get();
            if (thrown instanceof IOException io) {
                throw io;
            }
            throw (RuntimeException) thrown;
        }
    }
}
