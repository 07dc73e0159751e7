package dev.flowengine.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.flowengine.extension.NodeTypes;
import dev.flowengine.flow.Flow;
import dev.flowengine.json.FlowJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class FlowCommandTest {
    private static final String ORDER = "samples/order.json";
    private static final String TICKET = "samples/ticket.json";

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            placed | {"total": 2000}                              | review       | 1800.00 | the review desk
            resent | {"total": 2000}                              | review       | 1800.00 | the review desk
            placed | {"total": 1000}                              | approve      | 900.00  | the clerk
            placed | {"total": 10}                                | wave-through | 9.00    | nobody
            placed | {"total": 10, "note": "fragile"}             | approve      | 9.00    | the clerk
            placed | {"total": 500, "customer": {"name": "Ada"}}  | wave-through | 450.00  | nobody
            """)
    void an_order_takes_the_way_its_data_say(String trigger, String data, String way, String total, String approvedBy) {
        CommandRun run = CommandRun.of("flow", ORDER, "--trigger", trigger, "--data", data, "--json");

        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.json().get("executionPath").toString())
                .startsWith("[\"" + trigger + "\",\"order\",\"allowed\",\"discount\",\"size\"")
                .endsWith("\"" + way + "\",\"approved\",\"ship\"]");
        assertThat(run.out()).contains("\"ship\":{\"main\":{\"total\":" + total + ",");
        assertThat(run.json().at("/outputs/ship/main/approval/by").stringValue())
                .isEqualTo(approvedBy);
        assertThat(run.json().at("/outputs/ship/main/state").stringValue()).isEqualTo("shipped");
    }

    @Test
    void a_failed_node_goes_on_at_its_error_output() {
        CommandRun run =
                CommandRun.of("flow", ORDER, "--trigger", "placed", "--data", "{\"total\": \"a lot\"}", "--json");

        assertThat(run.exitCode()).isZero();
        assertThat(run.json().at("/outputs/clarify/main/state").stringValue()).isEqualTo("to be clarified");
        assertThat(run.json().at("/outputs/clarify/main/message").stringValue())
                .isEqualTo("there is no number called 'total' to take a discount off");
        assertThat(run.json().at("/outputs/clarify/main/input/total").stringValue())
                .isEqualTo("a lot");
    }

    @Test
    void an_order_that_is_refused_is_exit_code_1() {
        CommandRun run = CommandRun.of(
                "flow", ORDER, "--trigger", "placed", "--data", "{\"customer\": {\"blocked\": true}}", "--json");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.errLines()).singleElement().asString().contains("the customer is blocked");
        assertThat(run.json().get("status").stringValue()).isEqualTo("FAILED");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            by-mail  | {"text": "what is the price?"}        | /desk  | sales
            by-phone | {"text": "it hums", "tags": ["defect"]} | /desk | repair
            by-mail  | {"text": "hello"}                     | /desk  | anybody
            by-mail  | {}                                    | /state | asked back
            """)
    void a_ticket_comes_to_its_desk(String trigger, String data, String field, String value) {
        CommandRun run = CommandRun.of("flow", TICKET, "--trigger", trigger, "--data", data, "--json");

        assertThat(run.exitCode()).isZero();
        assertThat(run.json().at("/outputs/notes/main/1" + field).stringValue()).isEqualTo(value);
    }

    @Test
    void a_request_to_the_machine_itself_is_refused_and_goes_on_at_its_error_output() {
        CommandRun run = CommandRun.of(
                "flow", "samples/http.json", "--data", "{\"url\": \"http://127.0.0.1:1/?key=x\"}", "--json");

        assertThat(run.exitCode()).isZero();
        assertThat(run.json().at("/outputs/not-found/main/type").stringValue())
                .isEqualTo("dev.flowengine.http.AddressRefusedException");
        assertThat(run.json().at("/outputs/not-found/main/message").stringValue())
                .isEqualTo(
                        "http://127.0.0.1:1/?… is refused: no request may go to 127.0.0.1, for it is a loopback address");
    }

    @Test
    void json_is_one_line_with_exactly_these_keys() {
        CommandRun run = CommandRun.of("flow", TICKET, "--trigger", "by-mail", "--json");

        assertThat(run.outLines()).hasSize(1);
        assertThat(run.jsonKeys()).containsExactly("status", "executionId", "executionPath", "outputs", "nodes");
    }

    @Test
    void text_tells_each_node_the_outputs_the_table_and_the_diagram() {
        CommandRun run = CommandRun.of("flow", ORDER, "--trigger", "placed", "--data", "{\"total\": 100}");

        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.outLines())
                .anyMatch(line -> line.matches(".* ms  discount +completed"))
                .anyMatch(line -> line.matches("flow +order version 1"))
                .anyMatch(line -> line.matches("path +placed > order > .* > approve > approved > ship"))
                .anyMatch(line -> line.matches("output of ship +\\{\"main\":\\{\"total\":90.00,.*"))
                .anyMatch(line -> line.matches("refuse +SKIPPED .*"))
                .anyMatch(line -> line.startsWith("flowchart"));
    }

    @Test
    void a_single_trigger_need_not_be_named() throws IOException {
        Path file = write("{\"id\": \"f\", \"nodes\": [{\"id\": \"only\", \"type\": \"trigger\"}]}");

        CommandRun run = CommandRun.of("flow", file.toString(), "--data", "[1.50, null]", "--json");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("{\"only\":{\"main\":[1.50,null]}}");
    }

    @Test
    void every_problem_of_a_file_is_a_line_and_exit_code_2() throws IOException {
        Path file = write("""
                {"id": "f", "nodes": [
                  {"id": "t", "type": "triger"},
                  {"id": "d", "type": "discount", "parameters": {"percent": 101}}],
                 "connections": [{"from": "x\\u001b", "to": "d"}]}""");

        CommandRun run = CommandRun.of("flow", file.toString(), "--json");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.errLines())
                .containsExactly(
                        file + ": /nodes/0/type: 'triger' is an unknown node type; known are collect, discount, http,"
                                + " if, loop, map, merge, set, signal, stop, subflow, switch, trigger, wait",
                        file + ": /nodes/1/parameters: has no 'field', which should be a text",
                        file + ": /nodes/1/parameters/percent: is 101, but should be a number from 0 to 100",
                        file + ": /connections/0: connection x .main → d.main: there is no node 'x '; add the missing"
                                + " node, or correct the id");
    }

    @Test
    void a_file_without_a_trigger_that_can_start_is_one_line_and_exit_code_2() throws IOException {
        Path none = write("{\"id\": \"f\", \"nodes\": [{\"id\": \"n\", \"type\": \"merge\"}]}");
        assertRefused(CommandRun.of("flow", none.toString()), none + ": has no trigger, so that nothing can start it");
        assertRefused(
                CommandRun.of("flow", none.toString(), "--trigger", "n"),
                none + ": has no trigger, so that nothing can start it");

        Path off = write("{\"id\": \"f\", \"nodes\": [{\"id\": \"t\", \"type\": \"trigger\", \"disabled\": true}]}");
        assertRefused(CommandRun.of("flow", off.toString()), off + ": all its triggers are disabled: t");
    }

    @Test
    void a_trigger_that_cannot_start_is_one_line_and_exit_code_2() throws IOException {
        Path file = write("""
                {"id": "f", "nodes": [{"id": "a", "type": "trigger"},
                  {"id": "b", "type": "trigger", "disabled": true}, {"id": "c", "type": "trigger"}]}""");

        assertRefused(
                CommandRun.of("flow", file.toString(), "--trigger", "b"),
                "--trigger is 'b', which is disabled; expected one of a, c");
        assertRefused(
                CommandRun.of("flow", file.toString(), "--trigger", "x"), "--trigger is 'x'; expected one of a, c");
        assertRefused(CommandRun.of("flow", file.toString()), "--trigger is missing; expected one of a, c");
    }

    @Test
    void the_only_trigger_that_is_not_disabled_need_not_be_named() throws IOException {
        Path file = write("""
                {"id": "f", "nodes": [{"id": "a", "type": "trigger"},
                  {"id": "b", "type": "trigger", "disabled": true}]}""");

        assertThat(CommandRun.of("flow", file.toString(), "--json").exitCode()).isZero();
    }

    private static void assertRefused(CommandRun run, String line) {
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.errLines()).containsExactly(line + " (see engine-examples flow --help)");
    }

    @ParameterizedTest
    @ValueSource(ints = {12, 40})
    void outputs_that_explode_are_cut_in_the_text(int levels) throws IOException {
        CommandRun run = CommandRun.of("flow", explosion(levels).toString(), "--data", "\"x\"");

        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.outLines())
                .filteredOn(line -> line.startsWith("output of c" + levels))
                .singleElement()
                .asString()
                .hasSizeLessThan(2_200)
                .contains("{\"main\":[[[")
                .endsWith("... (cut after 2000 characters)");
    }

    @Test
    void outputs_that_explode_are_left_out_of_the_json_and_that_is_told() throws IOException {
        CommandRun run = CommandRun.of("flow", explosion(40).toString(), "--data", "\"x\"", "--json");

        assertThat(run.exitCode()).isZero();
        assertThat(run.json().at("/outputs/c40/main").stringValue()).isEqualTo("(left out: too long to print)");
        assertThat(run.json().at("/outputs/small/main").stringValue()).isEqualTo("x");
        assertThat(run.errLines()).containsExactly("output c40.main is left out: too long to print");
    }

    @Test
    void outputs_that_are_nested_too_deep_for_json_are_left_out_and_that_is_told() throws IOException {
        Path file = nesting(2_000);

        CommandRun json = CommandRun.of("flow", file.toString(), "--json");
        CommandRun text = CommandRun.of("flow", file.toString());

        assertThat(json.exitCode()).isZero();
        assertThat(json.errLines()).singleElement().asString().startsWith("output c2000.main is left out: ");
        assertThat(text.exitCode()).isZero();
        assertThat(text.err()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {496, 497, 498, 499, 500, 501})
    void outputs_are_printed_as_json_if_that_can_be_read_again(int levels) throws IOException {
        CommandRun run = CommandRun.of("flow", nesting(levels).toString(), "--json");

        assertThat(run.exitCode()).isZero();
        JsonNode output = run.json().at("/outputs/c" + levels + "/main");
        if (levels <= 497) {
            assertThat(output.isArray()).isTrue();
            assertThat(run.err()).isEmpty();
        } else {
            assertThat(output.stringValue()).startsWith("(left out: ");
            assertThat(run.errLines())
                    .singleElement()
                    .asString()
                    .startsWith("output c" + levels + ".main is left out: ");
        }
    }

    /** Each level is a list of the one before it. */
    private Path nesting(int levels) throws IOException {
        StringBuilder nodes = new StringBuilder("{\"id\": \"t\", \"type\": \"trigger\"}");
        StringBuilder connections = new StringBuilder("{\"from\": \"t\", \"to\": \"c1\"}");
        for (int i = 1; i <= levels; i++) {
            nodes.append(", {\"id\": \"c").append(i).append("\", \"type\": \"collect\"}");
            connections.append(i == 1 ? "" : ", {\"from\": \"c" + (i - 1) + "\", \"to\": \"c" + i + "\"}");
        }
        return write("{\"id\": \"deep\", \"nodes\": [" + nodes + "], \"connections\": [" + connections + "]}");
    }

    /** Each level holds the one before it twice. */
    private Path explosion(int levels) throws IOException {
        StringBuilder nodes =
                new StringBuilder("{\"id\": \"c0\", \"type\": \"trigger\"}, {\"id\": \"small\", \"type\": \"merge\"}");
        StringBuilder connections = new StringBuilder("{\"from\": \"c0\", \"to\": \"small\"}");
        for (int i = 1; i <= levels; i++) {
            nodes.append(", {\"id\": \"a").append(i).append("\", \"type\": \"merge\"}");
            nodes.append(", {\"id\": \"c").append(i).append("\", \"type\": \"collect\"}");
            connections.append(", {\"from\": \"c" + (i - 1) + "\", \"to\": \"a" + i + "\"}");
            connections.append(", {\"from\": \"c" + (i - 1) + "\", \"to\": \"c" + i + "\"}");
            connections.append(", {\"from\": \"a" + i + "\", \"to\": \"c" + i + "\"}");
        }
        return write("{\"id\": \"f\", \"nodes\": [" + nodes + "], \"connections\": [" + connections + "]}");
    }

    @Test
    void problems_that_are_too_many_are_counted() throws IOException {
        Path file = write("{\"id\": \"f\", \"nodes\": [" + "1,".repeat(149) + "1]}");

        CommandRun run = CommandRun.of("flow", file.toString());

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.errLines())
                .hasSize(101)
                .last()
                .asString()
                .startsWith(file + ": and ")
                .endsWith(" more");
    }

    @Test
    void a_file_that_is_not_there_or_cannot_be_read_is_named() {
        Path missing = directory.resolve("missing.json");

        assertThat(CommandRun.of("flow", missing.toString()).errLines())
                .containsExactly(missing + ": there is no such file; give the path of a file that can be read");
        CommandRun ofDirectory = CommandRun.of("flow", directory.toString());
        assertThat(ofDirectory.exitCode()).isEqualTo(2);
        assertThat(ofDirectory.errLines()).singleElement().asString().startsWith(directory + ": cannot be read");
    }

    @ParameterizedTest
    @ValueSource(strings = {ORDER, TICKET})
    void a_sample_is_valid_by_the_schema_and_can_be_written_again(String sample) throws IOException {
        Schema schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(FlowJson.schema(), InputFormat.JSON);
        NodeTypes types = NodeTypes.installed();

        Flow flow = FlowJson.read(Path.of(sample), types);

        assertThat(schema.validate(Files.readString(Path.of(sample)), InputFormat.JSON))
                .isEmpty();
        assertThat(flow.validation().problems()).isEmpty();
        assertThat(FlowJson.read(FlowJson.write(flow), types).graph()).isEqualTo(flow.graph());
    }

    private Path write(String json) throws IOException {
        return Files.writeString(directory.resolve("flow.json"), json);
    }
}
