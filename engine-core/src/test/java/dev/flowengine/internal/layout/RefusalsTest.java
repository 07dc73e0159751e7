package dev.flowengine.internal.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowDefinition;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.plan.Start;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RefusalsTest {
    private final Flow flow = Plans.twoTriggers();

    @Test
    @DisplayName("S1 an unknown trigger is a typed error naming the known ones")
    void an_unknown_trigger() {
        refused(
                flow,
                Start.trigger("C"),
                null,
                FailureKind.NOT_FOUND,
                "flow 'two-triggers': there is no trigger 'C'; its triggers are A, B");
        refused(
                flow,
                Start.trigger("N1"),
                null,
                FailureKind.NOT_FOUND,
                "flow 'two-triggers': node 'N1' is no trigger; its triggers are A, B");
    }

    @Test
    void an_unknown_node() {
        refused(
                flow,
                Start.fromNode("x"),
                null,
                FailureKind.NOT_FOUND,
                "flow 'two-triggers' has no node 'x'; its nodes are A, B, N2, N1, Out");
        refused(
                flow,
                Start.trigger("A"),
                "x",
                FailureKind.NOT_FOUND,
                "flow 'two-triggers' has no node 'x'; its nodes are A, B, N2, N1, Out");
    }

    @Test
    void a_trigger_given_an_input() {
        refused(
                flow,
                Start.fromNode("A"),
                null,
                FailureKind.INVALID_DEFINITION,
                "flow 'two-triggers': 'A' is a trigger, which has no input ports to give an input to");
        refused(
                flow,
                Start.singleNode("B"),
                null,
                FailureKind.INVALID_DEFINITION,
                "flow 'two-triggers': 'B' is a trigger, which has no input ports to give an input to");
    }

    @Test
    @DisplayName("S4 a target the start does not reach")
    void a_target_out_of_reach() {
        refused(
                flow,
                Start.trigger("A"),
                "N2",
                FailureKind.NOT_FOUND,
                "flow 'two-triggers': node 'N2' is not reached from 'A', so no execution that begins there can run up to it");
    }

    @Test
    @DisplayName("S17 a disabled target is an error")
    void a_disabled_target() {
        Flow off = Flow.definition("off")
                .trigger("t")
                .add(NodeDefinition.builder("n").disabled().build())
                .connect("t", "n")
                .build();

        refused(
                off,
                Start.trigger("t"),
                "n",
                FailureKind.INVALID_DEFINITION,
                "flow 'off': node 'n' is disabled, so an execution cannot run up to it");
    }

    @Test
    void a_long_list_of_known_ids_is_cut() {
        FlowDefinition many = Flow.definition("many").trigger("t");
        for (int i = 0; i < 30; i++) {
            Plans.node("n" + i, many).connect("t", "n" + i);
        }

        FlowException error =
                catchThrowableOfType(FlowException.class, () -> Plans.compile(many.build(), Start.fromNode("x")));

        assertThat(error).hasMessageEndingWith("n17, n18, …");
    }

    @Test
    void a_flow_without_triggers_says_so() {
        Flow none = Plans.node("n", Flow.definition("none")).build();

        refused(
                none,
                Start.trigger("t"),
                null,
                FailureKind.NOT_FOUND,
                "flow 'none': there is no trigger 't'; it has no triggers");
    }

    private static void refused(Flow flow, Start start, @Nullable String upTo, FailureKind kind, String message) {
        FlowException error =
                catchThrowableOfType(FlowException.class, () -> Plans.compile(flow, start, upTo, Set.of()));

        assertThat(error).hasMessage(message);
        assertThat(error.kind()).isEqualTo(kind);
        assertThat(error.affectedNodes()).isNotEmpty();
        assertThat(error.suggestedResolution()).isNotBlank();
    }
}
