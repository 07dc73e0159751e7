package dev.flowengine.examples;

import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** One JSON object on one line. */
final class JsonLine {
    private static final JsonMapper MAPPER = new JsonMapper();

    private JsonLine() {}

    /** Writes the entries in the order of the map. */
    static String of(Map<String, ?> entries) {
        return MAPPER.writeValueAsString(entries);
    }
}
