package dev.flowengine.testing;

import dev.flowengine.extension.PayloadCodec;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.TypeRef;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import org.jspecify.annotations.Nullable;

/** A codec for tests, whose values are their own. */
public final class JavaCodec implements PayloadCodec {

    @Override
    public String contentType() {
        return "application/x-java-serialized-object";
    }

    @Override
    public byte[] encode(@Nullable Object value, TypeRef<?> type) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(value);
        } catch (IOException unserializable) {
            throw FlowException.of(FailureKind.SERIALIZATION, "cannot encode " + value)
                    .cause(unserializable)
                    .build();
        }
        return bytes.toByteArray();
    }

    @Override
    @SuppressWarnings({"unchecked", "BanSerializableRead"}) // what the same test has written
    public <T> @Nullable T decode(byte[] bytes, TypeRef<T> type) {
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
            Object value = in.readObject();
            if (!type.accepts(value)) {
                throw FlowException.of(FailureKind.SERIALIZATION, value + " is no " + type)
                        .build();
            }
            return (T) value;
        } catch (IOException | ClassNotFoundException unreadable) {
            throw FlowException.of(FailureKind.SERIALIZATION, "cannot decode " + bytes.length + " bytes")
                    .cause(unreadable)
                    .build();
        }
    }
}
