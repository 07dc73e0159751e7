package dev.flowengine.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.FlowException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RunOptionsTest {
    private final FlowBuilder f = Flow.builder("f");
    private final TriggerRef<Integer> start = f.trigger("start", Integer.class);
    private final NodeRef<Integer> node = f.node("node", start, n -> n);

    @Test
    void ask_for_nothing_unless_told() {
        RunOptions options = RunOptions.ofDefaults();

        assertThat(options.userId()).isEmpty();
        assertThat(options.upTo()).isEmpty();
        assertThat(options.outputsFrom()).isEmpty();
        assertThat(options.pins()).isEmpty();
        assertThat(options.skipDependencyCheck()).isFalse();
    }

    @Test
    void hold_what_they_were_told() {
        RunOptions options = RunOptions.builder()
                .userId("ann")
                .upTo(node)
                .outputsFrom("earlier")
                .skipDependencyCheck()
                .pin(node, 5)
                .build();

        assertThat(options.userId()).contains("ann");
        assertThat(options.upTo()).contains("node");
        assertThat(options.outputsFrom()).contains("earlier");
        assertThat(options.skipDependencyCheck()).isTrue();
        assertThat(options.pins()).containsOnlyKeys("node").containsValue(PortValues.of("main", 5));
    }

    @Test
    @DisplayName("S18 a pin is port → value, and one node may have several")
    void pins_of_one_node_add_up() {
        RunOptions options = RunOptions.builder()
                .pin("route", "x", 1)
                .pin("route", "y", null)
                .pin("silent", PortValues.none())
                .build();

        assertThat(options.pins().get("route")).isEqualTo(PortValues.of("x", 1).and("y", null));
        assertThat(options.pins().get("silent")).isEqualTo(PortValues.none());
    }

    @Test
    void a_port_is_pinned_once_but_a_node_can_be_pinned_anew() {
        RunOptions.Builder builder = RunOptions.builder().pin("route", "x", 1);

        assertThatThrownBy(() -> builder.pin("route", "x", 2))
                .isInstanceOf(FlowException.class)
                .hasMessageContaining("'x'");
        assertThat(builder.pin("route", PortValues.of("x", 2)).build().pins().get("route"))
                .isEqualTo(PortValues.of("x", 2));
    }

    @Test
    void do_not_follow_their_builder_once_built() {
        RunOptions.Builder builder = RunOptions.builder().pin("a", "main", 1);
        RunOptions options = builder.build();

        builder.pin("b", "main", 2).userId("late");

        assertThat(options.pins()).containsOnlyKeys("a");
        assertThat(options.userId()).isEmpty();
        assertThatThrownBy(() -> options.pins().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void refuse_null_names() {
        RunOptions.Builder builder = RunOptions.builder();

        assertThatNullPointerException().isThrownBy(() -> builder.userId(null)).withMessage("id");
        assertThatNullPointerException()
                .isThrownBy(() -> builder.upTo((String) null))
                .withMessage("nodeId");
        assertThatNullPointerException()
                .isThrownBy(() -> builder.outputsFrom(null))
                .withMessage("executionId");
        assertThatNullPointerException()
                .isThrownBy(() -> builder.pin("a", null))
                .withMessage("values");
    }
}
