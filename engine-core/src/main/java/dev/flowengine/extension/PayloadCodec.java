package dev.flowengine.extension;

import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.TypeRef;
import java.util.Optional;
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
     * @throws FlowException of kind {@code SERIALIZATION} if it cannot be encoded as that type
     */
    byte[] encode(@Nullable Object value, TypeRef<?> type);

    /**
     * Encodes a value, unless that takes too many bytes. A value whose parts are shared can take far more when it is
     * written than when it is held: a codec that can should stop as soon as the bytes are too many, rather than look at
     * their number in the end, as this does.
     *
     * @param value the value, may be null
     * @param type its declared type
     * @param maxBytes how many bytes are allowed
     * @return the bytes
     * @throws FlowException of kind {@code LIMIT_EXCEEDED} if they would be more, which names the limit; of kind
     *     {@code SERIALIZATION} if it cannot be encoded as that type
     */
    default byte[] encode(@Nullable Object value, TypeRef<?> type, int maxBytes) {
        byte[] bytes = encode(value, type);
        if (bytes.length > maxBytes) {
            throw FlowException.of(
                            FailureKind.LIMIT_EXCEEDED,
                            "a value takes " + bytes.length + " bytes as " + type + ", and " + maxBytes
                                    + " are allowed")
                    .suggestedResolution("Put out less, or a reference to it.")
                    .build();
        }
        return bytes;
    }

    /**
     * Says why values of a type could be encoded and not be decoded again, as far as that shows in the type. An engine with a
     * store refuses flows with such types when they are registered, rather than find out after a crash.
     *
     * @param type the declared type
     * @return a clause for people, such as {@code shop.Payment is an interface}; empty if nothing is known to stand against it
     */
    default Optional<String> unreadable(TypeRef<?> type) {
        return Optional.empty();
    }

    /**
     * Decodes a value.
     *
     * @param bytes what {@link #encode} made
     * @param type the declared type
     * @param <T> the same type
     * @return the value, may be null
     * @throws FlowException of kind {@code SERIALIZATION} if the bytes are no value of that type
     */
    <T> @Nullable T decode(byte[] bytes, TypeRef<T> type);
}
