package dev.flowengine.json.payload;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.ValueDeserializerModifier;
import tools.jackson.databind.deser.std.DelegatingDeserializer;
import tools.jackson.databind.type.CollectionType;
import tools.jackson.databind.type.MapType;

/**
 * Reads lists, sets and maps so that nobody can change them: what was put out once is given to everybody who takes it. A
 * class that says more, such as that of a linked list, is what was asked for, and stays as it is. How one is read is left
 * to Jackson, which knows what is said about it by annotations.
 */
final class FixedContainers extends ValueDeserializerModifier {
    private static final long serialVersionUID = 1L;
    private static final Set<Class<?>> FIXED = Set.of(Collection.class, List.class, Set.class, Map.class);

    @Override
    public ValueDeserializer<?> modifyCollectionDeserializer(
            DeserializationConfig config,
            CollectionType type,
            BeanDescription.Supplier bean,
            ValueDeserializer<?> deserializer) {
        return new Reading(deserializer, false);
    }

    @Override
    public ValueDeserializer<?> modifyMapDeserializer(
            DeserializationConfig config,
            MapType type,
            BeanDescription.Supplier bean,
            ValueDeserializer<?> deserializer) {
        return new Reading(deserializer, false);
    }

    /** Only what is created is fixed; what there is already, such as a list a getter gives, is added to. */
    private static final class Reading extends DelegatingDeserializer {
        private final boolean keepsOrder;

        Reading(ValueDeserializer<?> delegate, boolean keepsOrder) {
            super(delegate);
            this.keepsOrder = keepsOrder;
        }

        @Override
        protected ValueDeserializer<?> newDelegatingInstance(ValueDeserializer<?> delegate) {
            return new Reading(delegate, keepsOrder);
        }

        /** Only here is known what was asked for: the class Jackson has chosen for it is known before. */
        @Override
        public ValueDeserializer<?> createContextual(DeserializationContext context, @Nullable BeanProperty property) {
            ValueDeserializer<?> contextual = _delegatee.createContextual(context, property);
            JavaType asked = context.getContextualType();
            boolean isFixed = asked != null && FIXED.contains(asked.getRawClass());
            return isFixed ? new Reading(contextual, asked.hasRawClass(Set.class)) : contextual;
        }

        @Override
        @SuppressWarnings("unchecked") // a deserializer of sets
        public @Nullable Object deserialize(JsonParser parser, DeserializationContext context) {
            if (keepsOrder && parser.isExpectedStartArrayToken()) {
                ValueDeserializer<Object> sets = (ValueDeserializer<Object>) _delegatee;
                return fixed(sets.deserialize(parser, context, new LinkedHashSet<>()));
            }
            return fixed(super.deserialize(parser, context));
        }

        private static @Nullable Object fixed(@Nullable Object read) {
            if (read instanceof List<?> list) {
                return Collections.unmodifiableList(list);
            }
            if (read instanceof Set<?> set) {
                return Collections.unmodifiableSet(set);
            }
            return read instanceof Map<?, ?> map ? Collections.unmodifiableMap(map) : read;
        }
    }
}
