package dev.flowengine.json.payload;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.jsontype.TypeDeserializer;

/**
 * Reads plain data where a type says nothing about what a value is.
 *
 * @param <T> an open type
 */
final class PlainDeserializer<T> extends StdDeserializer<T> {

    PlainDeserializer(Class<T> open) {
        super(open);
    }

    @Override
    @SuppressWarnings("unchecked") // plain data is of every open type
    public @Nullable T deserialize(JsonParser parser, DeserializationContext context) {
        try {
            return (T) new PlainReading(parser).value();
        } catch (IllegalArgumentException notPlain) {
            return context.reportInputMismatch(this, "%s", notPlain.getMessage());
        }
    }

    /** An author who lists by annotation what there may be says more than nothing. */
    @Override
    public Object deserializeWithType(JsonParser parser, DeserializationContext context, TypeDeserializer types) {
        return types.deserializeTypedFromAny(parser, context);
    }
}
