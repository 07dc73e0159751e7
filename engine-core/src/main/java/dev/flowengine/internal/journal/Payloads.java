package dev.flowengine.internal.journal;

import dev.flowengine.extension.PayloadCodec;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.TypeRef;
import dev.flowengine.persistence.Payload;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Turns what nodes receive and fire into payloads and back, by the types their flow declares. Thread-safe. */
public final class Payloads {
    private static final TypeRef<Object> PLAIN = TypeRef.of(Object.class);

    private final PayloadCodec codec;
    private final int mostBytes;

    /**
     * Creates payloads of one kind.
     *
     * @param codec encodes and decodes
     * @param mostBytes how large a payload may be
     */
    public Payloads(PayloadCodec codec, int mostBytes) {
        this.codec = codec;
        this.mostBytes = mostBytes;
    }

    /**
     * The type of what a node fires at a port.
     *
     * @param node the node
     * @param port one of its output ports
     * @return the declared type, or that of plain data for a node that was defined as data; empty if nothing says it
     */
    public static Optional<TypeRef<?>> typeOf(NodeDefinition node, String port) {
        Optional<TypeRef<?>> declared = node.outputType(port);
        return declared.isEmpty() && node.type().isPresent() ? Optional.of(PLAIN) : declared;
    }

    /**
     * Encodes what a node fires at a port.
     *
     * @param node the node
     * @param port one of its output ports
     * @param value the value, may be null
     * @return the payload
     * @throws FlowException of kind {@code SERIALIZATION} or {@code LIMIT_EXCEEDED} if that cannot be kept
     */
    public Payload encode(NodeDefinition node, String port, @Nullable Object value) {
        String what = "what node '" + node.id() + "' puts out at port '" + port + "'";
        TypeRef<?> type = typeOf(node, port)
                .orElseThrow(() -> unkept(
                                List.of(node.id()), FailureKind.SERIALIZATION, what + " has no declared type", null)
                        .suggestedResolution("Declare it with returns(...).")
                        .build());
        Payload payload = encode(node, what, value, type);
        if (payload.size() > node.maxOutputBytes().orElse(Integer.MAX_VALUE)) {
            throw unkept(
                            List.of(node.id()),
                            FailureKind.LIMIT_EXCEEDED,
                            what + " is too large: it takes " + payload.size() + " bytes, and the node allows "
                                    + node.maxOutputBytes().getAsInt(),
                            null)
                    .suggestedResolution("Put out less, or a reference to it; or raise maxOutputBytes() of the node.")
                    .build();
        }
        return payload;
    }

    /**
     * Encodes what a node receives, or is pinned to.
     *
     * @param node the node
     * @param what names the value in messages
     * @param value the value, may be null
     * @param type its type
     * @return the payload
     * @throws FlowException of kind {@code SERIALIZATION} or {@code LIMIT_EXCEEDED} if that cannot be kept
     */
    public Payload encode(NodeDefinition node, String what, @Nullable Object value, TypeRef<?> type) {
        return encode(List.of(node.id()), what, value, type);
    }

    /**
     * Encodes a value.
     *
     * @param nodes ids of the nodes it belongs to
     * @param what names the value in messages
     * @param value the value, may be null
     * @param type its type
     * @return the payload
     * @throws FlowException of kind {@code SERIALIZATION} or {@code LIMIT_EXCEEDED} if that cannot be kept
     */
    public Payload encode(List<String> nodes, String what, @Nullable Object value, TypeRef<?> type) {
        try {
            return Payload.of(codec.contentType(), codec.encode(value, type, mostBytes));
        } catch (RuntimeException | StackOverflowError broken) {
            if (broken instanceof FlowException refused && refused.kind() == FailureKind.LIMIT_EXCEEDED) {
                throw unkept(nodes, FailureKind.LIMIT_EXCEEDED, what + " is too large: " + text(refused), refused)
                        .suggestedResolution(
                                "Put out less, or a reference to it; or raise payloadLimit() of the engine's builder.")
                        .build();
            }
            throw unkept(
                            nodes,
                            FailureKind.SERIALIZATION,
                            what + " cannot be encoded as " + type + ": " + text(broken),
                            broken)
                    .suggestedResolution("Declare a type the codec can write, or put out a value of the declared one.")
                    .build();
        }
    }

    /**
     * Decodes a value.
     *
     * @param payload what was kept
     * @param type its declared type
     * @return the value, may be null
     * @throws FlowException of kind {@code SERIALIZATION} if the payload is no value of that type
     */
    public @Nullable Object decode(Payload payload, TypeRef<?> type) {
        try {
            return codec.decode(payload.bytes(), type);
        } catch (FlowException refused) {
            throw refused;
        } catch (RuntimeException | StackOverflowError broken) {
            throw FlowException.of(
                            FailureKind.SERIALIZATION, payload + " cannot be decoded as " + type + ": " + text(broken))
                    .cause(broken)
                    .suggestedResolution("Give the flow a new version when a type it keeps changes.")
                    .build();
        }
    }

    private static String text(Throwable broken) {
        return broken.getMessage() == null ? broken.toString() : broken.getMessage();
    }

    private static FlowException.Builder unkept(
            List<String> nodes, FailureKind kind, String message, @Nullable Throwable cause) {
        return FlowException.of(kind, message).cause(cause).affectedNodes(nodes);
    }
}
