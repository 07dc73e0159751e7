package dev.flowengine.json;

import static dev.flowengine.json.Documents.problems;
import static dev.flowengine.json.Documents.read;
import static dev.flowengine.json.Documents.run;
import static dev.flowengine.json.Documents.withNode;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;

import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.flow.Flow;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.model.SkipReason;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the built-in types do. */
class NodeTypesTest {

    @Test
    void the_built_in_types_are_found_by_the_service_loader() {
        assertThat(Documents.TYPES.names())
                .containsExactly(
                        "collect", "if", "loop", "map", "merge", "set", "signal", "stop", "subflow", "switch",
                        "trigger", "wait");
    }

    @ParameterizedTest
    @CsvSource({"5, small", "50, medium", "500, ''"})
    void a_switch_fires_the_first_case_that_holds_or_nothing(int total, String port) {
        ExecutionResult result = run(read(switched("")), "t", Map.of("total", total));

        assertThat(result.status()).isEqualTo(ExecutionStatus.COMPLETED);
        assertThat(result.snapshot().node("n").orElseThrow().firedPorts())
                .isEqualTo(port.isEmpty() ? List.of() : List.of(port));
    }

    @Test
    void a_switch_fires_otherwise_if_no_case_holds() {
        Flow flow = read(switched(", \"otherwise\": \"large\""));

        assertThat(run(flow, "t", Map.of("total", 500)).outputs("n").asMap()).containsOnlyKeys("large");
        assertThat(run(flow, "t", Map.of("total", 50)).outputs("n").asMap()).containsOnlyKeys("medium");
    }

