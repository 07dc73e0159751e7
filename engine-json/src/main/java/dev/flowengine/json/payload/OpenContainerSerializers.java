package dev.flowengine.json.payload;

import com.fasterxml.jackson.annotation.JsonFormat;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.SerializationConfig;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.ext.jdk8.Jdk8OptionalSerializer;
import tools.jackson.databind.jsontype.TypeSerializer;
import tools.jackson.databind.ser.Serializers;
import tools.jackson.databind.ser.jdk.AtomicReferenceSerializer;
import tools.jackson.databind.ser.jdk.CollectionSerializer;
import tools.jackson.databind.ser.jdk.MapSerializer;
import tools.jackson.databind.ser.jdk.ObjectArraySerializer;
import tools.jackson.databind.type.ArrayType;
import tools.jackson.databind.type.CollectionType;
import tools.jackson.databind.type.MapType;
import tools.jackson.databind.type.ReferenceType;

/** Writes collections, maps, arrays and references whose contents are of open types with plain data in them. */
final class OpenContainerSerializers implements Serializers {
    private static final PlainSerializer PLAIN = PlainSerializer.INSTANCE;

    @Override
    public @Nullable ValueSerializer<?> findArraySerializer(
            SerializationConfig config,
            ArrayType type,
            BeanDescription.Supplier bean,
            JsonFormat.@Nullable Value format,
            @Nullable TypeSerializer elementTypes,
            @Nullable ValueSerializer<Object> elements) {
        return isLeft(type, elementTypes, elements)
                ? new ObjectArraySerializer(type.getContentType(), true, null, PLAIN)
                : null;
    }

    @Override
    public @Nullable ValueSerializer<?> findCollectionSerializer(
            SerializationConfig config,
            CollectionType type,
            BeanDescription.Supplier bean,
            JsonFormat.@Nullable Value format,
            @Nullable TypeSerializer elementTypes,
            @Nullable ValueSerializer<Object> elements) {
        return isLeft(type, elementTypes, elements)
                ? new CollectionSerializer(type.getContentType(), true, null, PLAIN)
                : null;
    }

    @Override
    public @Nullable ValueSerializer<?> findMapSerializer(
            SerializationConfig config,
            MapType type,
            BeanDescription.Supplier bean,
            JsonFormat.@Nullable Value format,
            @Nullable ValueSerializer<Object> keys,
            @Nullable TypeSerializer valueTypes,
            @Nullable ValueSerializer<Object> values) {
        return isLeft(type, valueTypes, values)
                ? MapSerializer.construct(type, true, null, keys, PLAIN, null, null, null)
                : null;
    }

    @Override
    public @Nullable ValueSerializer<?> findReferenceSerializer(
            SerializationConfig config,
            ReferenceType type,
            BeanDescription.Supplier bean,
            JsonFormat.@Nullable Value format,
            @Nullable TypeSerializer contentTypes,
            @Nullable ValueSerializer<Object> content) {
        if (!isLeft(type, contentTypes, content)) {
            return null;
        }
        if (type.hasRawClass(Optional.class)) {
            return new Jdk8OptionalSerializer(type, true, null, PLAIN);
        }
        return type.hasRawClass(AtomicReference.class) ? new AtomicReferenceSerializer(type, true, null, PLAIN) : null;
    }

    /** Whether nothing but its type says what it holds, and that says nothing. */
    private static boolean isLeft(
            JavaType container, @Nullable TypeSerializer contentTypes, @Nullable ValueSerializer<Object> contents) {
        return contentTypes == null && contents == null && OpenTypes.isOpen(container.getContentType());
    }
}
