package dev.flowengine.persistence;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Objects;

/** An encoded value: bytes that only who made them understands. Immutable; equal by type and bytes. */
public final class Payload {
    private final String contentType;
    private final byte[] bytes;

    private Payload(String contentType, byte[] bytes) {
        this.contentType = contentType;
        this.bytes = bytes;
    }

    /**
     * Keeps a copy of bytes.
     *
     * @param contentType what they are: a media type
     * @param bytes any bytes
     * @return the payload
     */
    public static Payload of(String contentType, byte[] bytes) {
        return new Payload(Objects.requireNonNull(contentType, "contentType"), bytes.clone());
    }

    /**
     * What the bytes are.
     *
     * @return a media type, such as {@code application/json}
     */
    public String contentType() {
        return contentType;
    }

    /**
     * The bytes.
     *
     * @return a copy
     */
    public byte[] bytes() {
        return bytes.clone();
    }

    /**
     * The bytes, without a copy.
     *
     * @return a stream from the first byte on
     */
    public InputStream inputStream() {
        return new ByteArrayInputStream(bytes);
    }

    /**
     * How many bytes there are.
     *
     * @return the size, without the content type
     */
    public int size() {
        return bytes.length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Payload payload
                && contentType.equals(payload.contentType)
                && Arrays.equals(bytes, payload.bytes);
    }

    @Override
    public int hashCode() {
        return 31 * contentType.hashCode() + Arrays.hashCode(bytes);
    }

    /** The type and the size; never the content, which may be secret. */
    @Override
    public String toString() {
        return contentType + ", " + bytes.length + " bytes";
    }
}