    @Test
    void a_switch_needs_a_case() {
        assertThat(problems(withNode("\"type\": \"switch\", \"parameters\": {\"cases\": []}")))
                .startsWith("/nodes/1/parameters/cases: is an empty list, but should be at least one case");
        assertThat(problems(withNode("\"type\": \"switch\"")))
                .startsWith("/nodes/1/parameters: has no 'cases', which should be a list");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/items/0", "/items/7/id", "/items/-/0"})
    void set_does_not_guess_whether_an_index_below_nothing_is_one_of_a_list(String pointer) {
        Flow flow = read(withNode("\"type\": \"set\", \"parameters\": {\"values\": {\"" + pointer + "\": 1}}"));

        for (String data : List.of("{\"items\": null}", "null")) {
            ExecutionResult result = run(flow, "t", JsonData.read(data));

            assertThat(result.status()).isEqualTo(ExecutionStatus.FAILED);
            assertThat(result.failure().orElseThrow())
                    .hasMessageContaining("'" + pointer + "' cannot be set: ")
                    .hasMessageContaining("may be meant for an object or for a list");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/~~01", "/~", "/a/~2", "/~0~", "a"})
    void a_pointer_with_a_wrong_escape_is_none(String pointer) {
        assertThat(problems(withNode("\"type\": \"set\", \"parameters\": {\"values\": {\"" + pointer
                        + "\": 1}, \"remove\": [\"" + pointer + "\"]}")))
                .hasSize(2)
                .allMatch(problem -> problem.contains("JSON pointer such as"));
        assertThat(problems(withNode(
                        "\"type\": \"if\", \"parameters\": {\"field\": \"" + pointer + "\", \"exists\": true}")))
                .singleElement()
                .asString()
                .startsWith("/nodes/1/parameters/field: ");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"values": {"/a": 1}}                        | {"b": 2}              | {"b":2,"a":1}
            {"values": {"/a": 1}}                        | {"a": 2, "c": 3}      | {"a":1,"c":3}
            {"values": {"/a/b/c": [1]}}                  | {}                    | {"a":{"b":{"c":[1]}}}
            {"values": {"/a/b": 1}}                      | {"a": null}           | {"a":{"b":1}}
            {"values": {"/a": 1}}                        | null                  | {"a":1}
            {"values": {"": {"x": 1}}}                   | {"b": 2}              | {"x":1}
            {"values": {"/l/1": 9, "/l/-": 8, "/l/3": 7}} | {"l": [1, 2]}        | {"l":[1,9,8,7]}
            {"values": {"/l/0/a": 1}}                    | {"l": [{"b": 2}]}     | {"l":[{"b":2,"a":1}]}
            {"values": {"/x~1y": 1}}                     | {}                    | {"x/y":1}
            {"values": {"/items/-": 1}}                  | {}                    | {"items":[1]}
            {"values": {"/items/-": 1}}                  | {"items": null}       | {"items":[1]}
            {"values": {"/items/-": 1}}                  | {"items": [7]}        | {"items":[7,1]}
            {"values": {"/items/-/id": 1, "/items/0/n": 2}} | {}                 | {"items":[{"id":1,"n":2}]}
            {"values": {"/m/-/-": 1}}                    | null                  | {"m":[[1]]}
            {"values": {"/-": 1}}                        | null                  | [1]
            {"values": {"/-": 1}}                        | {"-": 2}              | {"-":1}
            {"values": {"/o/0": 1}}                      | {"o": {}}             | {"o":{"0":1}}
            {"remove": ["/a", "/none/at/all"]}           | {"a": 1, "b": 2}      | {"b":2}
            {"remove": ["/l/0", "/l/0/x"]}               | {"l": [1, {"x": 2, "y": 3}]} | {"l":[{"y":3}]}
            {"values": {"/a/b": 1}, "remove": ["/a"]}    | {"a": {"c": 2}}       | {"a":{"b":1}}
            {"remove": ["/a/b"]}                         | {"a": "text"}         | {"a":"text"}
            {}                                           | {"a": 1}              | {"a":1}
            """)
    void set_copies_its_input_with_values_set_and_removed(String parameters, String input, String output) {
        Object data = JsonData.read(input);

        ExecutionResult result = run(read(withNode("\"type\": \"set\", \"parameters\": " + parameters)), "t", data);

        assertThat(JsonData.write(result.outputs("n").asMap().get("main"))).isEqualTo(output);
        assertThat(data).isEqualTo(JsonData.read(input));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            /a/b    | {"a": "text"} | '/a/b' cannot be set: '/a' is a text
            /a      | 5             | '/a' cannot be set: the input is a number
            /a/b/c  | {"a": {"b": true}} | '/a/b/c' cannot be set: '/a/b' is true or false
            /a/3    | {"a": [1]}    | '/a/3' cannot be set: '/a' is a list of 1 elements, without place for '3'
            /a/x    | {"a": []}     | '/a/x' cannot be set: '/a' is a list of 0 elements, without place for 'x'
            """)
    void set_fails_where_a_value_has_no_place(String pointer, String input, String message) {
        Flow flow = read(withNode("\"type\": \"set\", \"parameters\": {\"values\": {\"" + pointer + "\": 1}}"));

        ExecutionResult result = run(flow, "t", JsonData.read(input));

        assertThat(result.snapshot()
                        .node("n")
                        .orElseThrow()
                        .failure()
                        .orElseThrow()
                        .message())
                .isEqualTo(message);
    }

    @Test
    void set_changes_neither_its_input_nor_its_parameters_nor_what_both_share() {
        Flow flow = read(withNode("""
                "type": "set", "parameters": {"values": {"/a": {"x": [1]}, "/b": {"x": [1]}, "/a/x/-": 2, "/a/x/0": 3,
                  "/one/k": 5, "/one/l": 6}, "remove": ["/two/l"]}"""));
        Map<String, Object> shared = new HashMap<>(Map.of("k", 1, "l", 2));
        Map<String, Object> input = Map.of("one", shared, "two", shared);

        for (int again = 0; again < 2; again++) {
            assertThat(run(flow, "t", input).outputs("n").asMap().get("main"))
                    .isEqualTo(Map.of(
                            "a", Map.of("x", List.of(3, 2)),
                            "b", Map.of("x", List.of(1)),
                            "one", Map.of("k", 5, "l", 6),
                            "two", Map.of("k", 1)));
        }
        assertThat(shared).isEqualTo(Map.of("k", 1, "l", 2));
    }

    @Test
    void set_sets_tens_of_thousands_of_values_in_one_object_and_one_list() {
        Map<String, Object> values = new LinkedHashMap<>();
        for (int i = 0; i < 30_000; i++) {
            values.put("/o/" + "k" + i, i);
            values.put("/l/" + i, i);
        }
        Map<String, Object> input = Map.of("o", Map.of(), "l", List.of());

        ExecutionResult result = run(
                read(withNode("\"type\": \"set\", \"parameters\": {\"values\": " + JsonData.write(values) + "}")),
                "t",
                input);

        assertThat(result.outputs("n").asMap().get("main"))
                .extracting("l", LIST)
                .hasSize(30_000)
                .last()
                .isEqualTo(29_999);
    }

    @Test
    void set_refuses_what_is_no_pointer() {
        assertThat(problems(withNode("\"type\": \"set\", \"parameters\": {\"values\": {\"a\": 1, \"/b~\": 2},"
                        + " \"remove\": [\"/ok\", \"\", \"c\", 3], \"value\": 1}")))
                .containsExactly(
                        "/nodes/1/parameters/values/a: has a name that is no JSON pointer such as \"/customer/name\"",
                        "/nodes/1/parameters/values/~1b~0: has a name that is no JSON pointer such as"
                                + " \"/customer/name\"",
                        "/nodes/1/parameters/remove/1: is the text '', but should be a JSON pointer such as"
                                + " \"/customer/name\" below the input",
                        "/nodes/1/parameters/remove/2: is the text 'c', but should be a JSON pointer such as"
                                + " \"/customer/name\" below the input",
                        "/nodes/1/parameters/remove/3: is 3, but should be a JSON pointer such as"
                                + " \"/customer/name\" below the input",
                        "/nodes/1/parameters/value: is an unknown name; known here are values, remove");
    }

    @Test
    void merge_passes_on_the_first_and_collect_all_that_were_taken() {
        Flow flow = read("""
                {"id": "f", "nodes": [
                  {"id": "t", "type": "trigger"},
                  {"id": "check", "type": "if", "parameters": {"field": "", "above": 1}},
                  {"id": "b", "type": "set", "parameters": {"values": {"": "b"}}},
                  {"id": "c", "type": "set", "parameters": {"values": {"": "c"}}},
                  {"id": "one", "type": "merge"}, {"id": "all", "type": "collect"}],
                 "connections": [{"from": "t", "to": "check"},
                  {"from": "check", "output": "false", "to": "b"}, {"from": "check", "output": "true", "to": "c"},
                  {"from": "b", "to": "one"}, {"from": "c", "to": "one"}, {"from": "t", "to": "one"},
                  {"from": "b", "to": "all"}, {"from": "c", "to": "all"}, {"from": "t", "to": "all"}]}""");

        ExecutionResult result = run(flow, "t", 5);

        assertThat(value(result, "one")).isEqualTo("c");
        assertThat(value(result, "all")).isEqualTo(List.of("c", 5));
    }

    @Test
    void stop_fails_once_with_its_message_and_what_depends_on_it_is_skipped() {
        Flow flow = read("""
                {"id": "f", "retry": {"maxAttempts": 3}, "nodes": [
                  {"id": "t", "type": "trigger"}, {"id": "next", "type": "merge"}, {"id": "other", "type": "merge"},
                  {"id": "n", "type": "stop", "parameters": {"message": "no such customer"}}],
                 "connections": [{"from": "t", "to": "n"}, {"from": "n", "to": "next"}, {"from": "t", "to": "other"}]}
                """);

        ExecutionResult result = run(flow, "t", 5);

        assertThat(result.status()).isEqualTo(ExecutionStatus.PARTIAL);
        assertThat(result.snapshot()
                        .node("n")
                        .orElseThrow()
                        .failure()
                        .orElseThrow()
                        .message())
                .isEqualTo("no such customer");
        assertThat(result.snapshot().node("n").orElseThrow().attempt()).isEqualTo(1);
        assertThat(result.snapshot().node("next").orElseThrow().skipReason()).contains(SkipReason.UPSTREAM_FAILED);
        assertThat(result.snapshot().node("other").orElseThrow().status()).isEqualTo(NodeStatus.COMPLETED);
    }

    @Test
    void what_an_error_output_fires_can_be_asked_and_set_like_an_object() {
        Flow flow = read("""
                {"id": "f", "nodes": [
                  {"id": "t", "type": "trigger"},
                  {"id": "n", "type": "stop", "parameters": {"message": "broken"}, "onError": "ERROR_OUTPUT"},
                  {"id": "why", "type": "if", "parameters": {"and": [
                     {"field": "/message", "equals": "broken"}, {"field": "/node", "equals": "n"},
                     {"field": "/kind", "equals": "NODE_EXECUTION_FAILED"}, {"field": "/input/id", "equals": 7}]}},
                  {"id": "note", "type": "set", "parameters": {"values": {"/seen": true}, "remove": ["/type"]}}],
                 "connections": [{"from": "t", "to": "n"}, {"from": "n", "output": "error", "to": "why"},
                                 {"from": "why", "output": "true", "to": "note"}]}""");

        ExecutionResult result = run(flow, "t", Map.of("id", 7));

        assertThat(value(result, "note"))
                .isEqualTo(Map.of(
                        "kind", "NODE_EXECUTION_FAILED",
                        "message", "broken",
                        "node", "n",
                        "attempt", 1,
                        "suggestedResolution", "",
                        "input", Map.of("id", 7),
                        "seen", true));
    }

    @Test
    void objects_of_java_have_no_fields() {
        Flow flow = read(withNode("\"type\": \"if\", \"parameters\": {\"field\": \"/epochSecond\", \"exists\": true}"));

        assertThat(run(flow, "t", Instant.EPOCH).outputs("n").asMap()).containsOnlyKeys("false");
    }

    private static String switched(String otherwise) {
        return withNode("""
                "type": "switch", "parameters": {"cases": [
                   {"output": "small", "when": {"field": "/total", "below": 10}},
                   {"output": "medium", "when": {"field": "/total", "below": 100}}]%s}""".replace("%s", otherwise));
    }

    private static @Nullable Object value(ExecutionResult result, String node) {
        return result.outputs(node).asMap().get("main");
    }
}
