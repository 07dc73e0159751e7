package dev.flowengine.json;

import static dev.flowengine.json.Documents.TYPES;
import static dev.flowengine.json.Documents.findings;
import static dev.flowengine.json.Documents.problems;
import static dev.flowengine.json.Documents.withNode;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.flowengine.extension.DataReader;
import dev.flowengine.extension.NodeType;
import dev.flowengine.extension.NodeTypes;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.model.FailureKind;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WrongDocumentTest {

    @Test
    void every_problem_is_told_at_once_with_its_pointer() {
        assertThat(findings("""
                        {"id": 7, "id": "x", "version": 2, "bogus": 1,
                         "nodes": [
                          {"id": "a", "type": "swich", "parameters": {"any": 1}, "retry": {"maxAttempts": 0}},
                          {"id": "b", "type": "stop", "onError": "RECOVER", "disabled": 1, "join": "SOME"},
                          {"id": "c", "type": "if", "parameters": {"field": "total", "above": true, "x": 1}},
                          {"type": "set", "id": "d", "timeout": "PT0S", "after": [3, "d"]}, {"id": "e", "type": "merge"}, {"id": "e", "type": "merge"}],
                         "connections": [
                          {"from": "e", "output": "nope", "to": "e"},
                          {"from": "a", "to": "b"}, {"from": "e", "too": "b"}, {"from": "e", "to": "z"}]}"""))
                .containsExactly(
                        "/id: is there twice, at last at line 1, column 20",
                        "/version: is 2, but should be a text",
                        "/nodes/0/type: 'swich' is an unknown node type",
                        "/nodes/0/retry/maxAttempts: is 0, but should be a whole number from 1 to 2147483647",
                        "/nodes/1/parameters: has no 'message', which should be a text",
                        "/nodes/1/join: is the text 'SOME', but should be one of DEFAULT, ALL_SUCCESS,"
                                + " NONE_FAILED, NONE_FAILED_MIN_ONE_SUCCESS, ANY_SUCCESS, ALL_DONE, ALL_DONE_MIN_ONE_SUCCESS,"
                                + " ANY_FAILED, ALL_FAILED",
                        "/nodes/1/onError: is the text 'RECOVER', but should be FAIL, CONTINUE, ERROR_OUTPUT or an"
                                + " object with 'fallback'",
                        "/nodes/1/disabled: is 1, but should be true, false or an object with 'output'",
                        "/nodes/2/parameters/field: is the text 'total', but should be a JSON pointer such as"
                                + " \"/customer/name\"",
                        "/nodes/2/parameters/above: is true, but should be a number or a text",
                        "/nodes/2/parameters/x: is an unknown name",
                        "/nodes/3/after/0: is 3, but should be a text",
                        "/nodes/3/timeout: is the text 'PT0S', but should be a time of at least PT0.000000001S such as"
                                + " \"PT1M30S\" (ISO 8601)",
                        "/connections/2: has no 'to', which should be a text",
                        "/connections/2/too: is an unknown name",
                        "/bogus: is an unknown name",
                        "/nodes/5/id: 2 nodes have the id 'e'",
                        "/connections/3: connection e.main → z.main: there is no node 'z'",
                        "/connections/0: connection e.nope → e.main: node 'e' has no output port 'nope'",
                        "/nodes/3/after/1: circular dependency d → d: a node cannot depend on itself",
                        "/connections/0: circular dependency e → e: a node cannot depend on itself");
    }

    @Test
    void an_unknown_type_names_itself_and_the_known_ones() {
        assertThat(problems(withNode("\"type\": \"swich\"")))
                .containsExactly(
                        "/nodes/1/type: 'swich' is an unknown node type; known are collect, if, loop, map, merge, set,"
                                + " signal, stop, subflow, switch, trigger, wait");
    }

    @Test
    void names_are_bounded() {
        String longest = "\u00e9".repeat(1_000);
        String document = withNode("\"type\": \"set\", \"disabled\": {\"output\": {\"NAME\": [1]}}");

        assertThat(problems(document.replace("NAME", longest))).isEmpty();
        assertThat(problems(document.replace("NAME", longest + "x")))
                .containsExactly("/nodes/1/disabled/output: has a name longer than 1000 characters");
    }

    @Test
    void a_node_that_cannot_be_read_is_no_reason_to_miss_it() {
        assertThat(findings("""
                        {"id": "f", "nodes": [{"id": "t", "type": "triger"}, {"type": "trigger"},
                         {"id": "m", "type": "merge", "join": {"atLeast": 2}, "after": ["t"]}],
                         "connections": [{"from": "t", "to": "m"}, {"from": "u", "to": "m"}]}"""))
                .containsExactly(
                        "/nodes/0/type: 'triger' is an unknown node type",
                        "/nodes/1: has no 'id', which should be a text");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            `{"from": "n", "to": "n"}`                     | /connections/1: circular dependency n → n
            `{"from": "n", "to": "t"}`                     | /connections/1: circular dependency t → n → t
            `{"from": "x", "to": "n"}`                     | /connections/1: connection x.main → n.main
            `{"from": "n", "output": "x", "to": "n2"}`     | /connections/1: connection n.x → n2.main: node 'n' has no
            `{"from": "n", "input": "x", "to": "n2"}`      | /connections/1: connection n.main → n2.x: node 'n2' has no
            `{"from": "n", "output": "error", "to": "n2"}` | /connections/1: connection n.error → n2.main: node 'n' has
            """)
    void what_is_wrong_with_a_connection_is_told_at_the_connection(String connection, String expected) {
        String json = """
                {"id": "f",
                 "nodes": [{"id": "t", "type": "trigger"}, {"id": "n", "type": "set"}, {"id": "n2", "type": "set"}],
                 "connections": [{"from": "t", "to": "n"}, %s]}""".replace("%s", connection);

        assertThat(problems(json).get(0)).startsWith(expected);
    }

    @Test
    void what_is_wrong_with_a_node_is_told_at_the_node_or_at_what_it_waits_for() {
        assertThat(findings(withNode("\"type\": \"set\", \"after\": [\"t\", \"x\"]")))
                .containsExactly("/nodes/1/after/1: order dependency 'n' after 'x': there is no node 'x'");
        assertThat(findings(withNode("\"type\": \"set\", \"after\": [\"n\"]")))
                .containsExactly("/nodes/1/after/0: circular dependency n → n: a node cannot depend on itself");
        assertThat(findings(withNode("\"type\": \"set\", \"join\": {\"atLeast\": 2}"))
                        .get(0))
                .startsWith("/nodes/1: ");
        assertThat(findings(withNode("\"type\": \"switch\", \"parameters\": {\"cases\": [{\"output\": \"a\", \"when\":"
                        + " {\"field\": \"\", \"exists\": true}}], \"otherwise\": \"a\"}")))
                .containsExactly("/nodes/1: node 'n' has several output ports 'a'");
        assertThat(findings(
                        withNode("\"type\": \"if\", \"parameters\": {\"field\": \"\", \"exists\": true}, \"onError\":"
                                + " \"CONTINUE\"")))
                .containsExactly("/nodes/1/onError: is the text 'CONTINUE', but should be FAIL or ERROR_OUTPUT, as a"
                        + " failure is no decision");
        assertThat(findings("{\"id\": \"f\", \"nodes\": []}")).containsExactly("/nodes: the flow has no nodes");
        assertThat(findings("{\"id\": \"f\"}")).containsExactly("has no 'nodes', which should be a list");
    }

    @Test
    void a_failure_is_no_decision_of_a_switch_even_if_a_case_is_called_main() {
        String branch = "\"type\": \"switch\", \"parameters\": {\"cases\": [{\"output\": \"main\", \"when\":"
                + " {\"field\": \"\", \"exists\": true}}]}, \"onError\": ";

        for (String handling : List.of("\"CONTINUE\"", "{\"fallback\": 1}")) {
            assertThat(findings(withNode(branch + handling)))
                    .singleElement()
                    .asString()
                    .startsWith("/nodes/1/onError: is ")
                    .endsWith(", but should be FAIL or ERROR_OUTPUT, as a failure is no decision");
        }
        assertThat(findings(withNode(branch + "\"ERROR_OUTPUT\""))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ``                          | the document is empty
            `[]`                        | the document should be an object with the fields of a flow
            `null`                      | the document should be an object with the fields of a flow
            `{"id": "f"`                | /id: the document cannot be read on at line 1, column 11
            `{"id": "f", "nodes": [tru` | /nodes/0: the document cannot be read on at line 1
            `{"id": "f"} {}`            | the document goes on after its end, at line 1
            `{"id": 'f'}`               | /id: the document cannot be read on at line 1
            `{"id": NaN}`               | /id: the document cannot be read on at line 1
            """)
    void what_is_no_json_is_told_with_its_position(String json, String expected) {
        assertThat(problems(json == null ? "" : json))
                .singleElement()
                .asString()
                .startsWith(expected);
    }

    @Test
    void depth_and_numbers_are_bounded() {
        String deep = "[".repeat(100_000);

        assertThat(problems(deep)).singleElement().asString().contains("exceeds the maximum allowed (68");
        assertThat(problems(withNode("\"type\": \"set\", \"parameters\": {\"values\": {\"\": " + "[".repeat(63)
                        + "]".repeat(63) + "}}")))
                .singleElement()
                .asString()
                .startsWith("/nodes/1/parameters: the value at /values/")
                .endsWith("is nested more than 64 deep");
        assertThat(problems(withNode(
                        "\"type\": \"set\", \"onError\": {\"fallback\": " + "[".repeat(65) + "]".repeat(65) + "}")))
                .isNotEmpty();
        for (String number : List.of("1e1001", "1e99999999999", "-1E-2000000000", "9".repeat(1_050))) {
            assertThat(problems(withNode("\"type\": \"set\", \"parameters\": {\"values\": {\"\": " + number + "}}")))
                    .singleElement()
                    .asString()
                    .startsWith("/nodes/1/parameters/values/: is a number of more than 1000 digits");
        }
        assertThat(problems(
                        withNode("\"type\": \"set\", \"parameters\": {\"values\": {\"\": " + "9".repeat(5_000) + "}}")))
                .singleElement()
                .asString()
                .startsWith("/nodes/1/parameters/values/: the document cannot be read on");
    }

    @Test
    void only_the_first_problems_are_listed_and_the_others_counted() {
        StringBuilder json = new StringBuilder("{\"id\": \"f\", \"nodes\": [");
        for (int i = 0; i < 1_000; i++) {
            json.append(i == 0 ? "" : ",").append("{\"id\": \"n").append(i).append("\", \"type\": \"none\"}");
        }
        json.append("]}");

        assertThatExceptionOfType(FlowJsonException.class)
                .isThrownBy(() -> FlowJson.read(json.toString(), TYPES))
                .satisfies(e -> assertThat(e.problems()).hasSize(100))
                .satisfies(e -> assertThat(e.moreProblems()).isEqualTo(900))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(FailureKind.INVALID_DEFINITION))
                .withMessageStartingWith("flow 'f' cannot be read: 1000 problems")
                .withMessageEndingWith("and 900 more");
    }

    @Test
    void a_type_that_misbehaves_is_a_problem_of_its_node() {
        assertThat(withType(id -> NodeDefinition.builder(id + "!")))
                .isEqualTo("/nodes/1/type: node type 'odd' makes node 'n!' instead of node 'n'");
        assertThat(withType(id -> NodeDefinition.builder(id).keep()))
                .isEqualTo(
                        "/nodes/1/type: node type 'odd' sets onError, disabled or keep of node 'n', which are for the"
                                + " flow to say");
        assertThat(withType(id -> null)).isEqualTo("/nodes/1/type: node type 'odd' returns null instead of node 'n'");
        assertThat(withType(id -> {
                    throw new IllegalStateException("not today");
                }))
                .isEqualTo("/nodes/1/type: node type 'odd' cannot make node 'n': java.lang.IllegalStateException: not"
                        + " today");
    }

    private static String withType(Function<String, NodeDefinition.Builder> making) {
        NodeType odd = new NodeType() {
            @Override
            public String name() {
                return "odd";
            }

            @Override
            public NodeDefinition.Builder define(String nodeId, DataReader parameters) {
                return making.apply(nodeId);
            }
        };
        NodeTypes types = NodeTypes.builder().installed().add(odd).build();
        try {
            FlowJson.read(withNode("\"type\": \"odd\""), types);
            throw new AssertionError("not refused");
        } catch (FlowJsonException refused) {
            assertThat(refused.problems()).hasSize(1);
            return refused.problems().get(0).toString();
        }
    }
}
