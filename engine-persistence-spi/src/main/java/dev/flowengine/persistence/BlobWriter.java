package dev.flowengine.persistence;

import java.io.IOException;
import java.io.OutputStream;

/**
 * A blob that is being written. It is there once {@link #commit} has returned, as a whole; what is closed before that
 * leaves nothing that anybody could read. For one thread at a time.
 */
public abstract class BlobWriter extends OutputStream {

    /** For stores. */
    protected BlobWriter() {}

    /**
     * Ends the blob. Once this has returned it is durable, and every read that begins afterwards finds it, in any process.
     *
     * @throws IOException if that cannot be done; the blob is not there then, or there as a whole, and may be written anew
     * @throws StoreException as with {@link BlobStore#write}
     */
    public abstract void commit() throws IOException;

    /** Gives the blob up unless it is committed. A repetition does nothing. */
    @Override
    public abstract void close() throws IOException;
}
