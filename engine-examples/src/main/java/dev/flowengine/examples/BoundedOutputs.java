package dev.flowengine.examples;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Keeps outputs while there is room for them in a line of JSON, and tells which are left out. */
final class BoundedOutputs {
    private final Consumer<String> complaints;
    private int room;

    /**
     * Starts with room for so many characters.
     *
     * @param complaints is given a line for each output that is left out
     */
    BoundedOutputs(int room, Consumer<String> complaints) {
        this.room = room;
        this.complaints = complaints;
    }

    /** What the ports of a node fired, with a remark in the place of what is left out. */
    Map<String, @Nullable Object> of(String node, Map<String, ? extends @Nullable Object> ports) {
        Map<String, @Nullable Object> kept = new LinkedHashMap<>();
        ports.forEach((port, value) -> kept.put(port, kept(node + "." + port, value)));
        return kept;
    }

    private @Nullable Object kept(String port, @Nullable Object value) {
        BoundedJson json = BoundedJson.of(value, room);
        if (json.fault() == null) {
            room -= json.text().length();
            return value;
        }
        complaints.accept("output " + port + " is left out: " + json.fault());
        return "(left out: " + json.fault() + ")";
    }
}
