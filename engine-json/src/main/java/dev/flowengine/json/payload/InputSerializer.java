package dev.flowengine.json.payload;

import java.io.OutputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ser.std.StdSerializer;

/**
 * Writes what a failed node was given, whatever that is, as the plain data it comes back as, and as a text if there is no
 * other way. A failure can then always be kept, although nothing declares the type of what it is about, unless that is
 * larger than what is allowed for the whole.
 */
final class InputSerializer extends StdSerializer<Object> {
    private final transient ObjectMapper mapper;
    private final transient TokenStreamFactory factory;

    /**
     * Creates a serializer.
     *
     * @param mapper writes typed values, without holding what they declare as {@code Object} to plain data
     * @param factory reads what the mapper has written
     */
    InputSerializer(ObjectMapper mapper, TokenStreamFactory factory) {
        super(Object.class);
        this.mapper = mapper;
        this.factory = factory;
    }

    @Override
    public void serialize(Object value, JsonGenerator generator, SerializationContext context) {
        BoundedBytes whole = (BoundedBytes) context.getAttribute(BoundedBytes.class);
        PlainWriting.mending(generator)
                .write(isPlain(value, whole.forPart()) ? value : converted(value, whole.forPart()));
    }

    /** Tried out first: what is written cannot be taken back. */
    private boolean isPlain(Object value, BoundedBytes bytes) {
        try (JsonGenerator trial = mapper.createGenerator(bytes)) {
            PlainWriting.mending(trial).write(value);
            return true;
        } catch (IllegalArgumentException typed) {
            return false;
        } catch (JacksonException full) {
            return bytes.isOverflown();
        }
    }

    @SuppressWarnings("PMD.AvoidCatchingGenericException") // of anybody's getters
    private @Nullable Object converted(Object value, BoundedBytes bytes) {
        try {
            mapper.writeValue((OutputStream) bytes, value);
            try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), bytes.toByteArray())) {
                parser.nextToken();
                return new PlainReading(parser).value();
            }
        } catch (RuntimeException | LinkageError | StackOverflowError noData) {
            return bytes.isOverflown() ? null : WritableText.of(value);
        }
    }
}
