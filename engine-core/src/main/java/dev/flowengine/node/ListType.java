package dev.flowengine.node;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The type {@code List<E>} of an element type known at run time; equal to the one the compiler makes. */
final class ListType implements ParameterizedType {
    private final Type element;

    ListType(Type element) {
        this.element = element;
    }

    @Override
    public Type[] getActualTypeArguments() {
        return new Type[] {element};
    }

    @Override
    public Type getRawType() {
        return List.class;
    }

    @Override
    public @Nullable Type getOwnerType() {
        return null;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ParameterizedType that
                && that.getRawType() == List.class
                && Arrays.equals(that.getActualTypeArguments(), getActualTypeArguments());
    }

    /** As the class library computes it for types of its own. */
    @Override
    public int hashCode() {
        return Arrays.hashCode(getActualTypeArguments()) ^ List.class.hashCode();
    }

    @Override
    public String toString() {
        return List.class.getName() + "<" + element.getTypeName() + ">";
    }
}
