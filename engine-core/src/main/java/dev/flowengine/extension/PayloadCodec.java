package dev.flowengine.extension;

import dev.flowengine.node.TypeRef;
import org.jspecify.annotations.Nullable;

/**
 * Turns values into bytes and back, by the type the flow declares for them: data never says which class to create.
 * Found by {@link java.util.ServiceLoader}. Thread-safe.
 */
public interface PayloadCodec {

    /**
     * What the bytes are.
     *
     * @return a media type, such as {@code application/json}
     */
    String contentType();

    /**
     * Encodes a value.
     *
     * @param value the value, may be null
     * @param type its declared type
     * @return the bytes
     * @throws dev.flowengine.model.FlowException of kind {@code SERIALIZATION} if it cannot be encoded as that type
     */
    byte[] encode(@Nullable Object value, TypeRef<?> type);

    /**
     * Decodes a value.
     *
     * @param bytes what {@link #encode} made
     * @param type the declared type
     * @param <T> the same type
     * @return the value, may be null
     * @throws dev.flowengine.model.FlowException of kind {@code SERIALIZATION} if the bytes are no value of that type
     */
    <T> @Nullable T decode(byte[] bytes, TypeRef<T> type);
}
