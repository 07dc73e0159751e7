package dev.flowengine.json.payload;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.Version;
import tools.jackson.databind.AnnotationIntrospector;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.AnnotatedClass;
import tools.jackson.databind.introspect.NopAnnotationIntrospector;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.ser.bean.BeanSerializerBase;
import tools.jackson.databind.ser.impl.UnknownSerializer;

/**
 * Tells values of sealed types apart by the simple names of the classes these permit, in property {@code @type}. What there may
 * be follows from the declared type alone, so nothing else is ever created. Where an author says by annotation how a type
 * is told apart, or written, or a module of the host writes it, that is what happens.
 */
public final class SealedTypes extends NopAnnotationIntrospector {
    private static final long serialVersionUID = 1L;
    private static final String PROPERTY = "@type";

    private final AnnotationIntrospector annotations;
    private final JsonMapper host;

    /**
     * Creates an introspector.
     *
     * @param host knows annotations and mix-ins, and what its modules write
     */
    public SealedTypes(JsonMapper host) {
        this.annotations = host.serializationConfig().getAnnotationIntrospector();
        this.host = host;
    }

    /**
     * How a sealed type is told apart.
     *
     * @throws IllegalArgumentException if what is permitted cannot be told apart by simple names; the message says why
     */
    @Override
    public JsonTypeInfo.@Nullable Value findPolymorphicTypeInfo(MapperConfig<?> config, Annotated annotated) {
        if (!(annotated instanceof AnnotatedClass type) || !isOurs(config, type)) {
            return null;
        }
        requireToldApart(type.getRawType());
        return JsonTypeInfo.Value.construct(
                JsonTypeInfo.Id.NAME, JsonTypeInfo.As.PROPERTY, PROPERTY, null, false, null, null);
    }

    /** The name of a class that a sealed type permits. */
    @Override
    public @Nullable String findTypeName(MapperConfig<?> config, AnnotatedClass type) {
        boolean permitted = hasSealedRoot(type.getRawType(), new HashSet<>());
        return permitted && annotations.findPolymorphicTypeInfo(config, type) == null
                ? type.getRawType().getSimpleName()
                : null;
    }

    @Override
    public Version version() {
        return Version.unknownVersion();
    }

    /** Those of the platform, such as {@code ZoneId}, are values by themselves. */
    private boolean isOurs(MapperConfig<?> config, AnnotatedClass type) {
        Class<?> raw = type.getRawType();
        return raw.isSealed()
                && !raw.isEnum()
                && !raw.getName().startsWith("java.")
                && annotations.findPolymorphicTypeInfo(config, type) == null
                && annotations.findSerializer(config, type) == null
                && annotations.findDeserializer(config, type) == null
                && !hasValueOfItsOwn(config, type)
                && !isWrittenByModule(raw);
    }

    /** What is not written property by property has a form that its author chose, who reads it, too. */
    private boolean isWrittenByModule(Class<?> raw) {
        ValueSerializer<Object> serializer = host._serializationContext().findValueSerializer(raw);
        return !(serializer instanceof BeanSerializerBase) && !(serializer instanceof UnknownSerializer);
    }

    private boolean hasValueOfItsOwn(MapperConfig<?> config, AnnotatedClass type) {
        return type.getFactoryMethods().stream()
                        .anyMatch(method -> annotations.findCreatorAnnotation(config, method) != null)
                || StreamSupport.stream(type.memberMethods().spliterator(), false)
                        .anyMatch(method -> Boolean.TRUE.equals(annotations.hasAsValue(config, method)));
    }

    private static boolean hasSealedRoot(@Nullable Class<?> type, Set<Class<?>> seen) {
        if (type == null || type.getName().startsWith("java.") || !seen.add(type)) {
            return false;
        }
        return type.isSealed()
                || hasSealedRoot(type.getSuperclass(), seen)
                || Arrays.stream(type.getInterfaces()).anyMatch(each -> hasSealedRoot(each, seen));
    }

    private static void requireToldApart(Class<?> root) {
        Set<Class<?>> permitted = new LinkedHashSet<>();
        collect(root, permitted);
        Set<String> names = new HashSet<>();
        for (Class<?> type : permitted) {
            boolean closed = type.isSealed() || (type.getModifiers() & Modifier.FINAL) != 0;
            if (!closed && !type.isEnum()) {
                throw new IllegalArgumentException(root.getName() + " permits " + type.getName()
                        + ", which anybody may extend; make that final or sealed, or use JsonTypeInfo.Id.NAME");
            }
            if (!names.add(type.getSimpleName())) {
                throw new IllegalArgumentException(root.getName() + " permits two classes named " + type.getSimpleName()
                        + "; use JsonTypeInfo.Id.NAME with other names");
            }
        }
    }

    private static void collect(Class<?> type, Set<Class<?>> permitted) {
        if (permitted.add(type) && type.isSealed()) {
            Arrays.stream(type.getPermittedSubclasses()).forEach(each -> collect(each, permitted));
        }
    }
}
