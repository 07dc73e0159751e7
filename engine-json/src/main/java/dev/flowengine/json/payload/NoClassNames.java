package dev.flowengine.json.payload;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.Version;
import tools.jackson.databind.AnnotationIntrospector;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.NopAnnotationIntrospector;

/** Refuses types that want class names in data, in both directions: data never says which class to create. */
public final class NoClassNames extends NopAnnotationIntrospector {
    private static final long serialVersionUID = 1L;

    private final AnnotationIntrospector annotations;

    /**
     * Creates an introspector.
     *
     * @param annotations knows the annotations and mix-ins
     */
    public NoClassNames(AnnotationIntrospector annotations) {
        this.annotations = annotations;
    }

    @Override
    public JsonTypeInfo.@Nullable Value findPolymorphicTypeInfo(MapperConfig<?> config, Annotated annotated) {
        JsonTypeInfo.Value info = annotations.findPolymorphicTypeInfo(config, annotated);
        if (info != null
                && (info.getIdType() == JsonTypeInfo.Id.CLASS || info.getIdType() == JsonTypeInfo.Id.MINIMAL_CLASS)) {
            throw new IllegalArgumentException(
                    annotated.getName() + " is annotated to be told by class names; use JsonTypeInfo.Id.NAME");
        }
        return info;
    }

    @Override
    public Version version() {
        return Version.unknownVersion();
    }
}
