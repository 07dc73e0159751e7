package dev.flowengine.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The schema that ships with the library says what the reader says. */
class SchemaTest {
    private static final Schema SCHEMA = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(FlowJson.schema(), InputFormat.JSON);

    @Test
    void the_schema_is_a_schema() {
        Schema meta = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));

        assertThat(meta.validate(FlowJson.schema(), InputFormat.JSON)).isEmpty();
    }

    @Test
    void what_is_written_is_valid() {
        for (long seed = 0; seed < 300; seed++) {
            assertThat(findings(FlowJson.write(RandomFlows.of(seed))))
                    .as("seed " + seed)
                    .isEmpty();
        }
    }

    @Test
    void what_is_read_is_valid() {
        assertThat(findings(FormatTest.EVERYTHING)).isEmpty();
        assertThat(findings("""
                {"$schema": "flow.schema.json", "id": "f", "nodes": [
                  {"id": "t", "type": "trigger"},
                  {"id": "a", "type": "my-type", "parameters": {"any": ["thing"]}, "disabled": {"output": null}, "join": "DEFAULT"},
                  {"id": "b", "type": "set", "parameters": {"values": {"": 1, "/a~0b/c": 2}, "remove": ["/x"]}},
                  {"id": "c", "type": "if", "parameters": {"not": {"and": [{"field": "", "in": [1]}]}}}]}""")).isEmpty();
    }

    @Test
    void a_long_pointer_is_checked_without_recursion() {
        String pointer = "/" + "a".repeat(50_000);

        assertThat(findings(Documents.withNode(
                        "\"type\": \"if\", \"parameters\": {\"field\": \"" + pointer + "\", \"exists\": true}")))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"type\": 1",
                "\"type\": \"set\", \"id2\": 1",
                "\"type\": \"set\", \"timeout\": \"2s\"",
                "\"type\": \"set\", \"timeout\": 2",
                "\"type\": \"set\", \"maxOutputBytes\": 0",
                "\"type\": \"set\", \"maxOutputBytes\": 2147483648",
                "\"type\": \"set\", \"retry\": {\"maxAttempts\": 0}",
                "\"type\": \"set\", \"retry\": {\"maxAttempts\": 1.5}",
                "\"type\": \"set\", \"retry\": {\"factor\": 2}",
                "\"type\": \"set\", \"retry\": {\"backoff\": \"linear\"}",
                "\"type\": \"set\", \"retry\": {\"jitter\": 2}",
                "\"type\": \"set\", \"join\": \"default\"",
                "\"type\": \"set\", \"join\": \"AT_LEAST\"",
                "\"type\": \"set\", \"join\": {\"atLeast\": 0}",
                "\"type\": \"set\", \"onError\": \"RECOVER\"",
                "\"type\": \"set\", \"onError\": {}",
                "\"type\": \"set\", \"onError\": {\"fallback\": 1, \"x\": 1}",
                "\"type\": \"set\", \"disabled\": \"yes\"",
                "\"type\": \"set\", \"disabled\": {}",
                "\"type\": \"set\", \"keep\": 1",
                "\"type\": \"set\", \"atMostOnce\": \"yes\"",
                "\"type\": \"set\", \"after\": \"t\"",
                "\"type\": \"set\", \"after\": [1]",
                "\"type\": \"set\", \"parameters\": []",
                "\"type\": \"set\", \"parameters\": {\"values\": {\"a\": 1}}",
                "\"type\": \"set\", \"parameters\": {\"values\": {\"/a~2\": 1}}",
                "\"type\": \"set\", \"parameters\": {\"remove\": [\"\"]}",
                "\"type\": \"set\", \"parameters\": {\"bogus\": 1}",
                "\"type\": \"merge\", \"parameters\": {\"bogus\": 1}",
                "\"type\": \"collect\", \"parameters\": {\"bogus\": 1}",
                "\"type\": \"stop\"",
                "\"type\": \"stop\", \"parameters\": {}",
                "\"type\": \"stop\", \"parameters\": {\"message\": 1}",
                "\"type\": \"if\"",
                "\"type\": \"if\", \"parameters\": {}",
                "\"type\": \"if\", \"parameters\": {\"field\": \"/a\"}",
                "\"type\": \"if\", \"parameters\": {\"field\": \"a\", \"above\": 1}",
                "\"type\": \"if\", \"parameters\": {\"field\": \"/a\", \"above\": null}",
                "\"type\": \"if\", \"parameters\": {\"field\": \"/a\", \"above\": 1, \"below\": 2}",
                "\"type\": \"if\", \"parameters\": {\"field\": \"/a\", \"matches\": \"x\"}",
                "\"type\": \"if\", \"parameters\": {\"and\": []}",
                "\"type\": \"if\", \"parameters\": {\"and\": [{}]}",
                "\"type\": \"if\", \"parameters\": {\"not\": 1}",
                "\"type\": \"switch\"",
                "\"type\": \"switch\", \"parameters\": {\"cases\": []}",
                "\"type\": \"switch\", \"parameters\": {\"cases\": [{\"output\": \"a\"}]}"
            })
    void the_schema_and_the_reader_refuse_the_same(String node) {
        String document = Documents.withNode(node);

        assertThat(findings(document)).isNotEmpty();
        assertThat(Documents.problems(document)).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"retry\": {\"maxAttempts\": 3.0}",
                "\"retry\": {\"maxAttempts\": 3e0, \"delay\": \"PT0S\"}",
                "\"retry\": {\"maxAttempts\": 30e-1}",
                "\"retry\": {\"maxAttempts\": 0.3e1, \"jitter\": 1e-1}",
                "\"join\": {\"atLeast\": 1.00}"
            })
    void a_whole_number_is_one_however_it_is_written(String setting) {
        String document = Documents.withNode("\"type\": \"set\", " + setting);

        assertThat(findings(document)).isEmpty();
        assertThat(Documents.problems(document)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.5", "1e-5", "-1.0", "0.0", "\"3\"", "2147483648", "2147483648.0", "1e10"})
    void what_is_no_whole_number_in_range_is_refused_by_both(String number) {
        String document = Documents.withNode("\"type\": \"set\", \"retry\": {\"maxAttempts\": " + number + "}");

        assertThat(findings(document)).isNotEmpty();
        assertThat(Documents.problems(document)).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{}",
                "{\"id\": \"f\"}",
                "{\"id\": 1, \"nodes\": [{\"id\": \"t\", \"type\": \"trigger\"}]}",
                "{\"id\": \"f\", \"nodes\": []}",
                "{\"id\": \"\", \"nodes\": [{\"id\": \"t\", \"type\": \"trigger\"}]}",
                "{\"id\": \"f\", \"nodes\": [{\"id\": \"\", \"type\": \"trigger\"}]}",
                "{\"id\": \"f\", \"nodes\": {}}",
                "{\"id\": \"f\", \"nodes\": [1]}",
                "{\"id\": \"f\", \"nodes\": [{\"type\": \"trigger\"}]}",
                "{\"id\": \"f\", \"nodes\": [{\"id\": \"t\"}]}",
                "{\"id\": \"f\", \"bogus\": 1, \"nodes\": [{\"id\": \"t\", \"type\": \"trigger\"}]}",
                "{\"id\": \"f\", \"failureMode\": \"STOP\", \"nodes\": [{\"id\": \"t\", \"type\": \"trigger\"}]}",
                "{\"id\": \"f\", \"timeouts\": {\"run\": \"PT1S\"}, \"nodes\": [{\"id\": \"t\", \"type\": \"trigger\"}]}",
                "{\"id\": \"f\", \"compensate\": {\"timeout\": \"PT1S\"}, \"nodes\": [{\"id\": \"t\", \"type\": \"trigger\"}]}",
                "{\"id\": \"f\", \"compensate\": {\"after\": \"NEVER\"}, \"nodes\": [{\"id\": \"t\", \"type\": \"trigger\"}]}",
                "{\"id\": \"f\", \"redrive\": {\"maxRedrives\": 1}, \"nodes\": [{\"id\": \"t\", \"type\": \"trigger\"}]}",
                "{\"id\": \"f\", \"connections\": [{\"from\": \"t\"}], \"nodes\": [{\"id\": \"t\", \"type\": \"trigger\"}]}"
            })
    void the_schema_and_the_reader_refuse_the_same_documents(String document) {
        assertThat(findings(document)).isNotEmpty();
        assertThat(Documents.problems(document)).isNotEmpty();
    }

    private static List<?> findings(String document) {
        return SCHEMA.validate(document, InputFormat.JSON);
    }
}
