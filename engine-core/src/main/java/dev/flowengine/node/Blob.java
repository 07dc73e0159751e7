package dev.flowengine.node;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * A value that is too large for the memory: bytes in the blob store of the engine, which a node has written with
 * {@link NodeContext#blob} and other nodes read as a stream. What goes from node to node, and into the store of the
 * executions, is a reference.
 *
 * <p>A blob is a value of its own: the type of a port is {@code Blob}, and not a type with blobs in it. It lasts as long as its
 * execution is kept. One that is given to another execution, as its input or in a redrive, is copied for that one when it
 * starts. Equal to another one if it is the same blob. Immutable and thread-safe; made by the engine alone.
 */
public interface Blob {

    /**
     * How many bytes there are.
     *
     * @return the size, not negative
     */
    long size();

    /**
     * A digest of the bytes, as it was taken when they were written.
     *
     * @return SHA-256 in hexadecimal, 64 characters
     */
    String sha256();

    /**
     * Reads the bytes from the first one on. Their number and digest are checked when the end is reached.
     *
     * @return a stream, to be closed by the caller; its methods throw as this one does
     * @throws IOException if the blob cannot be read now
     * @throws dev.flowengine.model.FlowException of kind {@code SERIALIZATION} if it is missing or damaged, which names execution,
     *     node and blob
     */
    InputStream open() throws IOException;

    /** Writes the bytes of a blob. */
    @FunctionalInterface
    interface Content {

        /**
         * Writes them.
         *
         * @param out where to; closed by the engine
         * @throws Exception if they cannot be had; then there is no blob
         */
        void writeTo(OutputStream out) throws Exception;
    }
}
