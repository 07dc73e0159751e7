package dev.flowengine.json.payload;

import dev.flowengine.node.PlainData;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.SerializationContext;

/**
 * Writes what a failed node was given, whatever that is, as the plain data it comes back as, and as a text if there is no
 * other way. A failure can then always be kept, although nothing declares the type of what it is about.
 */
final class InputSerializer extends PlainSerializer {
    private final transient ObjectMapper mapper;
    private final transient TokenStreamFactory factory;

    /**
     * Creates a serializer.
     *
     * @param mapper writes typed values, without holding what they declare as {@code Object} to plain data
     * @param factory reads what the mapper has written
     */
    InputSerializer(ObjectMapper mapper, TokenStreamFactory factory) {
        this.mapper = mapper;
        this.factory = factory;
    }

    @Override
    @Nullable
    Object plain(Object value, SerializationContext context) {
        return WritableText.in(plain(value));
    }

    private @Nullable Object plain(Object value) {
        try {
            return PlainData.copyOf(value);
        } catch (IllegalArgumentException typed) {
            return converted(value);
        }
    }

    @SuppressWarnings("PMD.AvoidCatchingGenericException") // of anybody's getters
    private @Nullable Object converted(Object value) {
        try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), mapper.writeValueAsBytes(value))) {
            parser.nextToken();
            return new PlainReading(parser).value();
        } catch (RuntimeException | LinkageError | StackOverflowError noData) {
            return WritableText.of(value);
        }
    }
}
