package dev.flowengine.examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/** Writes traces of a few tasks. */
final class SmallTrace {
    private final Map<String, List<String>> parents = new TreeMap<>();
    private final Map<String, List<String>> children = new TreeMap<>();
    private final Map<String, Double> seconds = new TreeMap<>();

    SmallTrace task(String id, double runtime, String... waitsFor) {
        parents.put(id, List.of(waitsFor));
        children.computeIfAbsent(id, key -> new ArrayList<>());
        seconds.put(id, runtime);
        for (String parent : waitsFor) {
            children.computeIfAbsent(parent, key -> new ArrayList<>()).add(id);
        }
        return this;
    }

    String json() {
        List<Object> specified = new ArrayList<>();
        List<Object> executed = new ArrayList<>();
        for (String id : parents.keySet()) {
            specified.add(Map.of("id", id, "parents", parents.get(id), "children", children.get(id)));
            executed.add(Map.of("id", id, "runtimeInSeconds", seconds.get(id)));
        }
        return new JsonMapper()
                .writeValueAsString(Map.of(
                        "schemaVersion",
                        "1.5",
                        "workflow",
                        Map.of("specification", Map.of("tasks", specified), "execution", Map.of("tasks", executed))));
    }

    Path writeTo(Path directory) {
        return write(directory, json());
    }

    static Path write(Path directory, String content) {
        try {
            return Files.writeString(directory.resolve("trace.json"), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The tasks without a file. */
    WfTrace trace() {
        return new WfTrace(
                Path.of("small"),
                parents.keySet().stream()
                        .map(id -> new WfTask(id, parents.get(id), seconds.get(id)))
                        .toList());
    }
}
