package dev.flowengine.json;

import static dev.flowengine.json.Documents.findings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.flowengine.flow.Flow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A mistake hides no other one, and makes up none. */
class HiddenProblemsTest {
    private static final String TYPE = "/nodes/1/type: 'swich' is an unknown node type";
    private static final String TIMEOUT =
            "/nodes/1/timeout: is 1, but should be a time of at least PT0.000000001S such as"
                    + " \"PT1M30S\" (ISO 8601)";

    /** The second node has the mistake; what else is wrong follows it. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            `{"from": "a", "to": "x"}`                     | /connections/0: connection a.main → x.main: there is no node 'x'
            `{"from": "x", "to": "a"}`                     | /connections/0: connection x.main → a.main: there is no node 'x'
            `{"from": "t", "output": "x", "to": "a"}`      | /connections/0: connection t.x → a.main: node 't' has no output port 'x'
            `{"from": "a", "to": "b", "input": "x"}`       | /connections/0: connection a.main → b.x: node 'b' has no input port 'x'
            `{"from": "a", "to": "b"}, {"from": "b", "to": "a"}` | /connections/1: circular dependency a → b → a: no LOOP is left by its port 'loop' on this way
            `{"from": "b", "output": "error", "to": "a"}`  | /connections/0: connection b.error → a.main: node 'b' has onError FAIL, so its port 'error' never fires
            """)
    void a_node_with_a_mistake_hides_no_problem_of_its_connections(String connections, String expected) {
        assertThat(findings(around("\"type\": \"swich\"", connections))).containsExactly(TYPE, expected);
        assertThat(findings(around("\"type\": \"set\", \"timeout\": 1", connections)))
                .containsExactly(TIMEOUT, expected);
    }

    @Test
    void a_node_with_a_mistake_hides_no_second_node_of_its_id() {
        String json = """
                {"id": "f", "nodes": [{"id": "t", "type": "trigger"}, {"id": "a", %s}, {"id": "a", "type": "set"}],
                 "connections": [{"from": "t", "to": "a"}]}""";

        assertThat(findings(json.replace("%s", "\"type\": \"swich\"")))
                .containsExactly(TYPE, "/nodes/2/id: 2 nodes have the id 'a'");
        assertThat(findings(json.replace("%s", "\"type\": \"set\", \"timeout\": 1")))
                .containsExactly(TIMEOUT, "/nodes/2/id: 2 nodes have the id 'a'");
    }

    @Test
    void what_a_node_with_a_mistake_waits_for_is_looked_at() {
        assertThat(findings(around("\"type\": \"swich\", \"after\": [1, \"x\", \"a\"]", "")))
                .containsExactly(
                        "/nodes/1/after/0: is 1, but should be a text",
                        TYPE,
                        "/nodes/1/after/1: order dependency 'a' after 'x': there is no node 'x'",
                        "/nodes/1/after/2: circular dependency a → a: a node cannot depend on itself");
    }

    @Test
    void a_mistake_beside_an_empty_flow_hides_it_not() {
        assertThat(findings("{\"id\": \"f\", \"version\": 1, \"nodes\": []}"))
                .containsExactly("/version: is 1, but should be a text", "/nodes: the flow has no nodes");
        assertThat(findings("{\"id\": \"f\", \"nodes\": [1]}"))
                .containsExactly("/nodes/0: is 1, but should be an object");
        assertThat(findings("{\"id\": \"f\", \"nodes\": 1, \"connections\": [{\"from\": \"a\", \"to\": \"b\"}]}"))
                .containsExactly("/nodes: is 1, but should be a list");
    }

    @Test
    void ports_of_a_node_that_could_not_be_made_are_not_judged() {
        assertThat(findings(around(
                        "\"type\": \"swich\", \"onError\": \"CONTINUE\", \"disabled\": true",
                        "{\"from\": \"a\", \"output\": \"yes\", \"to\": \"b\"}, {\"from\": \"t\", \"to\": \"a\", \"input\": \"l\"},"
                                + " {\"from\": \"a\", \"output\": \"error\", \"to\": \"b\"}")))
                .containsExactly(TYPE);
    }

    @Test
    void what_cannot_be_read_of_error_handling_and_join_is_not_guessed() {
        assertThat(findings(around(
                        "\"type\": \"set\", \"onError\": \"ERROR\"",
                        "{\"from\": \"a\", \"output\": \"error\", \"to\": \"b\"}")))
                .singleElement()
                .asString()
                .startsWith("/nodes/1/onError: ");
        assertThat(findings(exclusiveWaysInto("\"join\": \"ANY\"")))
                .singleElement()
                .asString()
                .startsWith("/nodes/2/join");
        assertThat(findings(exclusiveWaysInto("\"join\": \"ALL_SUCCESS\", \"timeout\": 1")))
                .hasSize(2)
                .last()
                .asString()
                .startsWith("/nodes/2: node 'j' can never run");
    }

    private static String exclusiveWaysInto(String join) {
        return """
                {"id": "f", "nodes": [
                  {"id": "t", "type": "trigger"},
                  {"id": "c", "type": "if", "parameters": {"field": "", "exists": true}},
                  {"id": "j", "type": "merge", %s}],
                 "connections": [{"from": "t", "to": "c"}, {"from": "c", "output": "true", "to": "j"},
                                 {"from": "c", "output": "false", "to": "j"}]}""".replace("%s", join);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            `{"from": "x"}`                              | has no 'to', which should be a text         | `/connections/0: there is no node 'x'`
            `{"from": "t", "output": "y", "to": 1}`      | /to: is 1, but should be a text             | `/connections/0: node 't' has no output port 'y'`
            `{"to": "x"}`                                | has no 'from', which should be a text       | `/connections/0: there is no node 'x'`
            `{"to": "b", "input": "y"}`                  | has no 'from', which should be a text       | `/connections/0: node 'b' has no input port 'y'`
            `{"from": "t", "output": 1, "to": "x"}`      | /output: is 1, but should be a text         | `/connections/0: connection t.main → x.main: there is no node 'x'`
            `{"from": "b", "input": 1, "to": "b"}`       | /input: is 1, but should be a text          | `/connections/0: circular dependency b → b`
            """)
    void a_connection_with_a_mistake_hides_nothing_of_its_other_end(String connection, String mistake, String other) {
        assertThat(findings(around("\"type\": \"set\"", connection)))
                .hasSize(2)
                .satisfies(found ->
                        assertThat(found.get(0)).startsWith("/connections/0").endsWith(mistake))
                .satisfies(found -> assertThat(found.get(1)).startsWith(other));
    }

    @Test
    void a_connection_with_a_mistake_makes_up_no_other() {
        String branch = "\"type\": \"if\", \"parameters\": {\"field\": \"\", \"exists\": true}";

        assertThat(findings(around(branch, "{\"from\": \"a\", \"outputt\": \"true\", \"to\": \"b\"}")))
                .singleElement()
                .asString()
                .startsWith("/connections/0/outputt: is an unknown name");
        assertThat(findings("""
                        {"id": "f", "nodes": [{"id": "t", "type": "trigger"},
                          {"id": "j", "type": "merge", "join": {"atLeast": 2}}],
                         "connections": [{"from": "t", "to": "j"}, {"from": "t", "too": "j"}]}""")).hasSize(2).allMatch(line -> line.startsWith("/connections/1"));
        assertThat(findings("""
                        {"id": "f", "nodes": [{"id": "t", "type": "trigger"},
                          {"id": "c", "type": "if", "parameters": {"field": "", "exists": true}},
                          {"id": "j", "type": "merge", "join": "ALL_SUCCESS"}],
                         "connections": [{"from": "t", "to": "c"}, {"from": "c", "output": 1, "to": "j"},
                                         {"from": "c", "output": "false", "to": "j"}]}""")).containsExactly("/connections/1/output: is 1, but should be a text");
    }

    @Test
    void an_element_that_is_no_object_is_one_problem() {
        assertThat(findings("""
                        {"id": "f", "redrive": 1, "nodes": [{"id": "t", "type": "trigger"}, 7,
                          {"id": "n", "type": "switch", "parameters": {"cases": [{"output": "a", "when": 1}]}, "join": 1}],
                         "connections": [1, {"from": "t", "to": "n"}, {"from": "t", "to": "who knows"}]}"""))
                .hasSize(5)
                .startsWith(
                        "/redrive: is 1, but should be an object",
                        "/nodes/1: is 7, but should be an object",
                        "/nodes/2/parameters/cases/0/when: is 1, but should be an object")
                .last()
                .isEqualTo("/connections/0: is 1, but should be an object");
    }

    @Test
    void a_number_that_is_too_large_is_one_problem() {
        assertThat(findings(around("\"type\": \"set\", \"retry\": {\"maxAttempts\": 1e9999, \"jitter\": 2}", "")))
                .containsExactly(
                        "/nodes/1/retry/maxAttempts: is a number of more than 1000 digits or with a larger exponent",
                        "/nodes/1/retry/jitter: is 2, but should be a number from 0.0 to 1.0");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            /nodes             | `"nodes": [], "nodes": [{"id": "t", "type": "trigger"}]`
            /nodes             | `"nodes": [{"id": "t", "type": "trigger"}], "nodes": [], "connections": [{"from": "t", "to": "x"}]`
            /connections       | `"nodes": [{"id": "t", "type": "trigger"}, {"id": "m", "type": "merge", "join": {"atLeast": 2}}], "connections": [{"from": "t", "to": "m"}], "connections": []`
            /nodes/0/id        | `"nodes": [{"id": "t", "id": "u", "type": "trigger"}, {"id": "m", "type": "merge", "after": ["u"]}]`
            /nodes/1/type      | `"nodes": [{"id": "t", "type": "trigger"}, {"id": "m", "type": "mege", "type": "set"}], "connections": [{"from": "t", "to": "m"}]`
            /nodes/0/join      | `"nodes": [{"id": "t", "type": "merge", "join": 1, "join": "ALL_DONE"}]`
            /connections/0/to  | `"nodes": [{"id": "t", "type": "trigger"}, {"id": "m", "type": "merge"}], "connections": [{"from": "t", "to": "x", "to": "m"}]`
            """)
    void a_name_that_is_there_twice_is_one_problem(String pointer, String parts) {
        assertThat(findings("{\"id\": \"f\", " + parts + "}"))
                .singleElement()
                .asString()
                .startsWith(pointer + ": is there twice");
    }

    @Test
    void an_id_is_not_empty() {
        assertThat(findings("{\"id\": \"\", \"nodes\": [{\"id\": \"t\", \"type\": \"trigger\"}]}"))
                .containsExactly("/id: is the text '', but should be a text that is not empty");
        assertThat(findings("{\"id\": \"f\", \"nodes\": [{\"id\": \"\", \"type\": \"trigger\"}]}"))
                .containsExactly("/nodes/0/id: is the text '', but should be a text that is not empty");
    }

    @Test
    void a_flow_whose_id_is_empty_is_not_written() {
        Flow nameless = Flow.definition("").trigger("t").build();

        assertThatExceptionOfType(FlowJsonException.class)
                .isThrownBy(() -> FlowJson.write(nameless))
                .satisfies(e -> assertThat(e.problems())
                        .extracting(Object::toString)
                        .containsExactly("/id: is empty, so that the document could not be read again"));
    }

    /** A trigger {@code t}, a node {@code a} to be filled in, and a set {@code b}. */
    private static String around(String node, String connections) {
        return """
                {"id": "f",
                 "nodes": [{"id": "t", "type": "trigger"}, {"id": "a", NODE}, {"id": "b", "type": "set"}],
                 "connections": [CONNECTIONS]}""".replace("NODE", node).replace("CONNECTIONS", connections);
    }
}
