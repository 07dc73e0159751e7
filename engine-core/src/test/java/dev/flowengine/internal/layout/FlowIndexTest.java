package dev.flowengine.internal.layout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.flow.Flow;
import dev.flowengine.flow.NodeDefinition;
import org.junit.jupiter.api.Test;

class FlowIndexTest {
    private final Flow flow = Plans.node(
                    "end",
                    Plans.node(
                            "middle",
                            Flow.definition("f")
                                    .trigger("t")
                                    .add(NodeDefinition.builder("kept")
                                            .body(context -> 1)
                                            .keep()
                                            .build())
                                    .add(NodeDefinition.builder("first")
                                            .body(context -> 1)
                                            .build())
                                    .add(NodeDefinition.builder("waited")
                                            .body(context -> 1)
                                            .build())))
            .connect("t", "kept")
            .connect("t", "waited")
            .connect("kept", "first")
            .connect("first", "middle")
            .connect("middle", "end")
            .after("end", "waited")
            .build();
    private final FlowIndex index = FlowIndex.of(flow);

    @Test
    void a_node_may_read_what_feeds_it_what_it_waits_for_and_ancestors_that_are_kept() {
        assertThat(index.mayRead("end", "middle")).isTrue();
        assertThat(index.mayRead("end", "waited")).isTrue();
        assertThat(index.mayRead("end", "kept")).isTrue();
    }

    @Test
    void a_node_may_not_read_other_ancestors_strangers_or_descendants() {
        assertThat(index.mayRead("end", "first")).isFalse();
        assertThat(index.mayRead("middle", "waited")).isFalse();
        assertThat(index.mayRead("waited", "kept")).isFalse();
        assertThat(index.mayRead("kept", "end")).isFalse();
        assertThat(index.mayRead("end", "nobody")).isFalse();
    }

    @Test
    void knows_which_port_an_output_feeds() {
        FlowIndex diamond = FlowIndex.of(Plans.diamond());

        assertThat(diamond.portFedBy("join", "right", "main")).isEqualTo("r");
        assertThat(diamond.portFedBy("join", "right", "other")).isNull();
        assertThat(diamond.portFedBy("late", "right", "main")).isNull();
        assertThat(diamond.portFedBy("join", "late", "main")).isNull();
    }

    @Test
    void numbers_nodes_in_declaration_order() {
        assertThat(index.numberOf("t")).isZero();
        assertThat(index.node(index.numberOf("end")).id()).isEqualTo("end");
        assertThat(index.numberOf("nobody")).isEqualTo(-1);
        assertThat(index.size()).isEqualTo(6);
        assertThat(index.flowId()).isEqualTo("f");
    }
}
