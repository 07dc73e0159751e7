package dev.flowengine.json.payload;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** Takes so many bytes and no more: what is written on fails, which ends the writing. Not thread-safe. */
public final class BoundedBytes extends OutputStream {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final int limit;
    private final @Nullable BoundedBytes whole;
    private boolean overflown;

    /**
     * Begins with nothing.
     *
     * @param limit how many bytes it takes
     */
    public BoundedBytes(int limit) {
        this(limit, null);
    }

    private BoundedBytes(int limit, @Nullable BoundedBytes whole) {
        this.limit = limit;
        this.whole = whole;
    }

    /** Begins with nothing, for what will be a part of this: what is too long for that is too long for this. */
    BoundedBytes forPart() {
        return new BoundedBytes(limit, this);
    }

    /**
     * Whether there was more than it takes.
     *
     * @return true if something is missing
     */
    public boolean isOverflown() {
        return overflown;
    }

    /**
     * What was written.
     *
     * @return the bytes
     */
    public byte[] toByteArray() {
        return bytes.toByteArray();
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] buffer, int offset, int length) throws IOException {
        if (overflown || length > limit - bytes.size()) {
            overflow();
            throw new IOException("more than " + limit + " bytes");
        }
        bytes.write(buffer, offset, length);
    }

    private void overflow() {
        overflown = true;
        if (whole != null) {
            whole.overflow();
        }
    }
}
