package dev.flowengine.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.testing.Engines;
import dev.flowengine.testing.WithThreads;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;

class IndependentRunsTest {
    private final FlowBuilder f = Flow.builder("parcels");
    private final TriggerRef<String> placed = f.trigger("placed", String.class);
    private final TriggerRef<String> resent = f.trigger("resent", String.class);
    private final NodeRef<String> either = f.merge("either", placed, f.node("again", resent, text -> text + "*"));
    private final NodeRef<String> left =
            f.node("left", either, text -> text + "L").cpuBound();
    private final NodeRef<String> right = f.contextNode(
            "right", either, (text, context) -> text + "R" + context.execution().executionId());
    private final NodeRef<String> both = f.node("both", left, right, (a, b) -> a + b);
    private final Flow flow = f.build();

    @WithThreads
    @DisplayName("S6 200 runs of one flow at once, from two triggers, keep their data apart")
    void runs_at_once_keep_their_data_apart(int threads) {
        try (FlowEngine engine = Engines.withThreads(threads)) {
            List<FlowExecution> runs = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                runs.add(engine.executeFromTrigger(flow, i % 2 == 0 ? placed : resent, "order" + i));
            }
            Set<String> ids = new HashSet<>();
            for (int i = 0; i < 200; i++) {
                ExecutionResult result = Runs.ended(runs.get(i));
                String text = "order" + i + (i % 2 == 0 ? "" : "*");
                assertThat(result.output(both)).isEqualTo(text + "L" + text + "R" + result.executionId());
                assertThat(result.snapshot().nodes()).hasSize(i % 2 == 0 ? 5 : 6);
                assertThat(ids.add(result.executionId())).isTrue();
            }
        }
    }

    @WithThreads
    @DisplayName("S6 a run that waits holds up no other run of its flow")
    void a_run_that_waits_holds_up_no_other(int threads) {
        CountDownLatch entered = new CountDownLatch(1);
        CompletableFuture<String> answer = new CompletableFuture<>();
        FlowBuilder waiting = Flow.builder("waiting");
        TriggerRef<Boolean> start = waiting.trigger("start", Boolean.class);
        NodeRef<String> ask = waiting.asyncNode("ask", start, wait -> {
            entered.countDown();
            return wait ? answer : CompletableFuture.completedFuture("at once");
        });
        Flow asking = waiting.build();
        try (FlowEngine engine = Engines.withThreads(threads)) {
            FlowExecution first = engine.executeFromTrigger(asking, start, true);
            Runs.awaitOpen(entered);

            assertThat(Runs.ended(engine.executeFromTrigger(asking, start, false))
                            .output(ask))
                    .isEqualTo("at once");
            assertThat(first.snapshot().node("ask").orElseThrow().status()).isEqualTo(NodeStatus.RUNNING);
            answer.complete("later");
            assertThat(Runs.ended(first).output(ask)).isEqualTo("later");
            assertThat(first.status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
    }
}
