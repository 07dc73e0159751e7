package dev.flowengine.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class InvalidTraceTest {
    private static final String SPECIFIED = "/workflow/specification/tasks";
    private static final String EXECUTED = "/workflow/execution/tasks";
    private static final String VALID = """
            {"schemaVersion": "1.5", "workflow": {
              "specification": {"tasks": [
                {"id": "a", "parents": [], "children": ["b"]},
                {"id": "b", "parents": ["a"], "children": []}]},
              "execution": {"tasks": [
                {"id": "a", "runtimeInSeconds": 0.01},
                {"id": "b", "runtimeInSeconds": 2}]}}}
            """;

    @TempDir
    Path directory;

    @Test
    void the_trace_the_others_are_made_from_is_valid() {
        Path file = SmallTrace.write(directory, VALID);

        assertThat(CommandRun.of("replay", file.toString(), "--speed", "1000", "--json")
                        .exitCode())
                .isZero();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"not_json", "wrong_structure", "contradictions", "circles"})
    void is_refused_in_one_line_with_exit_code_2(String name, String content, String place, String found) {
        Path file = SmallTrace.write(directory, content);

        CommandRun run = CommandRun.of("replay", file.toString());

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.errLines())
                .singleElement()
                .asString()
                .startsWith(file + ": " + place)
                .contains(found, "; ");
    }

    static Stream<Arguments> not_json() {
        return Stream.of(
                arguments("empty", "", "", "found"),
                arguments("text", "hello", "line 1, column ", "not JSON"),
                arguments("cut off", VALID.substring(0, VALID.length() / 2), "line 4, column ", "not JSON"),
                arguments("two documents", VALID + VALID, "line 8, column ", "not JSON"),
                arguments("a field twice", VALID.replace("\"parents\": []", "\"id\": \"c\""), "", "not JSON"),
                arguments("not a number", with("0.01", "NaN"), "line 6, column ", "not JSON"),
                arguments("nested without end", "[".repeat(100_000), "not JSON", "nesting depth"));
    }

    static Stream<Arguments> wrong_structure() {
        return Stream.of(
                arguments("an array", "[]", "found [] (ARRAY)", "an object with the field 'schemaVersion'"),
                arguments("no version", with("schemaVersion", "version"), "the field 'schemaVersion' is missing", ""),
                arguments("an older version", with("1.5", "1.4"), "/schemaVersion", "the schema version is 1.4"),
                arguments("a version that is a number", with("\"1.5\"", "1.5"), "/schemaVersion", "a string"),
                arguments("no workflow", with("workflow", "flow"), "the field 'workflow' is missing", ""),
                arguments("no specification", with("specification", "s"), "/workflow", "'specification' is missing"),
                arguments("no execution", with("execution", "e"), "/workflow", "'execution' is missing"),
                arguments("no tasks", tasks("[]"), SPECIFIED, "there is no task"),
                arguments("tasks that are an object", tasks("{}"), SPECIFIED, "an array"),
                arguments("a task that is a string", tasks("[\"a\"]"), SPECIFIED + "/0", "an object"),
                arguments("no id", tasks("[{}]"), SPECIFIED + "/0", "'id' is missing"),
                arguments("an id of null", tasks("[{\"id\": null}]"), SPECIFIED + "/0/id", "found null (NULL)"),
                arguments("a blank id", tasks("[{\"id\": \" \"}]"), SPECIFIED + "/0/id", "not blank"),
                arguments("no parents", with("\"parents\": [],", ""), SPECIFIED + "/0", "'parents' is missing"),
                arguments("no children", with(", \"children\": []", ""), SPECIFIED + "/1", "'children' is missing"),
                arguments("a parent that is a number", with("[\"a\"]", "[1]"), SPECIFIED + "/1/parents/0", "found 1"),
                arguments("no runtime", with("runtimeInSeconds\": 2", "r\": 2"), EXECUTED + "/1", "is missing"),
                arguments("a runtime of text", with("0.01", "\"1\""), EXECUTED + "/0/runtimeInSeconds", "a number"),
                arguments("a negative runtime", with("0.01", "-1"), EXECUTED + "/0/runtimeInSeconds", "found -1"),
                arguments("an endless runtime", with("0.01", "1e999"), EXECUTED + "/0/runtimeInSeconds", "a number"),
                arguments("a huge integer", with("0.01", "9".repeat(400)), EXECUTED + "/0/runtimeInSeconds", "a num"));
    }

    static Stream<Arguments> contradictions() {
        return Stream.of(
                arguments(
                        "a duplicate id",
                        with("{\"id\": \"b\", \"parents\"", "{\"id\": \"a\", \"parents\""),
                        SPECIFIED + "/1/id",
                        "'a' is also the id of " + SPECIFIED + "/0"),
                arguments("an unknown parent", with("[\"a\"]", "[\"a\", \"x\"]"), SPECIFIED + "/1/parents", "'x'"),
                arguments("an unknown child", with("[\"b\"]", "[\"b\", \"x\"]"), SPECIFIED + "/0/children", "'x'"),
                arguments(
                        "a child that knows no parent",
                        with("[\"a\"]", "[]"),
                        SPECIFIED + "/0/children",
                        "'b' does not have it among its parents"),
                arguments(
                        "a parent that knows no child",
                        with("[\"b\"]", "[]"),
                        SPECIFIED + "/1/parents",
                        "'a' does not have it among its children"),
                arguments(
                        "a task that was not executed",
                        with(",\n    {\"id\": \"b\", \"runtimeInSeconds\": 2}", ""),
                        SPECIFIED + "/1",
                        "'b' has no runtimeInSeconds"),
                arguments(
                        "a task that was executed twice",
                        with("{\"id\": \"b\", \"run", "{\"id\": \"a\", \"run"),
                        EXECUTED + "/1/id",
                        "'a' was executed twice"),
                arguments(
                        "an execution of no task",
                        with("{\"id\": \"b\", \"run", "{\"id\": \"x\\n\\u001b[2J\", \"run"),
                        EXECUTED + "/1/id",
                        "'x [2J' is no task"));
    }

    static Stream<Arguments> circles() {
        return Stream.of(
                arguments(
                        "of all tasks",
                        new SmallTrace()
                                .task("a", 1, "c")
                                .task("b", 1, "a")
                                .task("c", 1, "b")
                                .json(),
                        SPECIFIED,
                        "circle: a -> b -> c -> a; remove"),
                arguments(
                        "of one task",
                        new SmallTrace().task("a", 1).task("b", 1, "a", "b").json(),
                        SPECIFIED,
                        "circle: b -> b; remove"),
                arguments(
                        "behind other tasks",
                        new SmallTrace()
                                .task("a", 1)
                                .task("b", 1, "a", "c")
                                .task("c", 1, "b")
                                .json(),
                        SPECIFIED,
                        "circle: b -> c -> b; remove"));
    }

    @Test
    void a_file_that_is_not_there_is_named() {
        Path file = directory.resolve("missing.json");

        CommandRun run = CommandRun.of("replay", file.toString());

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.errLines())
                .containsExactly(file + ": there is no such file; give the path of a file that can be read");
    }

    @Test
    void a_directory_is_no_trace() {
        CommandRun run = CommandRun.of("replay", directory.toString());

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.errLines()).singleElement().asString().startsWith(directory + ": cannot be read");
    }

    private static String with(String old, String replacement) {
        assertThat(VALID).contains(old);
        return VALID.replace(old, replacement);
    }

    private static String tasks(String array) {
        int start = VALID.indexOf("[\n    {\"id\": \"a\", \"parents\"");
        int end = VALID.indexOf("},\n  \"execution\"");
        return VALID.substring(0, start) + array + VALID.substring(end);
    }
}
