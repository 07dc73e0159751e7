package dev.flowengine.json.payload;

import dev.flowengine.node.PlainData;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.util.TokenBuffer;

/**
 * Writes what a failed node was given, whatever that is, as the plain data it comes back as. A failure can then be kept
 * although nothing declares the type of what it is about.
 */
final class InputSerializer extends PlainSerializer {
    static final InputSerializer INSTANCE = new InputSerializer();

    private InputSerializer() {}

    @Override
    @Nullable
    Object plain(Object value, SerializationContext context) {
        try {
            return PlainData.copyOf(value);
        } catch (IllegalArgumentException typed) {
            return converted(value, context);
        }
    }

    private static @Nullable Object converted(Object value, SerializationContext context) {
        try (TokenBuffer buffer = context.bufferForValueConversion()) {
            context.findTypedValueSerializer(value.getClass(), true).serialize(value, buffer, context);
            try (JsonParser parser = buffer.asParser()) {
                parser.nextToken();
                return new PlainReading(parser).value();
            }
        }
    }
}
