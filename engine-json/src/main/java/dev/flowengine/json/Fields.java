package dev.flowengine.json;

import dev.flowengine.extension.DataReader;
import org.jspecify.annotations.Nullable;

/** Reads fields whose value cannot be replaced by a harmless one. */
final class Fields {
    private Fields() {}

    /** A text, or null if there is none, which is noted. */
    static @Nullable String text(DataReader reader, String name) {
        int before = reader.problemCount();
        String text = reader.text(name);
        return reader.problemCount() == before ? text : null;
    }

    /** A text that names something, or null if there is none, which is noted. */
    static @Nullable String id(DataReader reader, String name) {
        String id = text(reader, name);
        if (id == null || !id.isEmpty()) {
            return id;
        }
        reader.expected(name, "a text that is not empty");
        return null;
    }
}
