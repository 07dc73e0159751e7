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
import dev.flowengine.node.PortValues;
import dev.flowengine.node.RunOptions;
import dev.flowengine.testing.Engines;
import dev.flowengine.testing.WithThreads;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class PinTest {
    private final AtomicInteger calls = new AtomicInteger();
    private final FlowBuilder f = Flow.builder("pins");
    private final TriggerRef<Integer> start = f.trigger("start", Integer.class);
    private final NodeRef<Integer> priced =
            f.node("priced", start, n -> calls.incrementAndGet()).returns(Integer.class);
    private final NodeRef<Integer> next = f.node("next", priced, n -> n + 1);
    private final NodeRef<Integer> broken =
            f.node("broken", start, n -> Integer.divideUnsigned(n, 0)).returns(Integer.class);
    private final NodeRef<Integer> behind = f.node("behind", broken, n -> n + 1);
    private final Flow flow = f.build();

    @WithThreads
    @DisplayName("S18 a pinned node is not called: it completes with the pin and is marked pinned")
    void a_pin_wins_over_the_body(int threads) {
        RunOptions pin = RunOptions.builder().pin(priced, 41).upTo(next).build();
        try (FlowEngine engine = Engines.withThreads(threads)) {
            for (int i = 0; i < 50; i++) {
                ExecutionResult result = Runs.ended(engine.executeFromTrigger(flow, start, 1, pin));

                assertThat(result.output(next)).isEqualTo(42);
                assertThat(Runs.node(result, "priced").pinned()).isTrue();
                assertThat(Runs.node(result, "priced").attempt()).isZero();
                assertThat(Runs.node(result, "next").pinned()).isFalse();
                assertThat(result.executionPath()).containsExactly("start", "priced", "next");
            }
        }
        assertThat(calls).hasValue(0);
    }

    @Test
    @DisplayName("S18 a pinned node whose body would fail does not fail")
    void a_pinned_node_does_not_fail() {
        RunOptions pin = RunOptions.builder().pin(broken, 1).build();
        try (FlowEngine engine = Engines.create()) {
            ExecutionResult result = Runs.ended(engine.executeFromTrigger(flow, start, 1, pin));

            assertThat(result.status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(result.output(behind)).isEqualTo(2);
        }
    }

    @Test
    @DisplayName("S18 only the ports that are pinned fire")
    void only_pinned_ports_fire() {
        FlowBuilder g = Flow.builder("branching");
        TriggerRef<Integer> begin = g.trigger("begin", Integer.class);
        var size = g.branch("size", begin).when("big", n -> n > 10).otherwise("small");
        g.node("on big", size.on("big"), n -> n);
        NodeRef<Integer> small = g.node("on small", size.on("small"), n -> n);
        RunOptions pin = RunOptions.builder().pin(size.on("small"), 7).build();
        try (FlowEngine engine = Engines.create()) {
            ExecutionResult result = Runs.ended(engine.executeFromTrigger(g.build(), begin, 100, pin));

            assertThat(result.output(small)).isEqualTo(7);
            assertThat(Runs.states(result)).containsEntry("on big", "SKIPPED(BRANCH_NOT_TAKEN)");
        }
    }

    @Test
    @DisplayName("S18 a pin is checked: node, port and type")
    void a_pin_is_checked() {
        refused(
                FailureKind.NOT_FOUND,
                RunOptions.builder().pin("nobody", "main", 1),
                "flow 'pins' has no node 'nobody' to pin an output of");
        refused(
                FailureKind.INVALID_DEFINITION,
                RunOptions.builder().pin("priced", "side", 1),
                "flow 'pins': node 'priced' has no output port 'side' to pin; it has main");
        refused(
                FailureKind.INVALID_DEFINITION,
                RunOptions.builder().pin("priced", PortValues.of("main", "one")),
                "flow 'pins': node 'priced' has its port 'main' pinned to a value of java.lang.String, "
                        + "but is declared to take java.lang.Integer");
        assertThat(calls).hasValue(0);
    }

    private void refused(FailureKind kind, RunOptions.Builder options, String message) {
        try (FlowEngine engine = Engines.create()) {
            assertThatExceptionOfType(FlowException.class)
                    .isThrownBy(() -> engine.executeFromTrigger(flow, start, 1, options.build()))
                    .withMessage(message)
                    .satisfies(refusal -> assertThat(refusal.kind()).isEqualTo(kind));
        }
    }

    @Test
    @DisplayName("S18 a pinned node is still skipped when its join is not met")
    void a_pinned_node_is_still_skipped() {
        RunOptions pin = RunOptions.builder().pin(behind, 1).build();
        try (FlowEngine engine = Engines.create()) {
            ExecutionResult result = Runs.ended(engine.executeFromTrigger(flow, start, 1, pin));

            assertThat(Runs.states(result)).containsEntry("behind", "SKIPPED(UPSTREAM_FAILED)");
            assertThat(Runs.node(result, "behind").pinned()).isFalse();
        }
    }
}
