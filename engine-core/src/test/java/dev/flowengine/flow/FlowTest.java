package dev.flowengine.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flowengine.graph.Connection;
import org.junit.jupiter.api.Test;

class FlowTest {
    private final FlowDefinition definition = Flow.definition("orders")
            .version("7")
            .trigger("first")
            .add(NodeDefinition.builder("work").body(context -> 1).build())
            .trigger("second")
            .connect("first", "work")
            .connect("second", "work");

    @Test
    void knows_its_nodes_and_triggers_in_declaration_order() {
        Flow flow = definition.build();

        assertThat(flow.nodes()).extracting(NodeDefinition::id).containsExactly("first", "work", "second");
        assertThat(flow.triggers()).containsExactly("first", "second");
        assertThat(flow.node("work")).map(NodeDefinition::id).contains("work");
        assertThat(flow.node("nothing")).isEmpty();
        assertThat(flow).hasToString("flow 'orders' version 7 (3 nodes)");
        assertThat(Flow.definition("x").trigger("t").build().version()).isEqualTo("1");
    }

    @Test
    void does_not_follow_its_definition_once_built() {
        Flow flow = definition.build();

        definition.trigger("third").version("8");

        assertThat(flow.nodes()).hasSize(3);
        assertThat(flow.version()).isEqualTo("7");
        assertThatThrownBy(() -> flow.nodes().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void two_flows_are_equal_only_if_they_are_the_same_but_their_structures_compare() {
        Flow one = definition.build();
        Flow other = definition.build();

        assertThat(one).isNotEqualTo(other);
        assertThat(one.graph()).isEqualTo(other.graph());
    }

    @Test
    void the_same_connection_twice_counts_once() {
        Flow flow = definition
                .connect("first", "work")
                .after("work", "second")
                .after("work", "second")
                .build();

        assertThat(flow.graph().connections())
                .containsExactly(Connection.of("first", "work"), Connection.of("second", "work"));
        assertThat(flow.graph().orderDependencies()).hasSize(1);
    }
}
