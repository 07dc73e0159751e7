package dev.flowengine.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.RunOptions;
import dev.flowengine.testing.Engines;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A node needs two triggers, and only one of them fires. */
class UnfedPortTest {
    private final AtomicInteger calls = new AtomicInteger();
    private final FlowBuilder f = Flow.builder("meeting");
    private final TriggerRef<String> left = f.trigger("left", String.class);
    private final TriggerRef<String> right = f.trigger("right", String.class);
    private final NodeRef<String> before = f.node("before", left, this::count);
    private final NodeRef<String> late = f.node("late", right, this::count);
    private final NodeRef<String> both = f.node("both", before, late, (a, b) -> count(a + b));
    private final NodeRef<String> after = f.node("after", both, this::count);

    private String count(String value) {
        calls.incrementAndGet();
        return value;
    }

    @Test
    @DisplayName("S5 a required port without a source refuses the start, and says which, why and what to do")
    void an_unfed_required_port_refuses_the_start() {
        Flow flow = f.build();
        try (FlowEngine engine = Engines.create()) {
            assertThatExceptionOfType(FlowException.class)
                    .isThrownBy(() -> engine.executeFromTrigger(flow, left, "x"))
                    .withMessage("flow 'meeting' cannot start from 'left': node 'both' needs its port 'late', "
                            + "which is fed only by late.main, out of scope")
                    .satisfies(refusal -> {
                        assertThat(refusal.kind()).isEqualTo(FailureKind.MISSING_DEPENDENCY);
                        assertThat(refusal.affectedNodes()).containsExactly("both");
                        assertThat(refusal.dependencyChain()).containsExactly("late");
                        assertThat(refusal.suggestedResolution())
                                .contains("Pin", "outputsFrom", "upTo", "make the port optional");
                    });
        }
        assertThat(calls).as("nothing ran").hasValue(0);
    }

    @Test
    @DisplayName("S5 every unfed port is named at once")
    void every_unfed_port_is_named_at_once() {
        f.node("too", before, late, (a, b) -> count(a + b));
        Flow flow = f.build();
        try (FlowEngine engine = Engines.create()) {
            assertThatExceptionOfType(FlowException.class)
                    .isThrownBy(() -> engine.executeFromTrigger(flow, left, "x"))
                    .satisfies(refusal -> assertThat(refusal.affectedNodes()).containsExactly("both", "too"));
        }
    }

    @Test
    @DisplayName("S5 S13 with skipDependencyCheck the node is skipped for its missing input, the rest runs")
    void without_the_check_the_node_is_skipped() {
        Flow flow = f.build();
        RunOptions unchecked = RunOptions.builder().skipDependencyCheck().build();
        try (FlowEngine engine = Engines.create()) {
            ExecutionResult result = Runs.ended(engine.executeFromTrigger(flow, left, "x", unchecked));

            assertThat(result.status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(Runs.states(result))
                    .containsEntry("before", "COMPLETED")
                    .containsEntry("both", "SKIPPED(MISSING_INPUT)")
                    .containsEntry("after", "SKIPPED(ALL_INPUTS_SKIPPED)");
        }
    }

    @Test
    @DisplayName("S5 an unfed optional port is absent")
    void an_unfed_optional_port_is_absent() {
        NodeRef<String> either = f.node(
                "either",
                before,
                f.optional(right),
                (a, b) -> a + b.map(v -> "+" + v).orElse(" alone"));
        Flow flow = f.build();
        RunOptions upToIt = RunOptions.builder().upTo(either).build();
        try (FlowEngine engine = Engines.create()) {
            ExecutionResult result = Runs.ended(engine.executeFromTrigger(flow, left, "x", upToIt));

            assertThat(result.output(either)).isEqualTo("x alone");
        }
    }

    @Test
    @DisplayName("S5 each remedy of the refusal works")
    void each_remedy_works() {
        Flow flow = f.build();
        try (FlowEngine engine = Engines.create()) {
            RunOptions pinned = RunOptions.builder().pin(late, "L").build();
            assertThat(Runs.ended(engine.executeFromTrigger(flow, left, "x", pinned))
                            .output(after))
                    .isEqualTo("xL");

            RunOptions cut = RunOptions.builder().upTo(before).build();
            assertThat(Runs.ended(engine.executeFromTrigger(flow, left, "x", cut))
                            .output(before))
                    .isEqualTo("x");

            RunOptions upToLate = RunOptions.builder().upTo(late).build();
            String earlier = Runs.ended(engine.executeFromTrigger(flow, right, "R", upToLate))
                    .executionId();
            RunOptions reused = RunOptions.builder().outputsFrom(earlier).build();
            assertThat(Runs.ended(engine.executeFromTrigger(flow, left, "x", reused))
                            .output(after))
                    .isEqualTo("xR");
        }
    }

    @Test
    @DisplayName("S5 an optional handle tells a null apart only as the absence it stands for")
    void an_optional_handle_is_empty_for_null() {
        NodeRef<Optional<String>> seen = f.node("seen", f.optional(left), value -> value);
        Flow flow = f.build();
        RunOptions upToIt = RunOptions.builder().upTo(seen).build();
        try (FlowEngine engine = Engines.create()) {
            assertThat(Runs.ended(engine.executeFromTrigger(flow, left, null, upToIt))
                            .output(seen))
                    .isEmpty();
            assertThat(Runs.ended(engine.executeFromTrigger(flow, left, "x", upToIt))
                            .output(seen))
                    .contains("x");
        }
    }

    @Test
    @DisplayName("S5 S18 a pin replaces a body and feeds no port: a pinned node with an unfed port is refused")
    void a_pin_does_not_feed_the_ports_of_its_node() {
        Flow flow = f.build();
        RunOptions pinned = RunOptions.builder().pin(both, "P").build();
        try (FlowEngine engine = Engines.create()) {
            assertThatExceptionOfType(FlowException.class)
                    .isThrownBy(() -> engine.executeFromTrigger(flow, left, "x", pinned))
                    .withMessageContaining("node 'both' needs its port 'late'")
                    .satisfies(refusal -> {
                        assertThat(refusal.kind()).isEqualTo(FailureKind.MISSING_DEPENDENCY);
                        assertThat(refusal.affectedNodes()).containsExactly("both");
                    });
        }
        assertThat(calls).as("nothing ran").hasValue(0);
    }
}
