package dev.flowengine.json;

import static dev.flowengine.json.Documents.problems;
import static dev.flowengine.json.Documents.read;
import static dev.flowengine.json.Documents.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The loop as a node type. */
class LoopNodeTest {

    @Test
    @DisplayName("S32 over a list, at a place in the input or all of it, element by element or in batches")
    void over_a_list() {
        assertThat(done("{\"each\": \"/all\"}", Map.of("all", List.of(1, 2)))).isEqualTo(List.of(1, 2));
        assertThat(done("{}", List.of(1, 2))).isEqualTo(List.of(1, 2));
        assertThat(done("{\"batchSize\": 2}", List.of(1, 2, 3))).isEqualTo(List.of(List.of(1, 2), List.of(3)));
    }

    @Test
    @DisplayName("S32 a number of times")
    void a_number_of_times() {
        assertThat(done("{\"times\": 3}", "x")).isEqualTo(List.of(1, 2, 3));
        assertThat(done("{\"times\": 0}", "x")).isEqualTo(List.of());
    }

    @Test
    @DisplayName("S32 while a condition holds, on what the iteration before brought back")
    void while_a_condition_holds() {
        String growing = """
                {"id": "f",
                 "nodes": [{"id": "t", "type": "trigger"},
                           {"id": "n", "type": "loop", "parameters": {"while": {"not": {"field": "/1", "exists": true}}}},
                           {"id": "b", "type": "set", "parameters": {"values": {"/-": "more"}}}],
                 "connections": [{"from": "t", "to": "n"}, {"from": "n", "output": "loop", "to": "b"},
                                 {"from": "b", "to": "n"}]}""";
        assertThat(run(read(growing), "t", List.of()).outputs("n").asMap())
                .containsEntry("done", List.of(List.of("more"), List.of("more", "more")));
    }

    @Test
    @DisplayName("S32 break and maxIterations end it")
    void ended() {
        String broken = """
                {"id": "f",
                 "nodes": [{"id": "t", "type": "trigger"}, {"id": "n", "type": "loop"},
                           {"id": "b", "type": "if", "parameters": {"field": "", "above": 1}}],
                 "connections": [{"from": "t", "to": "n"}, {"from": "n", "output": "loop", "to": "b"},
                                 {"from": "b", "output": "true", "to": "n", "input": "break"},
                                 {"from": "b", "output": "false", "to": "n"}]}""";
        assertThat(run(read(broken), "t", List.of(0, 1, 2, 0)).outputs("n").asMap())
                .containsEntry("done", List.of(0, 1));
        ExecutionResult endless = run(read(document("{\"times\": 9, \"maxIterations\": 2}")), "t", "x");
        assertThat(endless.status()).isEqualTo(ExecutionStatus.FAILED);
        assertThat(endless.failure().orElseThrow().kind()).isEqualTo(FailureKind.LIMIT_EXCEEDED);
    }

    @Test
    @DisplayName("what is no list fails the loop, and says where it was looked for")
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
                "`{\"times\": 1, \"while\": {\"field\": \"\", \"exists\": true}}` | one of each, times and while",
                "`{\"times\": 1, \"batchSize\": 2}` | is for a loop over a list",
                "`{\"batchSize\": 0}` | whole number from 1",
                "`{\"maxIterations\": 0}` | whole number from 1",
                "`{\"each\": 3}` | should be a text",
                "`{\"of\": 3}` | known here are each, batchSize, times, while, maxIterations"
            })
    @DisplayName("wrong parameters are told")
    void wrong(String parameters, String finding) {
        assertThat(problems(document(parameters))).anyMatch(problem -> problem.contains(finding));
    }

    private static @Nullable Object done(String parameters, @Nullable Object data) {
        ExecutionResult result = run(read(document(parameters)), "t", data);
        assertThat(result.status()).isEqualTo(ExecutionStatus.COMPLETED);
        return result.outputs("n").asMap().get("done");
    }

    /** A loop whose body brings back what it is given. */
    private static String document(String parameters) {
        return """
                {"id": "f",
                 "nodes": [{"id": "t", "type": "trigger"}, {"id": "n", "type": "loop", "parameters": %s},
                           {"id": "b", "type": "merge"}],
                 "connections": [{"from": "t", "to": "n"}, {"from": "n", "output": "loop", "to": "b"},
                                 {"from": "b", "to": "n"}]}""".replace("%s", parameters);
    }
}
