package dev.flowengine.durable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.ExecutionSummary;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.execution.HistoryQuery;
import dev.flowengine.execution.NodeState;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.RedrivePolicy;
import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.model.SkipReason;
import dev.flowengine.node.TypeRef;
import dev.flowengine.persistence.tck.InMemoryExecutionStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("S29 S45 what an engine sees of executions that ran, or run, on another one")
@Timeout(120)
class SeenFromElsewhereTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final InMemoryExecutionStore memory = new InMemoryExecutionStore();
    private final AtomicBoolean broken = new AtomicBoolean(true);

    @Test
    @DisplayName("S29 which executions were redriven as often as they may be, each once, newest first")
    void exhausted() throws Exception {
        Flow flow = flow(RedrivePolicy.upTo(2, Duration.ofNanos(1)));
        String older;
        String newer;
        try (FlowEngine engine = Durable.engine(memory)) {
            older = exhaust(engine, flow, 1);
            newer = exhaust(engine, flow, 2);
            broken.set(false);
            engine.executeFromTrigger(flow, "t", "x").await();
        }
        try (FlowEngine other = Durable.engine(memory)) {
            assertThat(other.exhausted()).as("whose policy is not known").isEmpty();
            other.register(flow);
            List<ExecutionSummary> exhausted = other.exhausted();
            assertThat(exhausted).extracting(ExecutionSummary::executionId).containsExactly(newer, older);
            assertThat(exhausted).allSatisfy(run -> {
                assertThat(run.status()).isEqualTo(ExecutionStatus.FAILED);
                assertThat(run.redriveOf()).isPresent();
            });
            ExecutionResult byHand = other.redrive(newer).start().await();
            assertThat(byHand.status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
    }

    @Test
    @DisplayName("S29 what the predicate refuses, or was redriven by hand, is not exhausted")
    void not_exhausted() throws Exception {
        Flow flow = flow(RedrivePolicy.upTo(1, Duration.ofHours(1)).when(failure -> false));
        try (FlowEngine engine = Durable.engine(memory);
                FlowEngine other = Durable.engine(memory)) {
            ExecutionResult first = engine.executeFromTrigger(flow, "t", "x").await();
            engine.redrive(first.executionId()).start().await();
            other.register(flow);
            assertThat(other.exhausted()).isEmpty();
        }
    }

    @Test
    @DisplayName("S20 that a node waits for its next attempt, which one, and how the last one failed")
    void retries() throws Exception {
        FlowBuilder f = Flow.builder("retrying");
        TriggerRef<String> t = f.trigger("t", String.class);
        f.node("work", t, this::work)
                .returns(String.class)
                .retry(RetryPolicy.fixed(Duration.ofHours(1)).maxAttempts(3));
        Flow flow = f.build();
        try (FlowEngine engine = Durable.engine(memory);
                FlowEngine other = Durable.engine(memory)) {
            FlowExecution run = engine.executeFromTrigger(flow, "t", "x");
            await().atMost(PATIENCE).until(run::status, ExecutionStatus.WAITING::equals);
            other.register(flow);
            NodeState here = run.snapshot().node("work").orElseThrow();
            NodeState there =
                    other.find(run.id()).orElseThrow().snapshot().node("work").orElseThrow();
            assertThat(there.status()).isEqualTo(NodeStatus.WAITING);
            assertThat(there.attempt()).isEqualTo(here.attempt()).isEqualTo(1);
            assertThat(there.failure().orElseThrow().message())
                    .isEqualTo(here.failure().orElseThrow().message())
                    .contains("planned");
            assertThat(other.find(run.id()).orElseThrow().snapshot().explain("work"))
                    .isEqualTo(run.snapshot().explain("work"));
        }
    }

    @Test
    @DisplayName("S45 of which flow and version they were, when nobody has that any more")
    void without_the_flow() throws Exception {
        broken.set(false);
        String id;
        try (FlowEngine engine = Durable.engine(memory)) {
            id = engine.executeFromTrigger(flow(RedrivePolicy.none()), "t", "x")
                    .await()
                    .executionId();
        }
        try (FlowEngine other = Durable.engine(memory)) {
            assertThat(other.history(HistoryQuery.all().flow("shaky")).executions())
                    .singleElement()
                    .satisfies(run -> {
                        assertThat(run.executionId()).isEqualTo(id);
                        assertThat(run.flowId()).isEqualTo("shaky");
                        assertThat(run.flowVersion()).isEqualTo("7");
                    });
        }
    }

    @Test
    @DisplayName("S13 S45 that bodies of loops and maps never ran, and because of which failure")
    void bodies_that_never_ran() throws Exception {
        TypeRef<List<Integer>> numbers = new TypeRef<>() {};
        FlowBuilder f = Flow.builder("unbegun");
        TriggerRef<List<Integer>> t = f.trigger("t", numbers);
        f.<List<Integer>, Integer, Integer>mapOver(
                "unopened",
                t,
                all -> {
                    throw new IllegalStateException("planned failure");
                },
                n -> f.node("in unopened", n.returns(Integer.class), v -> v).returns(Integer.class));
        NodeRef<List<Integer>> bad = f.<List<Integer>, List<Integer>>node("bad", t, all -> {
                    throw new IllegalStateException("planned failure");
                })
                .returns(numbers);
        f.map("map", bad, n -> f.node("in map", n, v -> v).returns(Integer.class));
        f.loop("loop", bad, n -> f.node("in loop", n, v -> v).returns(Integer.class));
        Flow flow = f.build();
        ExecutionResult end;
        try (FlowEngine engine = Durable.engine(memory)) {
            end = engine.executeFromTrigger(flow, "t", List.of(1)).await();
        }
        try (FlowEngine other = Durable.engine(memory)) {
            other.register(flow);
            ExecutionResult seen = other.find(end.executionId()).orElseThrow().await();
            for (String id : List.of("in unopened", "map", "in map", "loop", "in loop")) {
                NodeState state = seen.snapshot().node(id).orElseThrow();
                assertThat(state.skipReason()).as(id).contains(SkipReason.UPSTREAM_FAILED);
                assertThat(seen.snapshot().explain(id)).isEqualTo(end.snapshot().explain(id));
            }
        }
    }

    private String exhaust(FlowEngine engine, Flow flow, int before) throws Exception {
        engine.executeFromTrigger(flow, "t", "x").await();
        await().atMost(PATIENCE).until(() -> engine.exhausted().size() == before);
        return engine.exhausted().get(0).executionId();
    }

    private Flow flow(RedrivePolicy policy) {
        FlowBuilder f = Flow.builder("shaky").version("7").redrive(policy);
        TriggerRef<String> t = f.trigger("t", String.class);
        f.node("work", t, this::work).returns(String.class);
        return f.build();
    }

    private String work(String text) {
        if (broken.get()) {
            throw new IllegalStateException("planned failure");
        }
        return text;
    }
}
