package dev.flowengine.blob;

import dev.flowengine.persistence.BlobWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A blob that is being written to a file of its own. */
final class FileBlobWriter extends BlobWriter {
    private static final int BUFFER = 1 << 16;

    private final RunDirectory directory;
    private final String name;
    private final Path file;
    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    private boolean committed;

    FileBlobWriter(RunDirectory directory, String name) throws IOException {
        this.directory = directory;
        this.name = name;
        this.file = directory.unfinished();
        this.channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    @Override
    public void write(int one) throws IOException {
        requireOpen();
        if (!buffer.hasRemaining()) {
            drain();
        }
        buffer.put((byte) one);
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
        requireOpen();
        if (length <= buffer.remaining()) {
            buffer.put(from, offset, length);
        } else {
            drain();
            drain(ByteBuffer.wrap(from, offset, length));
        }
    }

    @Override
    public void flush() throws IOException {
        requireOpen();
        drain();
    }

    @Override
    public void commit() throws IOException {
        requireOpen();
        drain();
        channel.force(true);
        channel.close();
        try {
            directory.moveIntoPlace(file, name);
            committed = true;
        } finally {
            close();
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
        if (!committed) {
            Files.deleteIfExists(file);
        }
    }

    private void drain() throws IOException {
        drain(buffer.flip());
        buffer.clear();
    }

    private void drain(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private void requireOpen() throws IOException {
        if (!channel.isOpen()) {
            throw new IOException("blob '" + name + "' is committed or given up, and takes nothing more");
        }
    }
}
