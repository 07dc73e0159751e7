package dev.flowengine.examples;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Reads traces in WfFormat 1.5, the format of the WfCommons project, and refuses what contradicts itself. */
final class WfTraceReader {
    private static final String SCHEMA_VERSION = "1.5";
    private static final double MAX_SECONDS = 1e9;
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Map<String, SpecifiedTask> tasks = new LinkedHashMap<>();

    private WfTraceReader() {}

    /**
     * Reads a trace.
     *
     * @param file a JSON file
     * @return the trace
     * @throws InvalidTraceException if the file cannot be read or replayed
     */
    static WfTrace read(Path file) {
        return new WfTraceReader().trace(parse(file));
    }

    private static JsonPlace parse(Path file) {
        try (InputStream stream = Files.newInputStream(file)) {
            return new JsonPlace(file, "", MAPPER.readTree(stream));
        } catch (IOException unreadable) {
            throw unreadable(file, unreadable);
        } catch (JacksonException malformed) {
            if (malformed.getCause() instanceof IOException unreadable) {
                throw unreadable(file, unreadable);
            }
            TokenStreamLocation at = malformed.getLocation();
            String place = at == null ? "" : "line " + at.getLineNr() + ", column " + at.getColumnNr();
            throw new InvalidTraceException(
                    file, place, "not JSON: " + malformed.getOriginalMessage(), "give a WfFormat 1.5 trace");
        }
    }

    private static InvalidTraceException unreadable(Path file, IOException problem) {
        String found = "cannot be read: " + problem.getMessage();
        if (problem instanceof NoSuchFileException) {
            found = "there is no such file";
        } else if (problem instanceof AccessDeniedException) {
            found = "access is denied";
        }
        return new InvalidTraceException(file, "", found, "give the path of a file that can be read");
    }

    private WfTrace trace(JsonPlace root) {
        JsonPlace version = root.field("schemaVersion");
        if (!version.text().equals(SCHEMA_VERSION)) {
            throw version.problem(
                    "the schema version is " + version.text(), "give a trace of version " + SCHEMA_VERSION);
        }
        JsonPlace workflow = root.field("workflow");
        JsonPlace specified = workflow.field("specification").field("tasks");
        specified.items().forEach(this::addTask);
        if (tasks.isEmpty()) {
            throw specified.problem("there is no task", "give a trace with at least one");
        }
        tasks.values().forEach(this::checkRelatives);
        Map<String, Double> runtimes = runtimes(workflow.field("execution").field("tasks"));
        return new WfTrace(root.file(), withRuntimes(runtimes));
    }

    private void addTask(JsonPlace place) {
        JsonPlace id = place.field("id");
        SpecifiedTask task =
                new SpecifiedTask(place, id.text(), texts(place.field("parents")), texts(place.field("children")));
        SpecifiedTask other = tasks.putIfAbsent(task.id(), task);
        if (other != null) {
            throw id.problem(
                    quoted(task.id()) + " is also the id of " + other.place().pointer(),
                    "give each task an id of its own");
        }
    }

    private static Set<String> texts(JsonPlace array) {
        Set<String> texts = new LinkedHashSet<>();
        array.items().forEach(item -> texts.add(item.text()));
        return texts;
    }

    private void checkRelatives(SpecifiedTask task) {
        for (String parent : task.parents()) {
            if (!known(task, "parents", parent).children().contains(task.id())) {
                throw contradiction(task, "parents", parent, "children");
            }
        }
        for (String child : task.children()) {
            if (!known(task, "children", child).parents().contains(task.id())) {
                throw contradiction(task, "children", child, "parents");
            }
        }
    }

    private SpecifiedTask known(SpecifiedTask task, String field, String relative) {
        SpecifiedTask found = tasks.get(relative);
        if (found == null) {
            throw task.place()
                    .field(field)
                    .problem(
                            "task " + quoted(task.id()) + " names " + quoted(relative) + ", which is no task",
                            "name only tasks of this trace");
        }
        return found;
    }

    private static InvalidTraceException contradiction(
            SpecifiedTask task, String field, String relative, String mirror) {
        return task.place()
                .field(field)
                .problem(
                        "task " + quoted(task.id()) + " has " + quoted(relative) + " among its " + field + ", but "
                                + quoted(relative) + " does not have it among its " + mirror,
                        "make both sides say the same");
    }

    private Map<String, Double> runtimes(JsonPlace executed) {
        Map<String, Double> runtimes = new HashMap<>();
        for (JsonPlace place : executed.items()) {
            JsonPlace id = place.field("id");
            if (!tasks.containsKey(id.text())) {
                throw id.problem(
                        quoted(id.text()) + " is no task of the specification", "remove it or specify the task");
            }
            double seconds = place.field("runtimeInSeconds").number(MAX_SECONDS);
            if (runtimes.put(id.text(), seconds) != null) {
                throw id.problem(quoted(id.text()) + " was executed twice", "keep one execution of each task");
            }
        }
        return runtimes;
    }

    private List<WfTask> withRuntimes(Map<String, Double> runtimes) {
        List<WfTask> complete = new ArrayList<>(tasks.size());
        for (SpecifiedTask task : tasks.values()) {
            Double seconds = runtimes.get(task.id());
            if (seconds == null) {
                throw task.place()
                        .problem(
                                "task " + quoted(task.id()) + " has no runtimeInSeconds",
                                "add it to /workflow/execution/tasks");
            }
            complete.add(new WfTask(task.id(), List.copyOf(task.parents()), seconds));
        }
        return complete;
    }

    private static String quoted(String id) {
        return "'" + id + "'";
    }

    private record SpecifiedTask(JsonPlace place, String id, Set<String> parents, Set<String> children) {}
}
