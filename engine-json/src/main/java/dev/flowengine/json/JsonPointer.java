package dev.flowengine.json;

import dev.flowengine.json.type.DataPointer;
import dev.flowengine.json.type.Values;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A place in plain data, as a JSON pointer (RFC 6901) tells it: what the parameters of a node type name the parts of an
 * input with. A failure that came from an error output is looked at as an object. Immutable.
 */
public final class JsonPointer {
    private final DataPointer place;

    private JsonPointer(DataPointer place) {
        this.place = place;
    }

    /**
     * Reads a pointer.
     *
     * @param text such as {@code /customer/name}; empty for the data as a whole
     * @return the pointer; empty if the text is none, or leads deeper than plain data can be nested
     */
    public static Optional<JsonPointer> parse(String text) {
        return DataPointer.parse(text).map(JsonPointer::new);
    }

    /**
     * Whether there is anything at this place, null included.
     *
     * @param data any value, may be null
     * @return true if there is
     */
    public boolean existsIn(@Nullable Object data) {
        return place.findIn(data) != DataPointer.NOTHING;
    }

    /**
     * What is at this place.
     *
     * @param data any value, may be null
     * @return the value there; null, too, if there is none
     */
    public @Nullable Object valueIn(@Nullable Object data) {
        Object found = place.findIn(data);
        return found == DataPointer.NOTHING ? null : Values.structured(found);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof JsonPointer pointer && pointer.place.equals(place);
    }

    @Override
    public int hashCode() {
        return place.hashCode();
    }

    /** The pointer as it is written. */
    @Override
    public String toString() {
        return place.toString();
    }
}
