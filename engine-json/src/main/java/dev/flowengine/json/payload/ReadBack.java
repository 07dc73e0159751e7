package dev.flowengine.json.payload;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.AbstractDeserializer;
import tools.jackson.databind.deser.BeanDeserializerBuilder;
import tools.jackson.databind.deser.SettableBeanProperty;
import tools.jackson.databind.deser.ValueDeserializerModifier;
import tools.jackson.databind.deser.bean.BeanDeserializerBase;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.NamedType;
import tools.jackson.databind.module.SimpleModule;

/**
 * Finds out why values of a type could be written and not read back, by having Jackson prepare to read them: everything the
 * type is made of included, and everything that is permitted where several types may be.
 */
public final class ReadBack {
    private final JsonMapper mapper;
    private final Deque<JavaType> left = new ArrayDeque<>();
    private final Set<JavaType> seen = new HashSet<>();
    private final Map<Class<?>, String> obstacles = new LinkedHashMap<>();
    /** What is told apart where it is used. */
    private final Set<Class<?>> toldApart = new HashSet<>();

    private ReadBack(JsonMapper mapper) {
        // A mapper of its own: what was prepared before is not prepared again.
        SimpleModule seeing = new SimpleModule(ReadBack.class.getName()).setDeserializerModifier(new Seeing(this));
        this.mapper = mapper.rebuild().addModule(seeing).build();
    }

    /**
     * Looks for what stands against reading values of a type.
     *
     * @param mapper reads them
     * @param type the type
     * @return a clause that says what and why; empty if nothing is found
     */
    public static Optional<String> obstacle(JsonMapper mapper, JavaType type) {
        return new ReadBack(mapper).obstacle(type);
    }

    private Optional<String> obstacle(JavaType type) {
        add(type);
        try {
            for (JavaType next = left.poll(); next != null; next = left.poll()) {
                mapper.readerFor(next).readValue("null");
            }
        } catch (JacksonException | IllegalArgumentException refused) {
            String why =
                    refused instanceof JacksonException jackson ? jackson.getOriginalMessage() : refused.getMessage();
            return Optional.of(String.valueOf(why).lines().findFirst().orElse(""));
        }
        obstacles.keySet().removeAll(toldApart);
        return obstacles.values().stream().findFirst();
    }

    private void add(JavaType type) {
        if (seen.add(type)) {
            left.add(type);
        }
    }

    private void examine(DeserializationConfig config, BeanDescription.Supplier bean, ValueDeserializer<?> reads) {
        JavaType type = bean.getType();
        if (config.getAnnotationIntrospector().findPolymorphicTypeInfo(config, bean.getClassInfo()) != null) {
            toldApart.add(type.getRawClass());
            for (NamedType each :
                    config.getSubtypeResolver().collectAndResolveSubtypesByTypeId(config, bean.getClassInfo())) {
                add(config.getTypeFactory().constructSpecializedType(type, each.getType()));
            }
        }
        if (reads instanceof AbstractDeserializer) {
            String kind = type.isInterface() ? "an interface" : "abstract";
            obstacles.put(
                    type.getRawClass(),
                    type.getRawClass().getName() + " is " + kind + ", and nothing says which class it stands for");
        } else if (reads instanceof BeanDeserializerBase made
                && !made.getValueInstantiator().canInstantiate()) {
            obstacles.put(
                    type.getRawClass(),
                    type.getRawClass().getName() + " has no constructor that a value could be read with");
        }
    }

    private void excuse(SettableBeanProperty property) {
        if (property.hasValueTypeDeserializer()) {
            toldApart.add(property.getType().getRawClass());
        }
        JavaType content = property.getType().getContentType();
        if (content != null && content.hasHandlers()) {
            toldApart.add(content.getRawClass());
        }
    }

    /** Is shown each deserializer once. */
    private static final class Seeing extends ValueDeserializerModifier {
        private static final long serialVersionUID = 1L;

        private final transient ReadBack search;

        Seeing(ReadBack search) {
            this.search = search;
        }

        @Override
        public ValueDeserializer<?> modifyDeserializer(
                DeserializationConfig config, BeanDescription.Supplier bean, ValueDeserializer<?> deserializer) {
            search.examine(config, bean, deserializer);
            return deserializer;
        }

        @Override
        public BeanDeserializerBuilder updateBuilder(
                DeserializationConfig config, BeanDescription.Supplier bean, BeanDeserializerBuilder builder) {
            builder.getProperties().forEachRemaining(search::excuse);
            return builder;
        }
    }
}
