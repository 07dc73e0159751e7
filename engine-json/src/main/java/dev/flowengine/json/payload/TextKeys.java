package dev.flowengine.json.payload;

import com.fasterxml.jackson.annotation.JsonFormat;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.SerializationConfig;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.ser.Serializers;
import tools.jackson.databind.ser.std.StdSerializer;

/** Writes the keys of maps that are declared to be texts or anything, and refuses those that could not be read again. */
final class TextKeys implements Serializers {

    @Override
    public @Nullable ValueSerializer<?> findSerializer(
            SerializationConfig config,
            JavaType type,
            BeanDescription.Supplier bean,
            JsonFormat.@Nullable Value format) {
        return type.hasRawClass(String.class) || OpenTypes.isOpen(type) ? Writing.INSTANCE : null;
    }

    private static final class Writing extends StdSerializer<Object> {
        static final Writing INSTANCE = new Writing();

        Writing() {
            super(Object.class);
        }

        @Override
        public void serialize(Object key, JsonGenerator generator, SerializationContext context) {
            if (!(key instanceof String name)) {
                context.reportMappingProblem("the map has the key %s, which is no text", key);
            } else if (!WritableText.isWhole(name)) {
                context.reportMappingProblem("the map has a key with half a character in it");
            } else {
                generator.writeName(name);
            }
        }
    }
}
