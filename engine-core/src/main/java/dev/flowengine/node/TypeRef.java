package dev.flowengine.node;

import java.lang.invoke.MethodType;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The type of a value, generics included, such as {@code new TypeRef<List<Order>>() {}}. Immutable, comparable by type.
 *
 * @param <T> the type
 */
public abstract class TypeRef<T extends @Nullable Object> {
    private final Type type;
    private final Class<?> rawType;

    /** Captures the type argument the subclass names. */
    protected TypeRef() {
        if (!(getClass().getGenericSuperclass() instanceof ParameterizedType parameterized)
                || parameterized.getRawType() != TypeRef.class) {
            throw new IllegalStateException("create a TypeRef as an anonymous class: new TypeRef<List<Order>>() {}");
        }
        this.type = parameterized.getActualTypeArguments()[0];
        this.rawType = rawTypeOf(type);
    }

    private TypeRef(Class<T> type) {
        this.type = type;
        this.rawType = MethodType.methodType(type).wrap().returnType();
    }

    private TypeRef(Type type) {
        this.type = type;
        this.rawType = rawTypeOf(type);
    }

    /**
     * The type of a class without generics.
     *
     * @param type the class
     * @param <T> the type
     * @return a reference to it
     */
    public static <T extends @Nullable Object> TypeRef<T> of(Class<T> type) {
        return new OfClass<>(Objects.requireNonNull(type, "type"));
    }

    /**
     * A type that is known only at run time.
     *
     * @param type the type, with its generics
     * @return a reference to it
     */
    public static TypeRef<?> ofType(Type type) {
        return type instanceof Class<?> plain ? of(plain) : new OfType<>(Objects.requireNonNull(type, "type"));
    }

    /**
     * Lists of a type.
     *
     * @param element the type of their elements
     * @param <T> the same type
     * @return a reference to {@code List<T>}
     */
    public static <T extends @Nullable Object> TypeRef<List<T>> listOf(TypeRef<T> element) {
        Type type = element.type();
        return new OfType<>(new ListType(
                type instanceof Class<?> plain
                        ? MethodType.methodType(plain).wrap().returnType()
                        : type));
    }

    /**
     * The type with its generics.
     *
     * @return the type
     */
    public final Type type() {
        return type;
    }

    /**
     * Whether a value can be of this type. Generic parts cannot be seen at run time and are not looked at.
     *
     * @param value any value; null is of every type
     * @return true if the value is null or an instance of the raw type
     */
    public final boolean accepts(@Nullable Object value) {
        return value == null || rawType.isInstance(value);
    }

    private static Class<?> rawTypeOf(Type type) {
        if (type instanceof Class<?> plain) {
            return plain;
        }
        if (type instanceof ParameterizedType parameterized) {
            return rawTypeOf(parameterized.getRawType());
        }
        if (type instanceof GenericArrayType array) {
            return rawTypeOf(array.getGenericComponentType()).arrayType();
        }
        if (type instanceof TypeVariable<?> variable) {
            return rawTypeOf(variable.getBounds()[0]);
        }
        return rawTypeOf(((WildcardType) type).getUpperBounds()[0]);
    }

    @Override
    public final boolean equals(@Nullable Object other) {
        return other instanceof TypeRef<?> that && type.equals(that.type);
    }

    @Override
    public final int hashCode() {
        return type.hashCode();
    }

    @Override
    public final String toString() {
        return type.getTypeName();
    }

    private static final class OfClass<T extends @Nullable Object> extends TypeRef<T> {
        OfClass(Class<T> type) {
            super(type);
        }
    }

    private static final class OfType<T extends @Nullable Object> extends TypeRef<T> {
        OfType(Type type) {
            super(type);
        }
    }
}
