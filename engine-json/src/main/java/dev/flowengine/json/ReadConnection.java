package dev.flowengine.json;

import dev.flowengine.extension.DataReader;
import dev.flowengine.graph.Ports;
import org.jspecify.annotations.Nullable;

/**
 * A connection as far as it could be read; null for what could not.
 *
 * @param place pointer to it
 * @param from id of its source
 * @param output output port of its source
 * @param to id of its target
 * @param input input port of its target
 */
record ReadConnection(
        String place,
        @Nullable String from,
        @Nullable String output,
        @Nullable String to,
        @Nullable String input) {

    static ReadConnection of(DataReader reader) {
        String from = Fields.text(reader, "from");
        String to = Fields.text(reader, "to");
        String output = reader.has("output") ? Fields.text(reader, "output") : Ports.MAIN;
        String input = reader.has("input") ? Fields.text(reader, "input") : Ports.MAIN;
        int before = reader.problemCount();
        reader.end();
        if (reader.problemCount() > before) {
            // An unknown name may be a port's, misspelt.
            output = reader.has("output") ? output : null;
            input = reader.has("input") ? input : null;
        }
        return new ReadConnection(reader.pointer(), from, output, to, input);
    }

    /** Whether all of it could be read. */
    boolean isWhole() {
        return from != null && output != null && to != null && input != null;
    }
}
