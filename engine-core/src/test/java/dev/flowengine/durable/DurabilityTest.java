package dev.flowengine.durable;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.Durability;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.extension.TimeSource;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.node.NodeContext;
import dev.flowengine.persistence.NodeRecord;
import dev.flowengine.persistence.RunImage;
import dev.flowengine.persistence.StepRecord;
import dev.flowengine.persistence.tck.FaultyExecutionStore;
import dev.flowengine.persistence.tck.Hold;
import dev.flowengine.persistence.tck.InMemoryExecutionStore;
import dev.flowengine.persistence.tck.StoreCall;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("S41 under Durability.ASYNC a node may start while what made it ready is being written")
@Timeout(120)
class DurabilityTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** The first writes of an execution: it is created, the first node has completed, a step is recorded, the second node has completed. */
    private static final int FIRST_COMPLETED = 2;

    private static final int ENDED = 5;

    private final InMemoryExecutionStore memory = new InMemoryExecutionStore();
    private final FaultyExecutionStore store =
            FaultyExecutionStore.of(memory).counting(Set.of(StoreCall.CREATE, StoreCall.APPLY));
    /** What the store knew of the node before, when a body or a step of it began. */
    private final Map<String, NodeStatus> known = new ConcurrentHashMap<>();

    private final CountDownLatch secondBegun = new CountDownLatch(1);

    @Test
    @DisplayName("its body runs meanwhile, and nobody is shown what is not written")
    void runs_meanwhile() throws Exception {
        Hold write = store.holdBefore(FIRST_COMPLETED);
        try (FlowEngine engine = engine(Durability.ASYNC)) {
            FlowExecution run = engine.executeFromTrigger(flow(second -> second), "t", 1);
            write.awaitReached();
            assertThat(secondBegun.await(30, TimeUnit.SECONDS)).isTrue();

            assertThat(known).containsEntry("second", NodeStatus.QUEUED);
            assertThat(run.snapshot().node("first").orElseThrow().status().isSettled())
                    .isFalse();
            assertThat(run.snapshot().node("second").orElseThrow().status()).isEqualTo(NodeStatus.IDLE);
            assertThat(run.progress().settled()).isEqualTo(1);
            write.release();

            assertThat(run.await(PATIENCE).orElseThrow().output("third", Integer.class))
                    .isEqualTo(4);
            assertThat(run.snapshot().executionPath()).containsExactly("t", "first", "second", "third");
            assertThat(rows(run.id())).extracting(NodeRecord::status).containsOnly(NodeStatus.COMPLETED);
        }
    }

    @Test
    @DisplayName("under Durability.SYNC, and unless anything is said, it does not")
    void not_under_sync() throws Exception {
        try (FlowEngine engine = Durable.engine(store)) {
            assertThat(engine.executeFromTrigger(flow(second -> second), "t", 1)
                            .await()
                            .status())
                    .isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(known)
                    .containsEntry("second", NodeStatus.COMPLETED)
                    .containsEntry("third", NodeStatus.COMPLETED);
        }
    }

    @Test
    @DisplayName("a step of its body waits until the node's inputs are written")
    void a_step_waits() throws Exception {
        Hold write = store.holdBefore(FIRST_COMPLETED);
        try (FlowEngine engine = engine(Durability.ASYNC)) {
            FlowExecution run = engine.executeFromTrigger(flow(second -> second), "t", 1);
            write.awaitReached();
            assertThat(secondBegun.await(30, TimeUnit.SECONDS)).isTrue();
            write.release();
            assertThat(run.await(PATIENCE)).isPresent();

            assertThat(known).containsEntry("step of second", NodeStatus.COMPLETED);
            assertThat(memory.load(run.id()).map(RunImage::steps).orElseThrow())
                    .extracting(StepRecord::key)
                    .hasSize(1);
        }
    }

    @Test
    @DisplayName("S42 a node marked atMostOnce, or cpuBound, does not start before")
    void not_at_most_once() throws Exception {
        try (FlowEngine engine = engine(Durability.ASYNC)) {
            for (UnaryOperator<NodeRef<Integer>> mark :
                    List.<UnaryOperator<NodeRef<Integer>>>of(NodeRef::atMostOnce, NodeRef::cpuBound)) {
                known.clear();
                Hold write = store.holdBefore(FIRST_COMPLETED);
                FlowExecution run = engine.executeFromTrigger(flow(mark), "t", 1);
                write.awaitReached();
                write.release();
                assertThat(run.await(PATIENCE)).isPresent();
                assertThat(known).containsEntry("second", NodeStatus.COMPLETED);
            }
        }
    }

    @Test
    @DisplayName("S42 that a node marked atMostOnce starts is not written ahead of what made it ready")
    void starts_in_their_turn() throws Exception {
        try (FlowEngine engine = Durable.builder(memory)
                .durability(Durability.ASYNC)
                .timeSource(new HesitantClock())
                .build()) {
            FlowBuilder f = Flow.builder("once");
            NodeRef<Integer> last =
                    f.node("first", f.trigger("t", Integer.class), n -> n + 1).returns(Integer.class);
            for (int i = 0; i < 10; i++) {
                last = f.node("once" + i, last, n -> n + 1)
                        .returns(Integer.class)
                        .atMostOnce();
            }
            ExecutionResult end = engine.executeFromTrigger(f.build(), "t", 1).await();
            assertThat(end.status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
    }

    @Test
    @DisplayName("S32 nor does any node in a flow with loops, whichever write is slow")
    void not_with_loops() throws Exception {
        FlowBuilder f = Flow.builder("loops");
        TriggerRef<Integer> t = f.trigger("t", Integer.class);
        f.loopTimes("twice", t, 2, each -> {
            NodeRef<Integer> one = f.contextNode("one", each, (n, context) -> 1).returns(Integer.class);
            return f.contextNode("two", one, (n, context) -> {
                        boolean written = rows(context.execution().executionId()).stream()
                                .filter(row -> row.key().nodeId().equals("one"))
                                .allMatch(row -> row.status() == NodeStatus.COMPLETED);
                        known.put(context.idempotencyKey(), written ? NodeStatus.COMPLETED : NodeStatus.QUEUED);
                        return 2;
                    })
                    .returns(Integer.class);
        });
        Flow flow = f.build();
        try (FlowEngine engine = engine(Durability.ASYNC)) {
            for (int write = 2; write <= 5; write++) {
                known.clear();
                Hold held = store.holdBefore(write);
                FlowExecution run = engine.executeFromTrigger(flow, "t", 1);
                held.awaitReached();
                held.release();
                assertThat(run.await(PATIENCE).orElseThrow().status()).isEqualTo(ExecutionStatus.COMPLETED);
                assertThat(known.values()).hasSize(2).containsOnly(NodeStatus.COMPLETED);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("the end is told when it is written")
    void the_end_is_written(Durability durability) throws Exception {
        Hold write = store.holdBefore(ENDED);
        try (FlowEngine engine = engine(durability)) {
            FlowExecution run = engine.executeFromTrigger(flow(second -> second.cpuBound()), "t", 1);
            write.awaitReached();
            assertThat(run.status().isTerminal()).isFalse();
            assertThat(run.completion().toCompletableFuture()).isNotDone();
            write.release();
            assertThat(run.await(PATIENCE).orElseThrow().status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
    }

    @Test
    @DisplayName("R23 a result the store refuses fails the execution, although a node may have run ahead of it")
    void what_is_refused() throws Exception {
        InMemoryExecutionStore small = new InMemoryExecutionStore(10, 1 << 16, InstantSource.system());
        CountDownLatch open = new CountDownLatch(1);
        FlowBuilder f = Flow.builder("refused");
        TriggerRef<String> t = f.trigger("t", String.class);
        NodeRef<String> first = f.node("first", t, text -> text.repeat(1 << 17)).returns(String.class);
        f.node("second", first, text -> {
                    open.await();
                    return text.length();
                })
                .returns(Integer.class);
        try (FlowEngine engine =
                Durable.builder(small).durability(Durability.ASYNC).build()) {
            FlowExecution run = engine.executeFromTrigger(f.build(), "t", "x");
            ExecutionResult end = run.await(PATIENCE).orElseThrow();
            open.countDown();

            assertThat(end.status()).isEqualTo(ExecutionStatus.FAILED);
            assertThat(end.failure().orElseThrow().kind()).isEqualTo(FailureKind.LIMIT_EXCEEDED);
            assertThat(end.snapshot().node("second").orElseThrow().status()).isNotEqualTo(NodeStatus.COMPLETED);
        }
    }

    private FlowEngine engine(Durability durability) {
        return Durable.builder(store).durability(durability).build();
    }

    private Flow flow(UnaryOperator<NodeRef<Integer>> mark) {
        FlowBuilder f = Flow.builder("marked-" + System.identityHashCode(mark));
        TriggerRef<Integer> t = f.trigger("t", Integer.class);
        NodeRef<Integer> first = f.node("first", t, n -> n + 1).returns(Integer.class);
        NodeRef<Integer> second = mark.apply(f.contextNode("second", first, (n, context) -> {
                    note("second", "first", context);
                    secondBegun.countDown();
                    return context.step("noted", Integer.class, () -> {
                        note("step of second", "first", context);
                        return n + 1;
                    });
                })
                .returns(Integer.class));
        f.contextNode("third", second, (n, context) -> {
                    note("third", "second", context);
                    return n + 1;
                })
                .returns(Integer.class);
        return f.build();
    }

    private void note(String what, String before, NodeContext context) {
        rows(context.execution().executionId()).stream()
                .filter(row -> row.key().nodeId().equals(before))
                .forEach(row -> known.put(what, row.status()));
    }

    private List<NodeRecord> rows(String executionId) {
        return memory.load(executionId).orElseThrow().nodes();
    }

    /** Takes a while to tell the time, now this thread and now that one: whoever writes first is a matter of chance. */
    private static final class HesitantClock implements TimeSource {
        private final TimeSource system = TimeSource.system();

        @Override
        public Instant instant() {
            long until = system.nanoTime() + ThreadLocalRandom.current().nextLong(300_000);
            while (system.nanoTime() < until) {
                Thread.onSpinWait();
            }
            return system.instant();
        }

        @Override
        public long nanoTime() {
            return system.nanoTime();
        }
    }
}
