package dev.flowengine.durable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.persistence.BatchAnswer;
import dev.flowengine.persistence.ExecutionStore;
import dev.flowengine.persistence.Rejection;
import dev.flowengine.persistence.RunBatch;
import dev.flowengine.persistence.RunQuery;
import dev.flowengine.persistence.Standing;
import dev.flowengine.persistence.tck.FaultyExecutionStore;
import dev.flowengine.persistence.tck.ForwardingExecutionStore;
import dev.flowengine.persistence.tck.InMemoryExecutionStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("S46 R23 what cannot be kept is refused, and the execution ends all the same")
@Timeout(60)
class RefusedTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final InMemoryExecutionStore memory = new InMemoryExecutionStore();

    @Test
    @DisplayName("a value the codec cannot write fails its node with SERIALIZATION")
    void unserializable() throws Exception {
        try (FlowEngine engine = Durable.engine(memory)) {
            ExecutionResult end =
                    engine.executeFromTrigger(flow(new Object()), "t", "x").await();

            assertThat(end.status()).isEqualTo(ExecutionStatus.FAILED);
            assertThat(end.failure().orElseThrow().kind()).isEqualTo(FailureKind.SERIALIZATION);
            assertThat(end.failure().orElseThrow()).hasMessageContaining("what node 'a' puts out at port 'main'");
        }
    }

    @Test
    @DisplayName("a value that is too large fails its node with LIMIT_EXCEEDED")
    void too_large() throws Exception {
        try (FlowEngine engine = Durable.builder(memory).payloadLimit(1_000).build()) {
            ExecutionResult end =
                    engine.executeFromTrigger(flow("x".repeat(1_001)), "t", "x").await();

            assertThat(end.failure().orElseThrow().kind()).isEqualTo(FailureKind.LIMIT_EXCEEDED);
            assertThatThrownBy(() -> engine.executeFromTrigger(flow("y"), "t", "x".repeat(1_001)))
                    .isInstanceOfSatisfying(
                            FlowException.class,
                            refused -> assertThat(refused.kind()).isEqualTo(FailureKind.LIMIT_EXCEEDED));
            assertThat(memory.query(RunQuery.all(9)).runs()).hasSize(1);
        }
    }

    @Test
    @DisplayName("a start that the store refuses is refused with its reason, and leaves nothing behind")
    void a_refused_start() {
        InMemoryExecutionStore small = new InMemoryExecutionStore(1, 1 << 20, InstantSource.system());
        CountDownLatch open = new CountDownLatch(1);
        try (FlowEngine engine = Durable.engine(small)) {
            engine.executeFromTrigger(flow("y", open), "t", "x");
            assertThatThrownBy(() -> engine.executeFromTrigger(flow("y", open), "t", "x"))
                    .isInstanceOfSatisfying(
                            FlowException.class,
                            refused -> assertThat(refused.kind()).isEqualTo(FailureKind.LIMIT_EXCEEDED))
                    .hasMessageContaining("the store refused to write");
            int going = engine.health().executions();
            open.countDown();
            assertThat(going).isEqualTo(1);
            assertThat(small.query(RunQuery.all(9)).runs()).hasSize(1);
        }
    }

    @Test
    @DisplayName("null is a value like any other, also after a crash")
    void nulls() throws Exception {
        FaultyExecutionStore store = FaultyExecutionStore.of(memory);
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch open = new CountDownLatch(1);
        FlowBuilder f = Flow.builder("nulls");
        TriggerRef<String> t = f.trigger("t", String.class);
        NodeRef<String> none = f.node("none", t, any -> (String) null).returns(String.class);
        f.node("after", none, any -> {
                    entered.countDown();
                    open.await();
                    return Optional.ofNullable(any).orElse("was null");
                })
                .returns(String.class);
        Flow flow = f.build();
        FlowEngine lost = Durable.engine(store);
        String id = lost.executeFromTrigger(flow, "t", null).id();
        entered.await();
        store.die();
        memory.advance(Durable.LEASE.multipliedBy(2));
        open.countDown();
        lost.close(Duration.ZERO);

        try (FlowEngine next = Durable.engine(memory)) {
            next.register(flow);
            assertThat(next.find(id).orElseThrow().await(PATIENCE).orElseThrow().output("after", String.class))
                    .isEqualTo("was null");
        }
    }

    @Test
    @DisplayName("a flow that does not say the types of what it puts out is refused when it is registered")
    void untyped() {
        FlowBuilder f = Flow.builder("untyped");
        TriggerRef<String> t = f.trigger("t", String.class);
        f.node("typed", t, any -> any).returns(String.class);
        f.node("guess", t, any -> any);
        Flow flow = f.build();
        try (FlowEngine engine = Durable.engine(memory)) {
            assertThatThrownBy(() -> engine.register(flow))
                    .isInstanceOfSatisfying(
                            FlowException.class,
                            refused -> assertThat(refused.affectedNodes()).containsExactly("guess"))
                    .hasMessageContaining("guess")
                    .hasMessageNotContaining("typed,");
            assertThatThrownBy(() -> engine.executeFromTrigger(flow, "t", "x")).isInstanceOf(FlowException.class);
        }
    }

    @Test
    @DisplayName("a store that is full ends the execution, which says why")
    void a_full_store() throws Exception {
        InMemoryExecutionStore small = new InMemoryExecutionStore(10, 60_000, InstantSource.system());
        try (FlowEngine engine = Durable.engine(small)) {
            ExecutionResult end = engine.executeFromTrigger(flow("x".repeat(70_000)), "t", "x")
                    .await(PATIENCE)
                    .orElseThrow();

            assertThat(end.status()).isEqualTo(ExecutionStatus.FAILED);
            assertThat(end.failure().orElseThrow().kind()).isEqualTo(FailureKind.LIMIT_EXCEEDED);
            assertThat(small.find(end.executionId()).orElseThrow().state().status())
                    .isEqualTo(ExecutionStatus.FAILED);
        }
    }

    @Test
    @DisplayName("an execution whose last write is refused has not completed, whoever looks")
    void the_last_write_is_refused() throws Exception {
        ExecutionStore picky = new ForwardingExecutionStore(memory) {
            @Override
            public List<BatchAnswer> apply(List<RunBatch> batches) {
                return batches.stream().map(this::judged).toList();
            }

            private BatchAnswer judged(RunBatch batch) {
                boolean large = batch.updated().stream()
                        .anyMatch(row -> row.key().nodeId().equals("b")
                                && !row.result().outputs().isEmpty());
                return large ? BatchAnswer.rejected(Rejection.Reason.TOO_LARGE, "too much of b") : memory.apply(batch);
            }
        };
        try (FlowEngine engine = Durable.engine(picky);
                FlowEngine other = Durable.engine(memory)) {
            FlowExecution run = engine.executeFromTrigger(flow("y"), "t", "x");
            ExecutionResult end = run.await(PATIENCE).orElseThrow();
            other.register(flow("y"));
            ExecutionResult read = other.find(run.id()).orElseThrow().await();

            for (ExecutionResult each : List.of(end, read)) {
                assertThat(each.status()).isEqualTo(ExecutionStatus.FAILED);
                assertThat(each.failure().orElseThrow().kind()).isEqualTo(FailureKind.LIMIT_EXCEEDED);
                assertThat(each.failure().orElseThrow()).hasMessageContaining("too much of b");
                assertThat(each.output("a", String.class)).isEqualTo("y");
            }
            assertThat(read.snapshot().node("b").orElseThrow().status()).isEqualTo(NodeStatus.FAILED);
        }
    }

    @Test
    @DisplayName("R6 an execution that nobody survives is parked with the reason, until somebody resumes it")
    void parked() throws Exception {
        CountDownLatch open = new CountDownLatch(1);
        Flow flow = flow("fine", open);
        String id = "";
        for (int loss = 0; loss <= 2; loss++) {
            FaultyExecutionStore store = FaultyExecutionStore.of(memory);
            FlowEngine lost = Durable.builder(store).maxTakeOvers(2).build();
            id = loss == 0 ? lost.executeFromTrigger(flow, "t", "x").id() : id;
            lost.register(flow);
            int epoch = loss + 1;
            String run = id;
            await().atMost(PATIENCE)
                    .until(() -> memory.find(run).orElseThrow().ownership().epoch() == epoch);
            store.die();
            memory.advance(Durable.LEASE.multipliedBy(2));
            lost.close(Duration.ZERO);
        }
        try (FlowEngine last = Durable.builder(memory).maxTakeOvers(2).build()) {
            last.register(flow);
            FlowExecution run = last.find(id).orElseThrow();
            await().atMost(PATIENCE).until(() -> run.status() == ExecutionStatus.PARKED);
            assertThat(memory.find(run.id()).orElseThrow().ownership().standing())
                    .isInstanceOfSatisfying(
                            Standing.Dormant.class,
                            dormant -> assertThat(dormant.reason()).contains("taken over 3 times in a row"));
            open.countDown();

            run.resume();
            ExecutionResult end = run.await(PATIENCE).orElseThrow();
            assertThat(end.status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
    }

    @Test
    @DisplayName("S43 executions of flows nobody knows are told in health, and wait")
    void unknown_flows() throws Exception {
        CountDownLatch open = new CountDownLatch(1);
        FlowEngine first = Durable.engine(memory);
        String id = first.executeFromTrigger(flow("fine", open), "t", "x").id();
        first.close(Duration.ZERO);
        open.countDown();
        try (FlowEngine next = Durable.engine(memory)) {
            await().atMost(PATIENCE)
                    .until(() -> next.health().reasons().stream()
                            .anyMatch(reason -> reason.contains("flow 'refused'") && reason.contains("registered")));
            next.register(flow("fine", open));
            assertThat(next.find(id).orElseThrow().await(PATIENCE)).isPresent();
            await().atMost(PATIENCE).until(() -> next.health().reasons().isEmpty());
        }
    }

    private static Flow flow(@Nullable Object result) {
        return flow(result, new CountDownLatch(0));
    }

    private static Flow flow(@Nullable Object result, CountDownLatch open) {
        FlowBuilder f = Flow.builder("refused");
        TriggerRef<String> t = f.trigger("t", String.class);
        NodeRef<Object> a = f.node("a", t, any -> {
                    open.await();
                    return result;
                })
                .returns(Object.class);
        f.node("b", a, any -> "b").returns(String.class);
        return f.build();
    }
}
