package dev.flowengine.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.event.ExecutionEvent;
import dev.flowengine.event.NodeEvent;
import dev.flowengine.event.NodeStarted;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowDefinition;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.testing.Engines;
import dev.flowengine.testing.WithThreads;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class LateResultTest {

    /** Calls back twice: first with its value, then with a failure. */
    private static final class Stutter extends CompletableFuture<Object> {
        @Override
        public CompletableFuture<Object> whenComplete(BiConsumer<? super Object, ? super Throwable> action) {
            return super.whenComplete((value, thrown) -> {
                action.accept(value, thrown);
                action.accept(null, new IllegalStateException("a second thought"));
            });
        }
    }

    @WithThreads
    @DisplayName("S8 the first outcome of a stage counts, a second one is dropped")
    void a_second_outcome_is_dropped(int threads) {
        try (FlowEngine engine = Engines.withThreads(threads)) {
            for (int i = 0; i < 50; i++) {
                Stutter stage = new Stutter();
                Flow flow = Flow.definition("stutter")
                        .trigger("t")
                        .add(Nodes.async("a", stage))
                        .add(Nodes.tracing("b"))
                        .connect("t", "a")
                        .connect("a", "b")
                        .build();
                FlowExecution run = engine.executeFromTrigger(flow, "t", null);
                stage.complete("once");

                ExecutionResult result = Runs.ended(run);
                assertThat(result.status()).isEqualTo(ExecutionStatus.COMPLETED);
                assertThat(result.output("b", String.class)).isEqualTo("once>b");
                assertThat(result.executionPath()).containsExactly("t", "a", "b");
            }
        }
    }

    @WithThreads
    @DisplayName("S8 a stage that completes after its engine was closed changes nothing")
    void a_result_after_the_close_is_dropped(int threads) {
        CompletableFuture<Object> stage = new CompletableFuture<>();
        Flow flow = Flow.definition("late")
                .trigger("t")
                .add(Nodes.async("a", stage))
                .add(Nodes.tracing("b"))
                .connect("t", "a")
                .connect("a", "b")
                .build();
        FlowEngine engine = Engines.withThreads(threads);
        FlowExecution run = engine.executeFromTrigger(flow, "t", null);
        Runs.awaitNode(run, "a", NodeStatus.RUNNING);
        engine.close(Duration.ZERO);

        Map<String, String> atTheEnd = Runs.states(Runs.ended(run));
        stage.complete("too late");

        assertThat(atTheEnd).isEqualTo(Map.of("t", "COMPLETED", "a", "CANCELLED", "b", "CANCELLED"));
        assertThat(Runs.states(run.snapshot())).isEqualTo(atTheEnd);
        assertThat(run.status()).isEqualTo(ExecutionStatus.CANCELLED);
    }

    @WithThreads
    @DisplayName("S8 every node of a run settles exactly once, and tells so exactly once")
    void every_node_tells_of_its_settlement_once(int threads) {
        FlowDefinition definition = Flow.definition("layers").trigger("t").add(Nodes.collecting("end"));
        for (int i = 0; i < 30; i++) {
            definition
                    .add(i % 3 == 0 ? Nodes.failing("a" + i) : Nodes.tracing("a" + i))
                    .connect("t", "a" + i);
            definition
                    .add(i % 2 == 0 ? Nodes.silent("b" + i) : Nodes.passing("b" + i))
                    .connect("a" + i, "b" + i);
            definition.add(Nodes.tracing("c" + i)).connect("b" + i, "c" + i).connect("c" + i, "end");
        }
        Flow flow = definition.build();
        Recorder recorder = new Recorder();
        try (FlowEngine engine =
                recorder.listeningTo(Engines.builder().workers(threads).bodyThreads(threads))) {
            for (int i = 0; i < 30; i++) {
                ExecutionResult result = Runs.ended(engine.executeFromTrigger(flow, "t", i));
                List<ExecutionEvent> events = recorder.eventsOf(result.executionId());

                Map<String, Long> settlements = events.stream()
                        .filter(NodeEvent.class::isInstance)
                        .map(NodeEvent.class::cast)
                        .filter(event -> !(event instanceof NodeStarted))
                        .collect(Collectors.groupingBy(NodeEvent::nodeId, Collectors.counting()));
                assertThat(settlements)
                        .hasSize(92)
                        .allSatisfy((node, count) -> assertThat(count).isEqualTo(1));
            }
        }
    }

    @Test
    @DisplayName("S8 a stage that is complete already settles its node like any other")
    void a_complete_stage_settles_its_node() {
        Flow flow = Flow.definition("ready")
                .trigger("t")
                .add(Nodes.async("a", CompletableFuture.completedFuture("ready")))
                .connect("t", "a")
                .build();
        try (FlowEngine engine = Engines.create()) {
            assertThat(Runs.ended(engine.executeFromTrigger(flow, "t", null)).output("a", String.class))
                    .isEqualTo("ready");
        }
    }
}
