package dev.flowengine.persistence;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what is too large for the rows of an {@link ExecutionStore}: whole files of bytes, which belong to a run and go with
 * it. The engine writes a blob before the batch that refers to it, under a name nobody has used, and never changes it; a
 * row that names a blob therefore names one that is there.
 *
 * <p>What a crash leaves behind is bounded in two ways. A writer that was never committed leaves nothing that can be read; what
 * it has taken up is freed with the run. And blobs of runs that are not there, because they were purged or never came to be
 * created, are found by {@link #idleRuns}: whoever has the execution store asks it which of them are gone, and removes
 * their blobs. So a blob store belongs to one execution store; what another one knows nothing of would be removed.
 *
 * <p><b>Threads.</b> Safe for use by many threads and, where the data is shared, by many processes at once.
 *
 * <p><b>Time.</b> A store has one clock, which alone judges ages.
 *
 * <p><b>Errors.</b> An {@link IOException} and a {@linkplain StoreException#isTransient() transient} {@link StoreException} may be
 * gone at the next try, and the caller tries again for a while. A {@link StoreException} that is not (no permission, a blob that
 * is larger than the store takes, which is {@linkplain StoreException#refused refused} as {@code TOO_LARGE}) stays until somebody
 * does something. A store keeps blobs of at least 5 GiB unless it says otherwise, and holds none of them in memory as a whole.
 */
public interface BlobStore {

    /**
     * Begins a blob.
     *
     * @param key what it will be known by; a blob of the same key is replaced once this one is committed
     * @return takes the bytes
     * @throws IOException if that cannot be done now
     */
    BlobWriter write(BlobKey key) throws IOException;

    /**
     * Reads a blob from its first byte on. The stream holds what was committed when this was called, or fails, though the blob
     * may be removed meanwhile.
     *
     * @param key what it is known by
     * @return a stream, to be closed by the caller; empty if there is no such blob
     * @throws IOException if it is there, or may be, and cannot be read now
     */
    Optional<InputStream> read(BlobKey key) throws IOException;

    /**
     * Writes a blob that is equal to another one.
     *
     * @param from the other one
     * @param to what the copy will be known by
     * @return false if the other one is not there
     * @throws IOException if that cannot be done now
     */
    default boolean copy(BlobKey from, BlobKey to) throws IOException {
        Optional<InputStream> found = read(from);
        if (found.isEmpty()) {
            return false;
        }
        try (InputStream in = found.get();
                BlobWriter out = write(to)) {
            in.transferTo(out);
            out.commit();
        }
        return true;
    }

    /**
     * Removes everything that belongs to a run, also what is still being written. A repetition changes nothing.
     *
     * @param executionId the run
     * @throws IOException if something may be left over; the call is to be repeated then
     */
    void remove(String executionId) throws IOException;

    /**
     * Lists runs that something belongs to, of which nothing was begun, written or committed for a while: a page at a time, in an
     * order of the store's own, which stays the same. A run to which something was written before the listing began is on
     * one of the pages, unless it is removed meanwhile.
     *
     * @param atLeast for how long; not negative
     * @param after the last id of the page before; null for the first page
     * @param limit how many at most; positive
     * @return ids of runs; fewer than the limit at the end of the list
     * @throws IOException if they cannot be listed now
     */
    List<String> idleRuns(Duration atLeast, @Nullable String after, int limit) throws IOException;
}
