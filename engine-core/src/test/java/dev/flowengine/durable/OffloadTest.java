package dev.flowengine.durable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flowengine.FlowEngine;
import dev.flowengine.FlowEngineBuilder;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.execution.NodeState;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.SignalRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.persistence.ExecutionStore;
import dev.flowengine.persistence.Ownership;
import dev.flowengine.persistence.Standing;
import dev.flowengine.persistence.tck.InMemoryExecutionStore;
import dev.flowengine.testing.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("S35 S43 executions that only wait are let go of, and taken up again when there is something to do")
@Timeout(120)
class OffloadTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration IDLE = Duration.ofSeconds(10);
    /** No lease ends by the virtual time that goes by here. */
    private static final Duration LEASE = Duration.ofDays(3_000);

    private final VirtualTime time = new VirtualTime();
    private final InMemoryExecutionStore memory = new InMemoryExecutionStore(100_000, 256L << 20, time::instant);
    private final AtomicInteger bodies = new AtomicInteger();

    @Test
    @DisplayName("one that waits for a time is nobody's until that comes, and ends then; nothing is done twice")
    void waits_for_a_time() throws Exception {
        try (FlowEngine engine = engine(memory)) {
            FlowExecution run = engine.executeFromTrigger(waiting(), "t", 4);
            awaitStatus(run, ExecutionStatus.WAITING);
            Instant until = until(run);
            awaitLetGo(engine);

            assertThat(owner(run).standing())
                    .isInstanceOfSatisfying(
                            Standing.Due.class, due -> assertThat(due.at()).isBetween(until.minusSeconds(1), until));
            assertThat(run.status()).isEqualTo(ExecutionStatus.WAITING);
            assertThat(node(run, "wait").status()).isEqualTo(NodeStatus.WAITING);
            assertThat(until(run)).isEqualTo(until);
            assertThat(run.progress().settled()).isEqualTo(2);
            assertThat(run.explain("wait")).contains(until.toString());
            assertThat(engine.find(run.id()).orElseThrow().status()).isEqualTo(ExecutionStatus.WAITING);

            time.advance(Duration.between(time.instant(), until));
            ExecutionResult end = end(run);
            assertThat(end.status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(end.output("after", Integer.class)).isEqualTo(6);
            assertThat(run.status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(bodies).hasValue(2);
        }
    }

    @Test
    @DisplayName("one that waits for a signal is nobody's until that comes, and goes on at once then")
    void waits_for_a_signal() throws Exception {
        try (FlowEngine engine = engine(memory)) {
            FlowExecution run = engine.executeFromTrigger(asking(), "t", 4);
            awaitLetGo(engine);
            assertThat(owner(run).standing()).isInstanceOf(Standing.Dormant.class);
            engine.signal(run.id(), "answer", "yes");
            assertThat(end(run).output("after", String.class)).isEqualTo("4yes");
        }
    }

    private Flow waiting() {
        FlowBuilder f = Flow.builder("waiting");
        TriggerRef<Integer> t = f.trigger("t", Integer.class);
        NodeRef<Integer> first =
                f.node("first", t, n -> n + bodies.incrementAndGet()).returns(Integer.class);
        NodeRef<Integer> waited = f.waitFor("wait", first, Duration.ofHours(3));
        f.node("after", waited, n -> n - 1 + bodies.incrementAndGet()).returns(Integer.class);
        return f.build();
    }

    private static Flow asking() {
        FlowBuilder f = Flow.builder("asking");
        TriggerRef<Integer> t = f.trigger("t", Integer.class);
        SignalRef<Integer, String> answer = f.waitForSignal("answer", t, String.class);
        f.node("after", t, answer, (n, text) -> n + text).returns(String.class);
        return f.build();
    }

    private FlowEngine engine(ExecutionStore store) {
        return builder(store).build();
    }

    private FlowEngineBuilder builder(ExecutionStore store) {
        return time.in(Durable.builder(store).lease(LEASE)).offloadAfter(IDLE);
    }

    private void awaitLetGo(FlowEngine engine) {
        await().atMost(PATIENCE).until(() -> {
            time.advance(IDLE.dividedBy(2));
            return engine.health().executions() == 0;
        });
    }

    private Ownership owner(FlowExecution run) {
        return memory.find(run.id()).orElseThrow().ownership();
    }

    private static Instant until(FlowExecution run) {
        return node(run, "wait").waitsFor().orElseThrow().until().orElseThrow();
    }

    private static NodeState node(FlowExecution run, String node) {
        return run.snapshot().node(node).orElseThrow();
    }

    private static void awaitStatus(FlowExecution run, ExecutionStatus status) {
        await().atMost(PATIENCE).until(run::status, status::equals);
    }

    private static ExecutionResult end(FlowExecution run) throws InterruptedException {
        return run.await(PATIENCE)
                .orElseThrow(() -> new AssertionError(run.snapshot().nodes()));
    }
}
