package dev.flowengine.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.extension.NodeTypes;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.graph.JoinRule;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a node type sets by itself stays with the type; a document holds what its author says beyond it. */
class TypeSettingsTest {
    private static final NodeTypes TYPES =
            NodeTypes.builder().installed().add(new KeenNode()).build();

    @Test
    void what_a_type_sets_is_not_written() {
        String written = FlowJson.write(flow(TYPES.define("n", "keen", Map.of()).build()));

        assertThat(written).contains("\"type\": \"keen\"").doesNotContain("join", "retry", "imeout");
        NodeDefinition read = node(written);
        assertThat(read.shape().join()).isEqualTo(JoinRule.ALL_DONE);
        assertThat(read.retry().orElseThrow().isSelective()).isTrue();
        assertThat(read.timeout()).contains(Duration.ofSeconds(7));
        assertThat(read.nodeTimeout()).contains(Duration.ofSeconds(70));
        assertThat(FlowJson.write(FlowJson.read(written, TYPES))).isEqualTo(written);
    }

    @Test
    void a_stop_is_written_without_the_policy_it_has_by_itself() {
        String written = FlowJson.write(
                flow(TYPES.define("n", "stop", Map.of("message", "no")).build()));

        assertThat(written).doesNotContain("retry");
        assertThat(node(written).retry().orElseThrow().maxAttempts()).isEqualTo(1);
    }

    @Test
    void what_the_flow_says_instead_is_written() {
        String written = FlowJson.write(flow(TYPES.define("n", "keen", Map.of())
                .join(JoinRule.ANY_SUCCESS)
                .retry(RetryPolicy.fixed(Duration.ofSeconds(1)).maxAttempts(5))
                .timeout(Duration.ofSeconds(8))
                .nodeTimeout(Duration.ofSeconds(80))
                .build()));

        assertThat(written).contains("\"ANY_SUCCESS\"", "\"maxAttempts\": 5", "\"PT8S\"", "\"PT1M20S\"");
        NodeDefinition read = node(written);
        assertThat(read.shape().join()).isEqualTo(JoinRule.ANY_SUCCESS);
        assertThat(read.retry().orElseThrow().isSelective()).isFalse();
        assertThat(read.timeout()).contains(Duration.ofSeconds(8));
        assertThat(FlowJson.write(FlowJson.read(written, TYPES))).isEqualTo(written);
    }

    @Test
    void the_default_join_is_written_where_the_type_sets_another() {
        String written = FlowJson.write(
                flow(TYPES.define("n", "keen", Map.of()).join(JoinRule.DEFAULT).build()));

        assertThat(written).contains("\"join\": \"DEFAULT\"");
        assertThat(node(written).shape().join()).isEqualTo(JoinRule.DEFAULT);
        assertThat(FlowJson.write(FlowJson.read(written, TYPES))).isEqualTo(written);
        assertThat(FlowJson.write(flow(TYPES.define("n", "merge", Map.of())
                        .join(JoinRule.DEFAULT)
                        .build())))
                .doesNotContain("join");
    }

    @Test
    void what_is_said_of_a_node_with_a_type_by_name_is_the_flows() {
        NodeDefinition node = NodeDefinition.builder("n")
                .passThrough()
                .join(JoinRule.ANY_SUCCESS)
                .type("merge", Map.of())
                .build();

        assertThat(node(FlowJson.write(flow(node))).shape().join()).isEqualTo(JoinRule.ANY_SUCCESS);
    }

    private static Flow flow(NodeDefinition node) {
        return Flow.definition("f").trigger("t").add(node).connect("t", "n").build();
    }

    private static NodeDefinition node(String json) {
        return FlowJson.read(json, TYPES).node("n").orElseThrow();
    }
}
