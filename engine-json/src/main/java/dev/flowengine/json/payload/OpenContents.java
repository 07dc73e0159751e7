package dev.flowengine.json.payload;

import dev.flowengine.model.FlowError;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.AnnotationIntrospector;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.PropertyMetadata;
import tools.jackson.databind.PropertyName;
import tools.jackson.databind.SerializationConfig;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.ser.AnyGetterWriter;
import tools.jackson.databind.ser.BeanPropertyWriter;
import tools.jackson.databind.ser.BeanSerializerBuilder;
import tools.jackson.databind.ser.ValueSerializerModifier;
import tools.jackson.databind.ser.jackson.JsonValueSerializer;
import tools.jackson.databind.ser.jdk.IterableSerializer;
import tools.jackson.databind.ser.jdk.IteratorSerializer;
import tools.jackson.databind.ser.jdk.MapEntrySerializer;
import tools.jackson.databind.ser.jdk.MapSerializer;

/**
 * Writes plain data in properties of open types, and in what is no container for Jackson but holds values of open types
 * all the same.
 */
final class OpenContents extends ValueSerializerModifier {
    private static final long serialVersionUID = 1L;
    private static final PlainSerializer PLAIN = PlainSerializer.INSTANCE;

    private final transient InputSerializer inputs;

    /**
     * Creates a modifier.
     *
     * @param inputs writes what failed nodes were given
     */
    OpenContents(InputSerializer inputs) {
        this.inputs = inputs;
    }

    @Override
    public List<BeanPropertyWriter> changeProperties(
            SerializationConfig config, BeanDescription.Supplier bean, List<BeanPropertyWriter> properties) {
        for (BeanPropertyWriter property : properties) {
            boolean left = !property.hasSerializer() && property.getTypeSerializer() == null;
            if (left && OpenTypes.isOpen(property.getType())) {
                property.assignSerializer(bean.getBeanClass() == FlowError.class ? inputs : PLAIN);
            }
        }
        return properties;
    }

    /** Jackson asks no module how to write the map that holds any other properties. */
    @Override
    public BeanSerializerBuilder updateBuilder(
            SerializationConfig config, BeanDescription.Supplier bean, BeanSerializerBuilder builder) {
        AnnotatedMember getter = bean.get().findAnyGetter();
        if (getter != null && isLeft(config, getter, getter.getType().getContentType())) {
            builder.getProperties().replaceAll(each -> each instanceof AnyGetterWriter any ? plain(any, getter) : each);
        }
        return builder;
    }

    private static AnyGetterWriter plain(AnyGetterWriter any, AnnotatedMember getter) {
        JavaType type = getter.getType();
        BeanProperty property = new BeanProperty.Std(
                PropertyName.construct(getter.getName()), type, null, getter, PropertyMetadata.STD_OPTIONAL);
        MapSerializer values = MapSerializer.construct(type, true, null, null, PLAIN, null, null, null);
        return new AnyGetterWriter(any, property, getter, values);
    }

    @Override
    public ValueSerializer<?> modifySerializer(
            SerializationConfig config, BeanDescription.Supplier bean, ValueSerializer<?> serializer) {
        if (serializer instanceof IterableSerializer elements && OpenTypes.isOpen(elements.getContentType())) {
            return elements.withResolved(null, null, PLAIN, null, null, false);
        }
        if (serializer instanceof IteratorSerializer elements && OpenTypes.isOpen(elements.getContentType())) {
            return elements.withResolved(null, null, PLAIN, null, null, false);
        }
        if (serializer instanceof MapEntrySerializer entry && OpenTypes.isOpen(entry.getContentType())) {
            return entry.withResolved(null, null, PLAIN, null, false);
        }
        if (serializer instanceof JsonValueSerializer value) {
            AnnotatedMember accessor = bean.get().findJsonValueAccessor();
            return isLeft(config, accessor, accessor.getType()) ? value.withResolved(null, null, PLAIN, false) : value;
        }
        return serializer;
    }

    /** Whether nothing but its type says what a member gives, and that says nothing. */
    private static boolean isLeft(SerializationConfig config, AnnotatedMember member, @Nullable JavaType type) {
        AnnotationIntrospector annotations = config.getAnnotationIntrospector();
        return type != null
                && OpenTypes.isOpen(type)
                && annotations.findSerializer(config, member) == null
                && annotations.findPolymorphicTypeInfo(config, member) == null;
    }
}
