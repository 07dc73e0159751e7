package dev.flowengine.json;

import dev.flowengine.extension.PayloadCodec;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.TypeRef;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.BasicPolymorphicTypeValidator;

/**
 * Payloads as JSON, by the types flows declare. A type that is declared as {@code Object} is decoded as
 * {@link dev.flowengine.node.PlainData}. Where a class says by annotation that data names the class to create, decoding is
 * refused; sealed types and {@code @JsonSubTypes}, which list what there may be, are fine.
 */
public final class JsonPayloadCodec implements PayloadCodec {
    private final JsonMapper mapper;

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
        this.mapper = mapper.rebuild()
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .deactivateDefaultTyping()
                .polymorphicTypeValidator(
                        BasicPolymorphicTypeValidator.builder().build())
                .build();
    }

    @Override
    public String contentType() {
        return "application/json";
    }

    @Override
    public byte[] encode(@Nullable Object value, TypeRef<?> type) {
        try {
            return mapper.writerFor(javaType(type)).writeValueAsBytes(value);
        } catch (JacksonException | IllegalArgumentException refused) {
            throw problem("a value cannot be written as " + type, refused);
        }
    }

    @Override
    public <T> @Nullable T decode(byte[] bytes, TypeRef<T> type) {
        try {
            return mapper.readValue(bytes, javaType(type));
        } catch (JacksonException | IllegalArgumentException refused) {
            throw problem("the payload is no " + type, refused);
        }
    }

    private JavaType javaType(TypeRef<?> type) {
        return mapper.constructType(type.type());
    }

    private static FlowException problem(String what, RuntimeException cause) {
        String reason = cause instanceof JacksonException jackson ? jackson.getOriginalMessage() : cause.getMessage();
        return FlowException.of(FailureKind.SERIALIZATION, what + ": " + JsonText.firstLine(reason))
                .cause(cause)
                .suggestedResolution("Declare the type the node really emits, and let Jackson know how to handle it.")
                .build();
    }
}
