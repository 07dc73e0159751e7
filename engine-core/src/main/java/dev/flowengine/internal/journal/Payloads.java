package dev.flowengine.internal.journal;

import dev.flowengine.extension.PayloadCodec;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.TypeRef;
import dev.flowengine.persistence.Payload;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Turns what nodes receive and fire into payloads and back, by the types their flow declares. Thread-safe. */
public final class Payloads {
    private static final TypeRef<Object> PLAIN = TypeRef.of(Object.class);

    private final PayloadCodec codec;
    private final int mostBytes;
    private final Blobs blobs;

    /**
     * Creates payloads of one kind.
     *
     * @param codec encodes and decodes
     * @param mostBytes how large a payload may be
     * @param blobs keep those that are too large for rows
     */
    public Payloads(PayloadCodec codec, int mostBytes, Blobs blobs) {
        this.codec = codec;
        this.mostBytes = mostBytes;
        this.blobs = blobs;
    }

    /**
     * The payloads of a run.
     *
     * @param executionId the run
     * @return encodes and decodes
     */
    public RunPayloads of(String executionId) {
        return new RunPayloads(this, blobs, executionId);
    }

    /**
     * Makes a payload that was read what it was when it was encoded.
     *
     * @param payload what a row holds
     * @return the same, or what it refers to
     * @throws FlowException of kind {@code SERIALIZATION} if that is missing or damaged; a
     *     {@link dev.flowengine.persistence.StoreException} if it cannot be read now
     */
    Payload fetched(Payload payload) {
        return blobs.fetched(payload);
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
     * Refuses a flow of which something could be kept and not be read again.
     *
     * @param flow the flow, all of whose ports have types
     * @throws FlowException of kind {@code INVALID_DEFINITION} that names the nodes and what stands against their types
     */
    public void requireReadable(Flow flow) {
        Map<String, String> unreadable = new LinkedHashMap<>();
        for (NodeDefinition node : flow.nodes()) {
            for (String port : node.shape().outputs()) {
                typeOf(node, port)
                        // A blob is no matter of the codec.
                        .filter(type -> !BlobTypes.isBlob(type))
                        .flatMap(codec::unreadable)
                        .ifPresent(why -> unreadable.putIfAbsent(node.id(), why));
            }
        }
        if (!unreadable.isEmpty()) {
            List<String> nodes = List.copyOf(unreadable.keySet());
            String why = unreadable.entrySet().stream()
                    .map(entry -> "'" + entry.getKey() + "' (" + entry.getValue() + ")")
                    .collect(Collectors.joining(", "));
            throw unkept(
                            nodes,
                            FailureKind.INVALID_DEFINITION,
                            "flow '" + flow.id()
                                    + "' cannot be kept: what these nodes put out could not be read again: " + why,
                            null)
                    .suggestedResolution("Declare types the codec can read, such as records, or sealed interfaces that"
                            + " permit records.")
                    .build();
        }
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
        // Of a blob, its size was limited when it was written.
        if (payload.size() > node.maxOutputBytes().orElse(Integer.MAX_VALUE) && !BlobReference.isOne(payload)) {
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
        if (BlobTypes.isBlob(type)) {
            return reference(nodes, what, value);
        }
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

    private Payload reference(List<String> nodes, String what, @Nullable Object value) {
        if (value == null) {
            return Payload.of(BlobReference.CONTENT_TYPE, new byte[0]);
        }
        if (value instanceof StoredBlob blob && blob.isIn(blobs)) {
            return blob.reference().payload();
        }
        throw unkept(
                        nodes,
                        FailureKind.SERIALIZATION,
                        what + " is no blob in the store of this engine, but " + value,
                        null)
                .suggestedResolution("Write it with NodeContext.blob(...), in an engine on the same blob store.")
                .build();
    }

    /**
     * Decodes a value.
     *
     * @param payload what was kept
     * @param type its declared type
     * @return the value, may be null
     * @throws FlowException of kind {@code SERIALIZATION} if the payload is no value of that type, or the blob it refers to is
     *     missing or damaged
     */
    public @Nullable Object decode(Payload payload, TypeRef<?> type) {
        if (BlobTypes.isBlob(type)) {
            return blobs.value(payload);
        }
        Payload whole = blobs.fetched(payload);
        try {
            return codec.decode(whole.bytes(), type);
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
