package dev.flowengine.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowDefinition;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.testing.Engines;
import dev.flowengine.testing.WithThreads;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class FinalStatusTest {

    @WithThreads
    @DisplayName("S22 what depends on a failed node is skipped, the rest goes on")
    void a_failure_stays_in_its_branch(int threads) {
        Flow flow = Flow.definition("isolated")
                .trigger("t")
                .add(Nodes.failing("bad"))
                .add(Nodes.tracing("behind"))
                .add(Nodes.tracing("further"))
                .add(Nodes.tracing("good"))
                .add(Nodes.tracing("better"))
                .connect("t", "bad")
                .connect("bad", "behind")
                .connect("behind", "further")
                .connect("t", "good")
                .connect("good", "better")
                .build();
        try (FlowEngine engine = Engines.withThreads(threads)) {
            for (int i = 0; i < 100; i++) {
                ExecutionResult result = Runs.ended(engine.executeFromTrigger(flow, "t", 1));
                assertThat(Runs.states(result))
                        .isEqualTo(Map.of(
                                "t", "COMPLETED",
                                "bad", "FAILED",
                                "behind", "SKIPPED(UPSTREAM_FAILED)",
                                "further", "SKIPPED(UPSTREAM_FAILED)",
                                "good", "COMPLETED",
                                "better", "COMPLETED"));
                assertThat(result.status()).isEqualTo(ExecutionStatus.PARTIAL);
            }
        }
    }

    @Test
    @DisplayName("S23 a run without a failure is COMPLETED, even if every end of it was skipped")
    void a_run_without_a_failure_is_completed() {
        FlowDefinition definition = Flow.definition("nothing to do")
                .trigger("t")
                .add(Nodes.silent("silent"))
                .add(Nodes.tracing("end"))
                .connect("t", "silent")
                .connect("silent", "end");

        ExecutionResult result = run(definition);
        assertThat(result.status()).isEqualTo(ExecutionStatus.COMPLETED);
        assertThat(result.failure()).isEmpty();
    }

    @Test
    @DisplayName("S23 a failure with no end reached is FAILED, however much completed before")
    void a_failure_without_an_end_reached_is_failed() {
        FlowDefinition definition = Flow.definition("no end")
                .trigger("t")
                .add(Nodes.tracing("a"))
                .add(Nodes.tracing("b"))
                .add(Nodes.failing("bad"))
                .add(Nodes.tracing("end"))
                .connect("t", "a")
                .connect("a", "b")
                .connect("b", "bad")
                .connect("bad", "end");

        assertThat(run(definition).status()).isEqualTo(ExecutionStatus.FAILED);
    }

    @Test
    @DisplayName("S23 a failed end and a completed end are PARTIAL; a skipped end does not count as reached")
    void one_end_reached_is_partial() {
        FlowDefinition definition = Flow.definition("ends")
                .trigger("t")
                .add(Nodes.failing("bad end"))
                .add(Nodes.silent("silent"))
                .add(Nodes.tracing("skipped end"))
                .connect("t", "bad end")
                .connect("t", "silent")
                .connect("silent", "skipped end");
        assertThat(run(definition).status()).isEqualTo(ExecutionStatus.FAILED);

        definition.add(Nodes.tracing("good end")).connect("t", "good end");
        assertThat(run(definition).status()).isEqualTo(ExecutionStatus.PARTIAL);
    }

    @Test
    @DisplayName("S24 the failure of a run names kind, node, path, chain and cause")
    void the_failure_of_a_run_tells_everything() {
        FlowDefinition definition = Flow.definition("chain")
                .trigger("t")
                .add(Nodes.tracing("a"))
                .add(Nodes.failing("bad"))
                .add(Nodes.tracing("end"))
                .connect("t", "a")
                .connect("a", "bad")
                .connect("bad", "end");
        ExecutionResult result = run(definition);

        FlowException failure = result.failure().orElseThrow();
        assertThat(failure.kind()).isEqualTo(FailureKind.NODE_EXECUTION_FAILED);
        assertThat(failure)
                .hasMessage("execution " + result.executionId() + " of flow 'chain': node 'bad' failed at attempt 1: "
                        + "java.lang.IllegalStateException: planned failure of bad")
                .hasCauseExactlyInstanceOf(IllegalStateException.class);
        assertThat(failure.affectedNodes()).containsExactly("bad");
        assertThat(failure.executionPath()).containsExactly("t", "a", "bad");
        assertThat(failure.dependencyChain()).containsExactly("t", "a", "bad");
    }

    private static ExecutionResult run(FlowDefinition definition) {
        try (FlowEngine engine = Engines.create()) {
            return Runs.ended(engine.executeFromTrigger(definition.build(), "t", 1));
        }
    }
}
