package dev.flowengine.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.flowengine.flow.CachePolicy;
import dev.flowengine.flow.Flow;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class CacheTest {
    @Test
    @DisplayName("The cache policy of a node is read and written")
    void a_policy_is_read_and_written() {
        Flow flow = Documents.read(
                Documents.withNode("\"type\": \"set\", \"cache\": {\"keep\": \"PT10M\", \"version\": \"2\"}"));

        CachePolicy policy = flow.node("n").orElseThrow().cache().orElseThrow();
        assertThat(policy.keep()).isEqualTo(Duration.ofMinutes(10));
        assertThat(policy.version()).contains("2");
        assertThat(FlowJson.write(flow)).contains("\"cache\"", "\"PT10M\"");
        assertThat(FlowJson.write(Documents.read(FlowJson.write(flow)))).isEqualTo(FlowJson.write(flow));
    }

    @Test
    @DisplayName("What is wrong with a cache policy is told with its place")
    void a_wrong_policy_is_told() {
        FlowJsonException wrong = catchThrowableOfType(
                FlowJsonException.class,
                () -> Documents.read(
                        Documents.withNode("\"type\": \"set\", \"cache\": {\"keep\": \"PT0S\", \"key\": 1}")));

        assertThat(wrong.problems())
                .extracting(problem -> problem.pointer())
                .containsExactlyInAnyOrder("/nodes/1/cache/keep", "/nodes/1/cache/key");
    }
}
