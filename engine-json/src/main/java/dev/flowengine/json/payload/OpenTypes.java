package dev.flowengine.json.payload;

import java.io.Serializable;
import java.util.List;
import tools.jackson.databind.JavaType;

/** Types that say nothing about what a value is. */
final class OpenTypes {
    static final List<Class<?>> CLASSES = List.of(Object.class, Serializable.class);

    private OpenTypes() {}

    static boolean isOpen(JavaType type) {
        return CLASSES.contains(type.getRawClass());
    }
}
