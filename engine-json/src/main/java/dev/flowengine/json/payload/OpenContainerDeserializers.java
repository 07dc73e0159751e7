package dev.flowengine.json.payload;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.KeyDeserializer;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.Deserializers;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.jsontype.TypeDeserializer;
import tools.jackson.databind.type.CollectionType;
import tools.jackson.databind.type.MapType;

/**
 * Reads lists, sets and maps whose contents are of open types so that nobody can change them. A class that says more, such
 * as that of a linked list, is what was asked for, and only its contents are plain data.
 */
final class OpenContainerDeserializers extends Deserializers.Base {

    @Override
    public @Nullable ValueDeserializer<?> findCollectionDeserializer(
            CollectionType type,
            DeserializationConfig config,
            BeanDescription.Supplier bean,
            @Nullable TypeDeserializer elementTypes,
            @Nullable ValueDeserializer<?> elements) {
        if (elementTypes != null || elements != null || !OpenTypes.isOpen(type.getContentType())) {
            return null;
        }
        if (type.hasRawClass(Set.class)) {
            return new Reading(
                    type,
                    JsonToken.START_ARRAY,
                    reading -> Collections.unmodifiableSet(new LinkedHashSet<>(reading.list())));
        }
        return type.hasRawClass(List.class) || type.hasRawClass(Collection.class)
                ? new Reading(type, JsonToken.START_ARRAY, PlainReading::list)
                : null;
    }

    @Override
    public @Nullable ValueDeserializer<?> findMapDeserializer(
            MapType type,
            DeserializationConfig config,
            BeanDescription.Supplier bean,
            @Nullable KeyDeserializer keys,
            @Nullable TypeDeserializer valueTypes,
            @Nullable ValueDeserializer<?> values) {
        boolean left = keys == null && valueTypes == null && values == null;
        boolean textKeys =
                type.getKeyType().hasRawClass(String.class) || type.getKeyType().isJavaLangObject();
        return left && textKeys && type.hasRawClass(Map.class) && OpenTypes.isOpen(type.getContentType())
                ? new Reading(type, JsonToken.START_OBJECT, PlainReading::object)
                : null;
    }

    @Override
    public boolean hasDeserializerFor(DeserializationConfig config, Class<?> valueType) {
        return false;
    }

    private static final class Reading extends StdDeserializer<Object> {
        private final JsonToken start;
        private final transient Function<PlainReading, Object> reading;

        Reading(JavaType type, JsonToken start, Function<PlainReading, Object> reading) {
            super(type);
            this.start = start;
            this.reading = reading;
        }

        @Override
        public @Nullable Object deserialize(JsonParser parser, DeserializationContext context) {
            if (parser.currentToken() != start) {
                return context.handleUnexpectedToken(getValueType(context), parser);
            }
            try {
                return reading.apply(new PlainReading(parser));
            } catch (IllegalArgumentException notPlain) {
                return context.reportInputMismatch(this, "%s", notPlain.getMessage());
            }
        }
    }
}
