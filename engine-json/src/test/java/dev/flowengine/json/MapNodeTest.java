package dev.flowengine.json;

import static dev.flowengine.json.Documents.problems;
import static dev.flowengine.json.Documents.read;
import static dev.flowengine.json.Documents.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.model.ExecutionStatus;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The map as a node type. */
class MapNodeTest {

    @Test
    @DisplayName(
            "S33 over a list, at a place in the input or all of it: what is brought back is in the order of the elements")
    void over_a_list() {
        assertThat(ports("{\"each\": \"/all\", \"concurrency\": 2}", Map.of("all", List.of(1, 2, 3))))
                .containsEntry("done", List.of(1, 2, 3))
                .containsEntry("summary", Map.of("items", 3, "failed", 0, "failures", List.of()));
        assertThat(ports("{}", List.of())).containsEntry("done", List.of());
    }

    @Test
    @DisplayName("S33 failures are tolerated by number or as a share, and told as data")
    void tolerated() {
        String picky = document("{\"failures\": 1}")
                .replace("\"merge\"", "\"set\", \"parameters\": {\"values\": {\"/x\": 1}}");
        ExecutionResult result = run(read(picky), "t", List.of(Map.of("x", 1), "text"));
        assertThat(result.status()).isEqualTo(ExecutionStatus.COMPLETED);
        assertThat(result.outputs("n").asMap()).containsEntry("done", List.of(Map.of("x", 1)));
        assertThat(result.outputs("n").asMap().get("summary"))
                .asString()
                .contains("failed=1")
                .contains("item=2")
                .contains("nodeId=b");
        ExecutionResult failed = run(
                read(picky.replace("\"failures\": 1", "\"failuresPercent\": 49.5")),
                "t",
                List.of(Map.of("x", 1), "text"));
        assertThat(failed.status()).isEqualTo(ExecutionStatus.FAILED);
    }

    @Test
    @DisplayName("what is no list fails the map, and says where it was looked for")
    void no_list() {
        ExecutionResult failed = run(read(document("{\"each\": \"/all\"}")), "t", Map.of("all", 3));
        assertThat(failed.failure().orElseThrow())
                .hasMessageContaining("\"/all\"")
                .hasMessageContaining("Integer");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`{\"concurrency\": 0}` | whole number from 1",
                "`{\"failures\": -1}` | whole number from 0",
                "`{\"failuresPercent\": 101}` | 100",
                "`{\"each\": 3}` | should be a text",
                "`{\"times\": 3}` | known here are each, concurrency, failures, failuresPercent"
            })
    @DisplayName("wrong parameters are told")
    void wrong(String parameters, String finding) {
        assertThat(problems(document(parameters))).anyMatch(problem -> problem.contains(finding));
    }

    private static Map<String, @Nullable Object> ports(String parameters, @Nullable Object data) {
        ExecutionResult result = run(read(document(parameters)), "t", data);
        assertThat(result.status()).isEqualTo(ExecutionStatus.COMPLETED);
        return result.outputs("n").asMap();
    }

    /** A map whose body brings back what it is given. */
    private static String document(String parameters) {
        return """
                {"id": "f",
                 "nodes": [{"id": "t", "type": "trigger"}, {"id": "n", "type": "map", "parameters": %s},
                           {"id": "b", "type": "merge"}],
                 "connections": [{"from": "t", "to": "n"}, {"from": "n", "output": "loop", "to": "b"},
                                 {"from": "b", "to": "n"}]}""".replace("%s", parameters);
    }
}
