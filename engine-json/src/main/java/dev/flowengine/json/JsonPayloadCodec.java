package dev.flowengine.json;

import dev.flowengine.extension.PayloadCodec;
import dev.flowengine.json.payload.BoundedBytes;
import dev.flowengine.json.payload.NoClassNames;
import dev.flowengine.json.payload.PayloadModule;
import dev.flowengine.json.payload.ReadBack;
import dev.flowengine.json.payload.SealedTypes;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.TypeRef;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.databind.AnnotationIntrospector;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.BasicPolymorphicTypeValidator;

/**
 * Payloads as JSON, by the types flows declare. What is declared as {@code Object}, anywhere in a type, is
 * {@link dev.flowengine.node.PlainData} and held to it in both directions; only the input of a
 * {@link dev.flowengine.model.FlowError} may be anything, and comes back as plain data.
 *
 * <p>A type that is annotated to be read by class names in data is refused; sealed types and {@code @JsonSubTypes}, which
 * list what there may be, are fine. Values of a sealed type that is not annotated are told apart by the simple names of what it
 * permits, in property {@code @type}; what it permits has to be final or sealed.
 */
public final class JsonPayloadCodec implements PayloadCodec {
    private final JsonMapper mapper;
    /** What stands against reading types; hosts declare few of them. */
    private final Map<JavaType, Optional<String>> known = new ConcurrentHashMap<>();

    /** Reads every number plain data may hold. */
    private final TokenStreamFactory factory;

    /** Creates a codec with a mapper of its own; how {@link java.util.ServiceLoader} does it. */
    public JsonPayloadCodec() {
        this(JsonMapper.builder().build());
    }

    /**
     * Creates a codec that goes by the modules and mix-ins of a host's mapper.
     *
     * @param mapper is copied; what it says about class names in data is not taken over
     */
    public JsonPayloadCodec(JsonMapper mapper) {
        AnnotationIntrospector annotations = mapper.serializationConfig().getAnnotationIntrospector();
        StreamReadConstraints limits = mapper.tokenStreamFactory().streamReadConstraints();
        this.factory = mapper.tokenStreamFactory()
                .rebuild()
                .streamReadConstraints(limits.rebuild()
                        .maxNumberLength(Math.max(limits.getMaxNumberLength(), DataParser.LONGEST_NUMBER))
                        .build())
                .build();
        JsonMapper host = mapper.rebuild()
                .annotationIntrospector(AnnotationIntrospector.pair(
                        new NoClassNames(annotations),
                        AnnotationIntrospector.pair(annotations, new SealedTypes(mapper))))
                .deactivateDefaultTyping()
                .polymorphicTypeValidator(
                        BasicPolymorphicTypeValidator.builder().build())
                .build();
        this.mapper = host.rebuild().addModule(new PayloadModule(host, factory)).build();
    }

    @Override
    public String contentType() {
        return "application/json";
    }

    @Override
    public byte[] encode(@Nullable Object value, TypeRef<?> type) {
        return encode(value, type, Integer.MAX_VALUE);
    }

    /** Stops writing as soon as there are too many bytes. */
    @Override
    public byte[] encode(@Nullable Object value, TypeRef<?> type, int maxBytes) {
        BoundedBytes bytes = new BoundedBytes(maxBytes);
        try {
            write(value, javaType(type), bytes);
        } catch (JacksonException | IllegalArgumentException refused) {
            if (!bytes.isOverflown()) {
                throw problem("a value cannot be written as " + type, refused);
            }
        }
        if (bytes.isOverflown()) {
            throw tooLarge(type, maxBytes);
        }
        return bytes.toByteArray();
    }

    private void write(@Nullable Object value, JavaType type, BoundedBytes bytes) {
        // Jackson writes a value that is an Object as a whole by its class, without asking anybody.
        if (PayloadModule.isOpen(type)) {
            PayloadModule.write(value, mapper, bytes);
        } else if (value != null && isGenericBase(type)) {
            // Of a value as a whole Jackson looks at the class alone, and not at what its type says that is made of.
            JavaType reference = mapper.getTypeFactory().constructReferenceType(AtomicReference.class, type);
            PayloadModule.write(new AtomicReference<>(value), mapper.writerFor(reference), bytes);
        } else {
            PayloadModule.write(value, mapper.writerFor(type), bytes);
        }
    }

    @Override
    public <T> @Nullable T decode(byte[] bytes, TypeRef<T> type) {
        try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), bytes)) {
            return mapper.readerFor(javaType(type)).readValue(parser);
        } catch (JacksonException | IllegalArgumentException refused) {
            throw problem("the payload is no " + type, refused);
        }
    }

    @Override
    public Optional<String> unreadable(TypeRef<?> type) {
        return known.computeIfAbsent(javaType(type), any -> ReadBack.obstacle(mapper, any));
    }

    private JavaType javaType(TypeRef<?> type) {
        return mapper.constructType(type.type());
    }

    private static boolean isGenericBase(JavaType type) {
        return type.hasGenericTypes() && type.isAbstract() && !type.isContainerType() && !type.isReferenceType();
    }

    private static FlowException tooLarge(TypeRef<?> type, int maxBytes) {
        return FlowException.of(
                        FailureKind.LIMIT_EXCEEDED,
                        "a value takes more bytes as " + type + " than the " + maxBytes + " that are allowed")
                .suggestedResolution("Put out less, or a reference to it.")
                .build();
    }

    private static FlowException problem(String what, RuntimeException cause) {
        String reason = cause instanceof JacksonException jackson ? jackson.getOriginalMessage() : cause.getMessage();
        return FlowException.of(FailureKind.SERIALIZATION, what + ": " + JsonText.firstLine(reason))
                .cause(cause)
                .suggestedResolution("Declare the type the node really emits, and let Jackson know how to handle it.")
                .build();
    }
}
